"""Encoded words of header fields (RFC 2047), read and written, with no trust in either."""

from __future__ import annotations

import base64
import binascii
import re

from relay.masking import charsets

_WORD = re.compile(r"=\?([\w.:*-]{1,60})\?([bBqQ])\?([^?\s]{0,8000}|[^?\n]{0,400})\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]{1,200}(?==\?)")
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
