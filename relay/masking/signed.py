"""S/MIME content that is wrapped in its signature (RFC 8551 section 3.5.2, RFC 5652), unwrapped."""

from __future__ import annotations

from relay.masking.armor import ENCRYPTED
from relay.masking.values import Unmaskable

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_OCTETS, _OCTETS_OF_PIECES, _EXPLICIT = 0x04, 0x24, 0xA0
_DEEPEST = 5  # pieces within pieces


def content(wrapped: bytes) -> bytes:
    """What was signed. Raises Unmaskable if it is encrypted, packed or damaged."""
    if _SIGNED not in wrapped[:40]:
        raise Unmaskable(ENCRYPTED)
    at = wrapped.find(_DATA, 0, 400)
    try:
        tag, start, end = _element(wrapped, at + len(_DATA))
        if at < 0 or tag != _EXPLICIT:
            raise Unmaskable(ENCRYPTED)
        return b"".join(_pieces(wrapped, start, end, 0))
    except (IndexError, ValueError) as error:
        raise Unmaskable(ENCRYPTED) from error


def _pieces(data: bytes, start: int, end: int, depth: int) -> list[bytes]:
    """The octet strings from start to end, of which BER allows many for one (X.690 8.7)."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    found: list[bytes] = []
    while start < end:
        tag, inner, stop = _element(data, start)
        if tag == _OCTETS:
            found.append(data[inner:stop])
        elif tag == _OCTETS_OF_PIECES:
            found += _pieces(data, inner, stop, depth + 1)
        elif tag == 0:  # the end of an indefinite length
            break
        start = stop
    return found


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, start of the content, its end); an indefinite length reaches to the end of the data."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:
        return tag, start, len(data)
    if length > 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    return tag, start, min(start + length, len(data))
