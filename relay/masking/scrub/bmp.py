"""Windows bitmaps: hardly anything but pixels."""

from __future__ import annotations

import struct

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_WITH_PROFILE = 124  # octets of the header that may refer to a colour profile
_LINKED = b"KNIL"  # the profile is a file name on the author's disk


def bmp(content: bytes, identity: Identity) -> bytes:
    """The picture as it is, without what follows it."""
    if len(content) < 26:
        raise Unscrubbable(DAMAGED)
    size, header = struct.unpack_from("<I8xI", content, 2)
    if header >= _WITH_PROFILE and content[14 + 56 : 14 + 60] == _LINKED:
        raise Unscrubbable("it names a file on your disk")
    cleaned = content[:size] if size > 26 else content
    traces.refuse_traces(cleaned, identity)
    return cleaned
