"""Near-duplicates: the same text sent to several people, with a name or a sentence changed.

A fingerprint holds samples of a text's shingles (min-hashes, Broder 1997): two texts share about as
many samples as they share shingles. One hash of each shingle serves for all samples: for sample
number j the winner is the hash that is nearest to a point of its own.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable

from screening.disguise import undisguised
from screening.folding import fold, tokens
from screening.quotes import parted

_SAMPLES = 32
_SHINGLE = 3  # words, or signs of Chinese, Japanese, Korean and Thai
_FEWEST = 12  # shingles; what is shorter is alike by chance
_ALIKE = 13  # samples of 32 in common, from which two texts are one
_READ = 6000  # letters that are looked at
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
_BITS = 32
_STEP = 2**_BITS // _SAMPLES
_POINTS = tuple(number * _STEP + _STEP // 2 for number in range(_SAMPLES))


def fingerprint(text: str, key: bytes, names: Iterable[str] = ()) -> tuple[int, ...]:
    """32 numbers below 2**32, or none for a text too short to tell.

    Nobody without the key learns anything of the text from them, or can tell whether a text that
    they know was among those kept. `names` are what a mailing fills in for each reader: the
    ambassador's names and topics.
    """
    words = _words(text, names)
    shingles = {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    if len(shingles) < _FEWEST:
        return ()
    hashes = sorted(
        int.from_bytes(hashlib.blake2b(one.encode(), digest_size=_BITS // 8, key=key).digest())
        for one in shingles
    )
    return tuple(_nearest(hashes, point) for point in _POINTS)


def bands(marks: tuple[int, ...]) -> tuple[int, ...]:
    """Sixteen numbers below 2**63 to find a fingerprint by, none for an empty one.

    Of two that share half of their samples 99 in 100 share one of these, of two that share two
    fifths 94; whether two that share one are `similar` is to be seen.
    """
    half = len(marks) // 2
    pairs = zip(range(half), marks[:half], marks[half:], strict=True)
    return tuple(_hashed(number, one, other) for number, one, other in pairs)


def similar(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two fingerprints are of texts that share two fifths of their shingles, or more."""
    if not one or len(one) != len(other):
        return False
    return sum(map(int.__eq__, one, other)) >= _ALIKE


def _nearest(hashes: list[int], point: int) -> int:
    """The hash that is nearest to the point, on either side."""
    place = bisect_left(hashes, point)
    around = hashes[max(0, place - 1) : place + 1]
    return min(around, key=lambda one: abs(one - point))


def _hashed(*numbers: int) -> int:
    plain = b"".join(number.to_bytes(4) for number in numbers)
    return int.from_bytes(hashlib.blake2b(plain, digest_size=8).digest()) >> 1


def _words(text: str, names: Iterable[str]) -> list[str]:
    masked = {word for name in names for word in tokens(fold(name))}
    parts = parted(undisguised(text[:_READ]).text)
    plain = fold(_ADDRESS.sub(" ", f"{parts.new}\n\n{parts.quoted}"))
    return [word for word in tokens(plain) if word not in masked and word not in ".?:¶"]
