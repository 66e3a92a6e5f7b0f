"""One spelling for all: what is compared with phrases has no case, no accents and no variants."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

# Letters that do not decompose into a base letter and a mark.
_PLAIN = {
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": ""}
# Scripts without spaces are cut into single signs: Thai, Lao, kana, Han, Hangul.
SIGNS = (
    "\u0e00-\u0eff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
_LETTERS = (
    "a-z0-9\u00df-\u024f\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u05d0-\u05ea\u0620-\u06ff\u0750-\u077f"
    "\u0900-\u0963\u0966-\u0dff\u1000-\u109f\u10a0-\u10ff\u1200-\u139f\u1780-\u17ff\u1e00-\u1fff"
)
# A joiner stands inside Persian and Hindi words.
TOKEN = re.compile(
    rf"\d+(?:[.,:]\d+)*|[{SIGNS}]|[{_LETTERS}][{_LETTERS}\u200c\u200d]*|\n\s*\n|[.!?:。؟।…%€$£]"
)
# A question ends a sentence too, and is counted elsewhere.
_ENDS = dict.fromkeys("!。।…", ".") | {"؟": "?"}
_ASKING = frozenset("か吗呢嗎")  # what ends a question in Japanese and Chinese, with any mark


@cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    table |= dict.fromkeys(range(0x64B, 0x653)) | dict.fromkeys(range(0x591, 0x5C8)) | {0x93C: None}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)):
        base = "".join(
            c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c)
        )
        if base != chr(code):
            table[code] = base
    table |= {ord(letter): plain for letter, plain in (_PLAIN | _ARABIC).items()}
    pairs = (files("screening.phrases") / "traditional.txt").read_text("utf-8").replace("\n", "")
    table |= {ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)}
    return table


def fold(text: str) -> str:
    """The text without case, accents and variants of letters: to compare, never to show."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    table, lines = _table(), folded.split("\n")  # of most languages few lines have such letters
    return "\n".join([line if line.isascii() else line.translate(table) for line in lines])


def plain(text: str) -> str:
    """The text in NFKC; line by line, since a line that is so already costs next to nothing."""
    return "\n".join([unicodedata.normalize("NFKC", line) for line in text.split("\n")])


def tokens(folded: str) -> list[str]:
    """The words, signs of scripts without spaces, numbers and ends of a folded text.

    A sentence ends in "." or "?", a paragraph in "¶"; a line's end is none.
    """
    if not folded.isascii():
        folded = folded.replace("\u200c", "").replace("\u200d", "")
    found = TOKEN.findall(folded)
    words = ["¶" if token[0] == "\n" else _ENDS.get(token, token) for token in found]
    if folded.isascii():
        return words
    for place in range(1, len(words)):
        if words[place] in ".¶" and words[place - 1] in _ASKING:
            words[place] = "?"
    return words
