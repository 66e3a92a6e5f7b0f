"""Encoded words of header fields (RFC 2047), read and written, with no trust in either."""

from __future__ import annotations

import base64
import binascii
import re

from relay.masking import charsets

_WORD = re.compile(r"=\?([\w.:*-]{1,60})\?([bBqQ])\?([^?\s]{0,8000}|[^?\n]{0,400})\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]{1,200}(?==\?[\w.:*-]{1,60}\?[bBqQ]\?)")
_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})")


def decoded(text: str) -> str:
    """Every encoded word in a text as what it says; what cannot be read stays as it is."""
    if "=?" not in text:
        return text
    return _WORD.sub(_read, _BETWEEN.sub(r"\1", text))


def _read(word: re.Match[str]) -> str:
    charset, kind, body = word.groups()
    raw = body.encode("utf-8", "replace")
    if kind in "qQ":
        data = _QUOTED.sub(lambda code: bytes((int(code[1], 16),)), raw.replace(b"_", b" "))
    else:
        try:
            data = base64.b64decode(raw + b"=" * (-len(raw) % 4))
        except binascii.Error:
            return word[0]
    return charsets.decode(data, charset.partition("*")[0])


_LINE = 76
_WORD_OCTETS = 42  # 56 characters of base64, and 12 around them


def encoded(text: str, used: int = 0, *, always: bool = False) -> str:
    """A cleaned text as the value of a field: plain if it can be, folded, `used` columns in."""
    if not always and text.isascii() and "=?" not in text:
        return _folded(text.split(" "), used)
    pieces, piece = [], b""
    for char in text:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > _WORD_OCTETS:
            pieces.append(piece)
            piece = b""
        piece += octets
    pieces.append(piece)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(one).decode()}?=" for one in pieces)


def _folded(tokens: list[str], used: int) -> str:
    """Words on lines of 76 characters, or of 900 where one word is longer."""
    lines, line = [], ""
    for token in (part for one in tokens for part in _chopped(one)):
        if line and used + len(line) + 1 + len(token) > _LINE:
            lines.append(line)
            line, used = token, 1
        else:
            line = f"{line} {token}" if line else token
    return "\r\n ".join([*lines, line])


def _chopped(token: str) -> list[str]:
    return [token[start : start + 900] for start in range(0, len(token), 900)] or [token]
