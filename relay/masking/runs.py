"""Runs of characters that are a text of their own: base64, hexadecimal, uuencode."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from relay.masking import transfer

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}(?:\s{1,4}[A-Za-z0-9+/_-]{20,}={0,2})*")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){8,}")
_UU = re.compile(r"(?m)^begin [0-7]{3,4} [^\n]{1,200}\n((?:[ -`]{1,62}\s{0,3}\n)+)")
_TO_STANDARD = str.maketrans("-_", "+/")
_SHORTEST_RUN = 12
_LONGEST_RUN = 1 << 16  # a longer run is a file, and files have their own readers


def runs(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, meaning) of each run that can be read as base64, hexadecimal or uuencode."""
    if max(map(len, text.split()), default=0) >= _SHORTEST_RUN:
        for found in _BASE64.finditer(text):
            for meaning in _base64(found[0]):
                yield found.start(), found.end(), meaning
    if "40" in text:  # an at sign in hexadecimal
        for found in _HEX.finditer(text):
            digits = re.sub(r"[ :]", "", found[0])[:_LONGEST_RUN]
            data = bytes.fromhex(digits[: len(digits) // 2 * 2])
            yield found.start(), found.end(), data.decode("latin-1")
    if "begin " in text:
        for found in _UU.finditer(text):
            data = transfer.uuencoded(found[1].encode("ascii", "replace"))
            yield found.start(), found.end(), data.decode("latin-1")


def _base64(run: str) -> Iterator[str]:
    """The readings of a run, from each of the places where a group of four can begin."""
    run = "".join(run.split()).rstrip("=").translate(_TO_STANDARD)[:_LONGEST_RUN]
    for offset in range(4):
        part = run[offset:]
        part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part
        data = base64.b64decode(part + "=" * (-len(part) % 4))
        text = data.replace(b"\0", b"").decode("latin-1")
        if "@" in text or "%40" in text or "&" in text:
            yield text
