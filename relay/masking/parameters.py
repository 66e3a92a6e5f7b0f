"""Parameters of MIME header fields (RFC 2045, 2231), read as leniently as mail programs do."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from relay.masking import charsets, words

_PIECE = re.compile(r"([^\s;=*]{1,80})(\*\d{1,3})?(\*)?\s{0,20}=\s{0,20}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_TOKEN = re.compile(r"[^;]*")
_MOST = 100  # parameters that are read; no program writes more than a few
_SAFE = re.compile(r"[A-Za-z0-9!#$&^_.{}~+-]+")


def parse(value: str) -> tuple[str, dict[str, str]]:
    """The main value without comments, and the decoded parameters; names are in lower case."""
    main, _, rest = value.partition(";")
    main = main.partition("(")[0].strip().lower()
    if not rest:
        return main, {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    at, count = 0, 0
    while at < len(rest) and count < _MOST:
        count += 1
        piece = _PIECE.search(rest, at)
        if not piece:
            break
        at = piece.end()
        found = _QUOTED.match(rest, at) or _TOKEN.match(rest, at)
        text = "" if found is None else found[found.lastindex or 0]
        at = len(rest) if found is None else found.end()
        if rest[piece.end() : piece.end() + 1] == '"':
            text = re.sub(r"\\(.)", r"\1", text)
        number = int(piece[2][1:]) if piece[2] else -1
        pieces.setdefault(piece[1].lower(), {})[number] = (text.strip(), bool(piece[3]))
    return main, {k: _joined(v) for k, v in pieces.items()}


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    if -1 in pieces and len(pieces) == 1:
        text, extended = pieces[-1]
        return _extended(text) if extended else words.decoded(text)
    numbered = [pieces[number] for number in sorted(pieces) if number >= 0]
    charset, data = "", b""
    for index, (text, extended) in enumerate(numbered):
        if extended and index == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return words.decoded(charsets.decode(data, charset or "utf-8"))


def _extended(text: str) -> str:
    charset, mark, rest = text.partition("'")
    if not mark or "'" not in rest:
        return charsets.decode(unquote_to_bytes(text), "utf-8")
    return charsets.decode(unquote_to_bytes(rest.partition("'")[2]), charset)


def written(name: str, value: str) -> str:
    """`; name=value`, each on a line of its own where it is long, in RFC 2231 pieces if it must."""
    if _SAFE.fullmatch(value) and len(value) < 60:
        return f"; {name}={value}" if len(value) < 30 else f";\r\n {name}={value}"
    if value.isascii() and len(value) < 60:
        quoted = re.sub(r'(["\\])', r"\\\1", value)
        return f';\r\n {name}="{quoted}"'
    coded = quote(value, safe="", errors="replace")
    if len(coded) < 60:
        return f";\r\n {name}*=utf-8''{coded}"
    lines = [f";\r\n {name}*0*=utf-8''{coded[:54]}"]
    rest = [coded[start : start + 60] for start in range(54, len(coded), 60)]
    return "".join([*lines, *(f";\r\n {name}*{i}*={piece}" for i, piece in enumerate(rest, 1))])
