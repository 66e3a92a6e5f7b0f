"""OpenPGP inside plain text (RFC 9580 section 6): what was signed is carried, keys are not."""

from __future__ import annotations

import re

from relay.masking.ledger import Ledger
from relay.masking.values import Unmaskable

ENCRYPTED = (
    "Your message is encrypted, so nobody can check that it does not tell who you are. "
    "Please send it again without encryption."
)
_BEGIN = re.compile(r"^[>\s]{0,20}-----BEGIN PGP ([A-Z0-9, /]{3,40})-----[ \t\r]*\n", re.MULTILINE)
_HASHES = re.compile(r"(?:[>\s]*[A-Za-z-]{2,20}: [^\n]{0,100}\n)*[>\s]*\n")
_ESCAPED = re.compile(r"^((?:> ?)*)- (?=-|From )", re.MULTILINE)


def opened(text: str, ledger: Ledger) -> str:
    """The text without armour. Raises Unmaskable if something in it is encrypted."""
    if "-----BEGIN PGP " not in text:
        return text
    parts, at = [], 0
    for found in _BEGIN.finditer(text):
        if found.start() < at:
            continue
        kind = found[1]
        if kind.startswith("MESSAGE"):
            raise Unmaskable(ENCRYPTED)
        if kind == "SIGNED MESSAGE":
            hashes = _HASHES.match(text, found.end())
            end = hashes.end() if hashes else found.end()
        else:
            end = _end(text, kind, found.end())
            ledger.remove(f"a PGP {kind.lower()}", "it names whose it is")
        parts.append(text[at : found.start()])
        at = end
    return _ESCAPED.sub(r"\1", "".join([*parts, text[at:]]))


def _end(text: str, kind: str, start: int) -> int:
    mark = f"-----END PGP {kind}-----"
    at = text.find(mark, start)
    return len(text) if at < 0 else at + len(mark)
