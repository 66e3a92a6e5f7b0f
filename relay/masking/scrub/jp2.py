"""JPEG 2000 and JPEG XL pictures without what is written beside them (ITU T.800)."""

from __future__ import annotations

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.boxes import boxes

_KEPT = frozenset((b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"JXL ", b"jxlc", b"jxlp", b"jxll"))
BARE = b"\xff\x4f\xff\x51"  # coded picture data without boxes


def jp2(content: bytes, identity: Identity) -> bytes:
    """The picture with every pixel and its colours."""
    if not content.startswith(BARE):
        kept = [box for box in boxes(content, 0, len(content)) if box.kind in _KEPT]
        content = b"".join(content[box.start : box.end] for box in kept)
    traces.refuse_traces(content, identity)
    return content
