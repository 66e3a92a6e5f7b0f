"""Text files of any sort: notes, tables, logs, settings, source code, web pages."""

from __future__ import annotations

from relay.masking.identity import Identity
from relay.masking.scrub import traces, writing
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_CODED = "it shows your address in a coded form"
_GONE = {"address": "[address removed]"}


def plain(content: bytes, identity: Identity) -> bytes:
    """The text without the author's addresses, machines, IPs and Message-IDs, in the same charset.

    Every other byte is kept. What stands there in a coding (base64 and the like) cannot be replaced
    without knowing the format, and makes the file unscrubbable.
    """
    found = writing.read(content)
    if found is None:
        raise Unscrubbable(DAMAGED)
    text = replaced(found.text, identity)
    cleaned = content if text == found.text else found.bytes(text)
    traces.refuse_traces(cleaned, identity, _CODED)
    return cleaned


def replaced(text: str, identity: Identity) -> str:
    """The text with a note where it showed what is the author's alone."""
    kept, place = [], 0
    for span in traces.own(text, identity):
        kept += [text[place : span.start], _GONE.get(span.kind, "[removed]")]
        place = span.end
    return "".join(kept) + text[place:]
