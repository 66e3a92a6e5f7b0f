"""Near-duplicates: the same text sent to several people, with a name or a sentence changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from screening.folding import fold, tokens

_HASHES = 32  # values of a fingerprint
_SHINGLE = 3  # words, or signs of Chinese, Japanese, Korean and Thai
_FEWEST = 12  # shingles; what is shorter is alike by chance
_ALIKE = 0.5  # share of equal values from which two texts are one
_READ = 6000  # letters that are looked at
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
_MASK = 2**32 - 1


def fingerprint(text: str, key: bytes, names: Iterable[str] = ()) -> tuple[int, ...]:
    """32 numbers below 2**32 (min-hashes of its shingles), or none for a text too short to tell.

    Nobody without the key learns anything of the text from them, or can tell whether a text that
    they know was among those kept. `names` are what a mailing fills in for each reader: the
    ambassador's names and topics.
    """
    words = _words(text, names)
    shingles = {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    if len(shingles) < _FEWEST:
        return ()
    hashes = [
        int.from_bytes(hashlib.blake2b(one.encode(), digest_size=8, key=key).digest(), "big")
        for one in shingles
    ]
    return tuple(
        min((multiplier * value + addend) % _PRIME for value in hashes) & _MASK
        for multiplier, addend in _permutations(key)
    )


def similar(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two fingerprints are of texts that share about half of their shingles, or more."""
    if not one or len(one) != len(other):
        return False
    return sum(map(int.__eq__, one, other)) >= _ALIKE * len(one)


_PRIME = 2**61 - 1


def _permutations(key: bytes) -> list[tuple[int, int]]:
    stream = hashlib.shake_256(key + b"permutations").digest(16 * _HASHES)
    return [
        (
            int.from_bytes(stream[at : at + 8], "big") % _PRIME | 1,
            int.from_bytes(stream[at + 8 : at + 16], "big") % _PRIME,
        )
        for at in range(0, 16 * _HASHES, 16)
    ]


def _words(text: str, names: Iterable[str]) -> list[str]:
    masked = {word for name in names for word in tokens(fold(name))}
    plain = fold(_ADDRESS.sub(" ", text[:_READ]))
    return [word for word in tokens(plain) if word not in masked and word not in ".?:¶"]
