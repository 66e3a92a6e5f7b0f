"""Web pages: masked as the body of a message is, with nothing left that is fetched or run."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from relay.masking import html, text
from relay.masking.cloak import Cloak
from relay.masking.ledger import Ledger
from relay.masking.scrub import traces, writing
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable
from relay.masking.values import Unmaskable

_CHARSET = re.compile(
    r"<meta\s[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE
)
_HEAD = re.compile(r"<head[^>]{0,1000}>", re.IGNORECASE)
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
_EARLY = 4096  # characters in which a page names its charset


def page(content: bytes, inside: Inside) -> bytes:
    """The page as its reader may see it, in the charset it had. Raises Unscrubbable."""
    found = writing.read(content)
    if found is None:
        raise Unscrubbable(DAMAGED)
    masked = shown(found.text, inside)
    if charset := _CHARSET.search(found.text[:_EARLY]):
        head = _HEAD.search(masked[:_EARLY])
        place = head.end() if head else 0
        masked = f'{masked[:place]}<meta charset="{charset[1]}">{masked[place:]}'
    cleaned = found.bytes(masked)
    traces.refuse_traces(cleaned, inside.identity)
    return cleaned


def shown(source: str, inside: Inside, pictures: Mapping[str, str] = MappingProxyType({})) -> str:
    """A page within a file; `pictures` gives the new Content-IDs. Raises Unscrubbable."""
    cloak = Cloak(inside.people.eyes)
    try:
        return html.masked(
            source, cloak, Ledger(), pictures, lambda link: picture(link, inside.scrub)
        )
    except Unmaskable as error:
        raise Unscrubbable(TOO_LARGE) from error


def written(words: str, inside: Inside) -> str:
    """A plain text of a message within a file. Raises Unscrubbable."""
    try:
        return text.masked(words, Cloak(inside.people.eyes), Ledger())
    except Unmaskable as error:
        raise Unscrubbable(TOO_LARGE) from error


def picture(link: str, clean: Callable[[bytes], bytes]) -> str:
    """A `data:` link with its picture cleaned; nothing where it is none. Raises Unscrubbable."""
    start = _DATA.match(link)
    if not start:
        return ""
    try:
        content = base64.b64decode(unquote(link[start.end() :]))
    except ValueError as error:
        raise Unscrubbable(DAMAGED) from error
    return start[0] + base64.b64encode(clean(content)).decode("ascii")
