"""Text files of any sort: notes, tables, logs, settings, source code, web pages."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from relay.masking import views
from relay.masking.scrub import traces, writing
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_CODED = "it shows your address in a coded form"
_MOST_DECODED = 1 << 20  # characters of a text whose codings are undone and written anew

Edit = tuple[int, int, str]


def plain(content: bytes, inside: Inside) -> bytes:
    """The text with what its reader may see in the place of what is the author's alone.

    That is addresses, machines, IPs and Message-IDs, also behind percent signs, entities and
    escapes. Charset and every other byte are kept. Raises Unscrubbable where something stands in a
    coding that cannot be written anew, such as base64.
    """
    cleaned = _cleaned(content, inside)
    traces.refuse_traces(cleaned, inside.identity, _CODED)
    return cleaned


def _cleaned(content: bytes, inside: Inside) -> bytes:
    found = writing.read(content)
    if found is None:
        raise Unscrubbable(DAMAGED)
    text = replaced(found.text, inside)
    return content if text == found.text else found.bytes(text)


def replaced(text: str, inside: Inside) -> str:
    """A text that may be changed, as its reader may see it."""
    parts, place = [], 0
    for start, end, instead in sorted(_edits(text, inside)):
        if start >= place:
            parts += [text[place:start], instead]
            place = end
    return "".join(parts) + text[place:]


def _edits(text: str, inside: Inside) -> Iterator[Edit]:
    if len(text) > _MOST_DECODED:
        for span in traces.own(text, inside.identity):
            yield span.start, span.end, inside.people.instead(span)
        return
    for reading in views.readings(text):
        for span in traces.own(reading.text, inside.identity):
            shown = inside.people.instead(span)
            shown = quote(shown, safe="@.-_") if reading.name == "percent" else shown
            yield *reading.origin(span.start, span.end), shown
