"""An HTML body as the lines that its reader sees, with `> ` before what it quotes."""

from __future__ import annotations

import html
import re

from relay.masking.markup import HOLLOW
from relay.masking.tokens import Token, Type, tokens

_BREAKS = frozenset(
    {"article", "br", "center", "dd", "div", "dl", "dt", "footer", "header", "hr", "li", "ol", "p"}
    | {"pre", "section", "table", "tr", "ul", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_UNSEEN = HOLLOW | {"head"}
_SIGNATURE = re.compile(
    r"gmail_signature|moz-signature|_MailAutoSig|\bid=[\"']?(?:ms-outlook-mobile-)?signature",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_DEEPEST = 20  # quotations within quotations that are told apart


def lines(source: str) -> tuple[str, ...]:
    """The lines that a reader of the page sees; a signature stands below `-- `. Linear."""
    shown: list[str] = [""]
    quoted, hidden, depth = 0, "", 0
    for token in tokens(source):
        if hidden:
            depth += (token.name == hidden) * ((token.type is Type.TAG) - (token.type is Type.END))
            hidden = hidden if depth else ""
        elif token.type is Type.TEXT:
            shown[-1] += _BLANKS.sub(" ", html.unescape(token.source))
        elif token.type is Type.TAG and token.name in _UNSEEN:
            hidden, depth = token.name, 1
        elif token.type in (Type.TAG, Type.END):
            if token.name == "blockquote":
                quoted = max(0, quoted + (1 if token.type is Type.TAG else -1))
            shown += _opened(token, quoted)
    return tuple(line.strip() for line in shown)


def _opened(token: Token, quoted: int) -> list[str]:
    """The lines that begin with this tag."""
    mark = "> " * min(quoted, _DEEPEST)
    signs = token.type is Type.TAG and token.inside and _SIGNATURE.search(token.inside)
    if signs:
        return ["-- ", mark]
    return [mark] if token.name in _BREAKS else []
