"""Text files: their charset, found from the bytes and kept when the text is changed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\b\x1b\x1a")
_SHIFTED = re.compile(rb"\x1b[$(]")  # ISO 2022 changes alphabets so
_SAMPLE = 4096


@dataclass(frozen=True, slots=True)
class Writing:
    """A text and how it was written. `mark` is the byte order mark."""

    text: str
    codec: str
    mark: bytes = b""

    def bytes(self, text: str) -> bytes:
        """Another text, written the same way."""
        return self.mark + text.encode(self.codec, _lenient(self.codec))


def is_text(content: bytes) -> bool:
    """Whether the bytes are those of a text in a charset of narrow characters."""
    return content.translate(None, _CONTROL) == content


def read(content: bytes) -> Writing | None:
    """The content as text, or None if it is none or cannot be written back as it was."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _as(content[len(mark) :], codec, mark)
    if b"\0" in content:
        wide = _wide(content[:_SAMPLE])
        return _as(content, wide) if wide else None
    if not is_text(content):
        return None
    if _SHIFTED.search(content) and (found := _as(content, "iso2022_jp_ext")):
        return found
    return _as(content, "utf-8") or _as(content, "latin-1")


def _as(content: bytes, codec: str, mark: bytes = b"") -> Writing | None:
    try:
        found = Writing(content.decode(codec, _lenient(codec)), codec, mark)
    except UnicodeDecodeError:
        return None
    return found if found.bytes(found.text) == mark + content else None


def _lenient(codec: str) -> str:
    return "surrogatepass" if codec.startswith(("utf-16", "utf-32")) else "strict"


def _wide(sample: bytes) -> str:
    """The codec of text whose characters have two or four bytes each, as NULs between them show."""
    for width, codec in ((4, "utf-32"), (2, "utf-16")):
        share = len(sample) // width
        empty = [sample[offset::width].count(0) for offset in range(width)]
        if share and min(empty[:-1]) > 0.7 * share > empty[-1]:
            return f"{codec}-be"
        if share and min(empty[1:]) > 0.7 * share > empty[0]:
            return f"{codec}-le"
    return ""
