"""Style sheets: what they would fetch and what they hide is taken out, the rest stays."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|$)")
_IMPORT = re.compile(r"@(?:import|charset|namespace)[^;{}]*+;?", re.IGNORECASE)
_FONT = re.compile(r"@font-face\s*+\{[^}]*+\}?", re.IGNORECASE)
_URL = re.compile(
    r"url\s*+\(\s*+(?:([\"']?)(#[\w.-]{1,200})\1\s*+\)"
    r"|(?:\"[^\"]*+\"?|'[^']*+'?|[^)\"']*+)[^)]*+\)?)",
    re.IGNORECASE,
)
# Whatever is fetched from elsewhere has two slashes, or two of the others, in its address.
_FETCHES = re.compile(
    r"url\s*+\((?!#)|//|\\\\|image-set|-moz-binding|behavior\s*+:|expression\s*+\(|javascript:"
    r"|\bsrc\s*+:",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"[^;{}]*+[;{}]?")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
_SUSPECT = re.compile(r"[\\@/]|url|image-set|expression|behavior|binding|src", re.IGNORECASE)


def clean(style: str) -> str:
    """A style sheet or a style attribute that fetches nothing and runs nothing."""
    if not _SUSPECT.search(style):
        return style
    plain = _COMMENT.sub("", _ESCAPE.sub(_plain, style) if "\\" in style else style)
    plain = _URL.sub(_near, _FONT.sub("", _IMPORT.sub("", plain)))
    if not _FETCHES.search(plain):
        return plain.replace("<", "")
    kept = (part for part in _DECLARATION.findall(plain) if part)
    return "".join(part if not _FETCHES.search(part) else _ending(part) for part in kept).replace(
        "<", ""
    )


def _near(found: re.Match[str]) -> str:
    """An address, of which only its kind counts: within the page, or anywhere else."""
    return f"url({found[2] or ''})"


def _ending(declaration: str) -> str:
    """The brace that a dropped declaration ended with: blocks must stay closed."""
    last = declaration[-1:]
    return last if last in "{}" else ""


def _plain(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
