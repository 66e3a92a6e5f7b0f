"""Files of a kind that nobody knows: all one can do is look."""

from __future__ import annotations

from relay.masking.identity import Identity
from relay.masking.scrub import traces

_REASON = "it shows your address, in a format that cannot be changed"


def unknown(content: bytes, identity: Identity) -> bytes:
    """The same bytes, if none of their layers shows what is the author's alone."""
    traces.refuse_traces(content, identity, _REASON)
    return content
