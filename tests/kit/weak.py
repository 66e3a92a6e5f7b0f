"""RSA keys that are too short to prove anything, which no library makes any more."""

from __future__ import annotations

import base64
import functools
import hashlib
import random

_EXPONENT = 65537
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 section 9.2
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")  # RFC 8017 appendix A.1


class WeakKey:
    """Signs as RFC 8017 section 8.2.1 says."""

    def __init__(self, bits: int) -> None:
        chance = random.Random(bits)
        p, q = _prime(bits // 2, chance), _prime(bits // 2, chance)
        self._modulus, self._secret = p * q, pow(_EXPONENT, -1, (p - 1) * (q - 1))
        self._size = bits // 8

    def sign(self, content: bytes, padding: object, algorithm: object) -> bytes:
        digest = _SHA256 + hashlib.sha256(content).digest()
        block = b"\0\1" + b"\xff" * (self._size - len(digest) - 3) + b"\0" + digest
        made = pow(int.from_bytes(block, "big"), self._secret, self._modulus)
        return made.to_bytes(self._size, "big")

    def record(self) -> str:
        """The TXT record of the key."""
        numbers = b"".join(_der(2, _number(one)) for one in (self._modulus, _EXPONENT))
        public = _der(0x30, _RSA + _der(3, b"\0" + _der(0x30, numbers)))
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@functools.cache
def weak_key(bits: int) -> WeakKey:
    return WeakKey(bits)


def _number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x81" + bytes([size])
    return bytes([tag]) + length + content


def _prime(bits: int, chance: random.Random) -> int:
    """A number that Fermat's test takes for a prime with five bases; its top two bits are set."""
    while True:
        found = chance.getrandbits(bits) | 3 << (bits - 2) | 1
        if all(pow(base, found - 1, found) == 1 for base in (2, 3, 5, 7, 11)):
            return found
