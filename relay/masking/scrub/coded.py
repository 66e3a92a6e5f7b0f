"""What a text says once its codings are undone: entities, percent signs, escapes, soft breaks."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from html.entities import html5

_ROUNDS = 3  # codings within codings
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,10}));?")
_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})"
    r"|([0-9a-fA-F]{2,6})\s?)"
)
_TAG = re.compile(r"<[^<>]*>")
_SOFT = re.compile(r"=(?:[0-9A-F]{2}|\r?\n)")
_SEVEN_BITS = re.compile(r"\+[A-Za-z0-9/]{3,400}")


def readings(text: str) -> Iterator[str]:
    """The text, and what it says after decoding, where that differs. Linear in the text."""
    yield text
    if _SOFT.search(text):
        yield binascii.a2b_qp(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    if _SEVEN_BITS.search(text):
        yield text.encode("ascii", "ignore").decode("utf-7", "ignore")
    yield from _without_tags(text)
    for _ in range(_ROUNDS):
        before = text
        for mark, decode in (("&", entities), ("%", percent), ("\\", _unescaped)):
            decoded = decode(text) if mark in text else text
            if decoded != text:
                text = decoded
                yield text
        if text == before:
            return
        yield from _without_tags(text)


def _without_tags(text: str) -> Iterator[str]:
    if "<" in text and (bare := _TAG.sub("", text)) != text:
        yield bare


def percent(text: str) -> str:
    """The characters that percent signs stand for, decoded as if they were quoted-printable."""
    octets = text.encode("utf-8", "replace").replace(b"=", b"=3D").replace(b"%", b"=")
    return binascii.a2b_qp(octets).decode("utf-8", "replace")


def entities(text: str) -> str:
    """The characters that HTML's references stand for; those without a meaning stay."""
    return _ENTITY.sub(_referred, text)


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return html5.get(f"{name};", found[0])
    return character(int(decimal) if decimal else int(hexadecimal, 16))


def _unescaped(text: str) -> str:
    """Undoes the escapes of JSON, of programming languages and of style sheets."""
    return _ESCAPE.sub(lambda found: character(int(found[found.lastindex or 1], 16)), text)


def character(code: int) -> str:
    """The character of a number, or nothing where there is none."""
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
