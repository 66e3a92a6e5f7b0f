"""Bytes to text by the name of a charset, from a list: a label must not choose what code runs."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Codecs of text. Never idna, punycode or unicode_escape (slow, or no charset), nor transforms.
_NAMES = """
ascii big5 big5hkscs cp037 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869
cp874 cp932 cp949 cp950 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312 gbk hz iso2022_jp
iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr iso8859-1
iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 iso8859-2 iso8859-3 iso8859-4
iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 johab koi8-r koi8-t koi8-u kz1048 mac-cyrillic
mac-greek mac-iceland mac-latin2 mac-roman mac-turkish ptcp154 shift_jis shift_jis_2004
shift_jisx0213 tis-620 utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le utf-7 utf-8 utf-8-sig
"""
_TEXT = frozenset(_NAMES.split())
# What mail programs write, and what they mean by it.
_MEANT = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "shift_jis": "cp932", "iso-2022-jp": "iso2022_jp_ext", "iso-8859-8-i": "iso8859-8",
    "utf8": "utf-8", "unicode-1-1-utf-7": "utf-7", "x-sjis": "cp932", "x-unknown": "utf-8",
    "windows-874": "cp874", "x-gbk": "gb18030", "utf-8": "utf-8", "": "utf-8",
}  # fmt: skip
_UTF16_MARK = re.compile(rb"\xff\xfe|\xfe\xff")


@lru_cache(maxsize=256)
def codec(charset: str) -> str | None:
    """The codec for a charset's name, or None if it is no name of a charset that we know."""
    name = charset.strip().strip("'\"").lower()
    if name in _MEANT:
        return _MEANT[name]
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in _TEXT else None


def decode(data: bytes, charset: str) -> str:
    """The text; where the label is unknown or wrong, UTF-8 if it is that, else Windows-1252."""
    name = codec(charset)
    if name == "utf-16" and not _UTF16_MARK.match(data):
        name = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    for one in (name, "utf-8"):
        try:
            if one:
                return data.decode(one)
        except (UnicodeDecodeError, ValueError):
            continue
    if name and name not in ("utf-8", "cp1252"):
        return data.decode(name, "replace")
    return data.decode("cp1252", "replace")
