"""Bytes that claim a character set, and header words in code (RFC 2047), to clean text."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re

# Codecs that turn bytes into text and nothing else, in linear time. Python also knows `punycode`,
# `idna`, `unicode_escape` and `zlib_codec`; a sender must not be able to name one of those. The
# names are Python's own: to look them up would load each.
TEXT_CODECS = frozenset(
    (
        *("ascii", "utf-7", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
        *("utf-32", "utf-32-le", "utf-32-be", "koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154"),
        *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
        *(f"cp125{page}" for page in range(9)),
        *("cp437", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp862", "cp864"),
        *("cp866", "cp869", "cp874", "cp932", "cp949", "cp950", "gb2312", "gbk", "gb18030", "hz"),
        *("big5", "big5hkscs", "shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp"),
        *("euc_jis_2004", "euc_jisx0213", "euc_kr", "johab", "tis-620", "iso2022_jp"),
        *("iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext"),
        *("iso2022_kr", "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish"),
    )
)
# What mail programs mean by these is a superset of what they say.
_WIDER = {"ascii": "utf-8", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:()-]{0,39}")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?\r\n]*)\?=")
_GAP = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bqBQ]\?)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACE = re.compile("[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def codec(charset: str) -> str | None:
    """The name of Python's codec for that character set, or None if we decode no such thing."""
    name = charset.strip().strip("\"'").partition("*")[0]
    if not _NAME.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(found, found) if found in TEXT_CODECS else None


def decode(content: bytes, charset: str = "") -> str:
    """Text in that character set; in UTF-8 or Windows-1252 where it is unknown or a lie.

    Never raises, and never returns a surrogate.
    """
    named = codec(charset)
    for name in dict.fromkeys((named or "utf-8", "utf-8")):
        try:
            return _whole(content.decode(name))
        except UnicodeError:
            continue
    told = named is not None and charset.lower() not in ("us-ascii", "ascii")
    last = named if named and told else "cp1252"
    return _whole(content.decode(last, "replace"))


def _whole(text: str) -> str:
    """The text without halves of characters, which UTF-7 can name."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def clean(text: str) -> str:
    """On one line, without control and direction-changing characters."""
    if text.isprintable():  # which neither of those two kinds is
        return text.strip()
    return _CONTROL.sub("", _SPACE.sub(" ", text)).strip()


def unfolded(value: bytes) -> str:
    """A header field's value on one line (RFC 5322 section 2.2.3), encoded words still in code."""
    text = decode(value) if not value.isascii() else value.decode("ascii")
    return text.replace("\r\n", "").strip()


def words(text: str) -> str:
    """Text whose encoded words are decoded (RFC 2047) and whose control characters are gone."""
    if "=?" not in text:
        return clean(text)
    # Pieces of one character may stand in two words of one character set (a common fault),
    # so neighbours are joined as bytes before they are decoded.
    pieces: list[tuple[str, bytes]] = []
    end, text = 0, _GAP.sub("", text)
    for word in _WORD.finditer(text):
        if word.start() > end:
            pieces.append(("utf-8", text[end : word.start()].encode("utf-8", "replace")))
        charset, content = word[1].lower(), _content(word[2], word[3])
        if pieces and pieces[-1][0] == charset and word.start() == end:
            pieces[-1] = charset, pieces[-1][1] + content
        else:
            pieces.append((charset, content))
        end = word.end()
    pieces.append(("utf-8", text[end:].encode("utf-8", "replace")))
    return clean("".join(decode(content, charset) for charset, content in pieces))


def _content(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw
