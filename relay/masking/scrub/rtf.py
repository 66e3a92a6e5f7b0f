"""Rich text (RTF 1.9.1): what Word and others note in it about those who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from relay.masking.scrub import traces
from relay.masking.scrub.coded import character
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.office import SHOWN, refuse_fetches
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}]+)", re.DOTALL
)
_DROPPED = frozenset(
    b"""info rsidtbl template userprops docvar revtbl atnauthor atnid atndate generator mailmerge
    datastore passwordhash protusertbl private1 pgptbl xmlnstbl""".split()
)
_EMBEDDED = frozenset((b"objdata", b"bin"))
_BREAKS = frozenset(b"par line tab cell row sect page nestcell nestrow".split())


@dataclass(slots=True)
class _Group:
    dropped: bool = False
    picture: bool = False
    fallbacks: int = 1  # characters that stand for one beyond ASCII
    begun: bool = False  # whether its destination is known


@dataclass(slots=True)
class _Writer:
    """The document while it is copied, and its text."""

    inside: Inside
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    out: list[bytes] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    skipped: int = 0  # fallback characters still to be passed over

    def take(self, token: re.Match[bytes]) -> None:
        word, number, code, symbol, brace, run = token.groups()
        if brace:
            self._brace(token[0])
            return
        group = self.groups[-1]
        if word:
            self._word(word, int(number or 0), group)
        elif symbol not in (None, b"*", b"\n", b"\r"):
            self._say("\n" if symbol == b"~" else symbol.decode("latin-1"))
        elif code:
            self._say(bytes.fromhex(code.decode()).decode("cp1252", "replace"))
        if not group.dropped:
            self.out.append(self._run(run, group) if run else token[0])

    def _brace(self, brace: bytes) -> None:
        if brace == b"{":
            self.out += [] if self.groups[-1].dropped else [brace]
            self.groups.append(_Group(self.groups[-1].dropped, False, self.groups[-1].fallbacks))
            return
        self.skipped = 0
        if len(self.groups) > 1:
            self.groups.pop()
        # The closing brace of a dropped group stays: `{}` keeps the words around it apart.
        self.out += [] if self.groups[-1].dropped else [brace]

    def _word(self, word: bytes, number: int, group: _Group) -> None:
        if word in _EMBEDDED:
            raise Unscrubbable("it holds an embedded object, which cannot be checked")
        if not group.begun:
            group.begun = True
            group.picture = word == b"pict"
            group.dropped = group.dropped or word in _DROPPED
            if word in _DROPPED:
                while self.out[-1] != b"{":  # the mark of an optional destination
                    self.out.pop()
        if word == b"uc":
            group.fallbacks = min(max(number, 0), 9)
        elif word == b"u":
            self._say(character(number % 65536))
            self.skipped = group.fallbacks
        elif word in _BREAKS:
            self._say("\n")

    def _run(self, run: bytes, group: _Group) -> bytes:
        group.begun = True
        if group.picture:
            return self._picture(run)
        said = run.replace(b"\r", b"").replace(b"\n", b"")
        self.text.append(said[self.skipped :].decode("latin-1"))
        self.skipped = max(0, self.skipped - len(said))
        return run

    def _say(self, text: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif not self.groups[-1].dropped:
            self.text.append(text)

    def _picture(self, digits: bytes) -> bytes:
        try:
            picture = bytes.fromhex(digits.decode("ascii"))
        except ValueError as error:
            raise Unscrubbable(DAMAGED) from error
        return self.inside.scrub(picture).hex().encode() if picture else digits


def rtf(content: bytes, inside: Inside) -> bytes:
    """The document without author, company, revisions and template; its pictures cleaned.

    Raises Unscrubbable where its text shows an address.
    """
    writer = _Writer(inside)
    for number, token in enumerate(_TOKEN.finditer(content)):
        if number % 1000 == 999:
            inside.budget.spend(elements=1000)
        writer.take(token)
    cleaned = b"".join(writer.out)
    refuse_fetches("".join(writer.text).encode())
    traces.refuse_shown("".join(writer.text), inside.identity, SHOWN)
    traces.refuse_traces(cleaned, inside.identity)
    return cleaned
