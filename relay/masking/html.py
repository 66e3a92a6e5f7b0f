"""HTML, edited in place: tags one by one, text line by line as a reader sees it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from relay.masking import text, tokens
from relay.masking.cloak import Cloak, replaced
from relay.masking.ledger import Ledger
from relay.masking.markup import HOLLOW, Tags
from relay.masking.page import Page, escaped
from relay.masking.tokens import Type
from relay.masking.values import Unmaskable
from relay.masking.views import Decoded

_MOST_TOKENS = 500_000


def masked(
    source: str,
    cloak: Cloak,
    ledger: Ledger,
    pictures: Mapping[str, str],
    picture: Callable[[str], str],
) -> str:
    """The page as the reader gets it. `pictures` and `picture` are as in Tags.

    Raises Unmaskable where the page is larger than any that a person writes.
    """
    found = list(islice(tokens.tokens(text.without_controls(source)), _MOST_TOKENS))
    if len(found) == _MOST_TOKENS:
        raise Unmaskable(text.TOO_LONG)
    tags = Tags(cloak, ledger, pictures, picture)
    tags.learn(found)
    page = Page(tags, ledger)
    hollow, depth = "", 0
    for token in found:
        if hollow:
            depth += (token.name == hollow) * ((token.type is Type.TAG) - (token.type is Type.END))
            hollow = hollow if depth else ""
        elif token.name in HOLLOW and token.type is Type.TAG:
            hollow, depth = token.name, 1
            ledger.remove(f"<{hollow}>", "programs in a page can tell who reads it")
        else:
            page.add(token)
    _edit(page, text.edits("".join(page.seen), cloak, ledger))
    return "".join(page.output)


def _edit(page: Page, edits: Iterable[text.Edit]) -> None:
    """Carries edits of the visible text over to the texts that it was read from."""
    starts = [one.start for one in page.texts]
    local: dict[int, list[text.Edit]] = {}
    decoded: dict[int, Decoded] = {}
    for start, end, instead in edits:
        first = max(0, bisect_right(starts, start) - 1)
        for number in range(first, len(page.texts)):
            one = page.texts[number]
            begin, stop = max(start - one.start, 0), min(end - one.start, len(one.shown))
            if one.start >= end:
                break
            if begin < stop:
                if number not in decoded:
                    decoded[number] = one.decoded()
                place = decoded[number].origin(begin, stop)
                local.setdefault(number, []).append((*place, escaped(instead)))
                instead = ""  # what is spread over several texts is replaced in the first
    for number, changes in local.items():
        one = page.texts[number]
        changed = replaced(one.source, _disjoint(changes))
        page.output[one.output] = changed.replace("<", "&lt;")


def _disjoint(changes: list[text.Edit]) -> list[text.Edit]:
    """An escape that holds two edited places is replaced once."""
    kept: list[text.Edit] = []
    for start, end, instead in changes:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), kept[-1][2] + instead)
        else:
            kept.append((start, end, instead))
    return kept
