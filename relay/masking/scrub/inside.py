"""Files within files: how deep, how many and how large they may be, all counted together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from relay.masking.addresses import secret
from relay.masking.identity import Identity, Span
from relay.masking.scrub import traces
from relay.masking.scrub.outcome import TOO_LARGE, Unscrubbable
from relay.masking.values import Eyes
from screening.addresses import Mailbox

_DEPTH = 5
_TOO_DEEP = "it holds files within files, deeper than can be checked"
_WITHIN = "it holds something that cannot be carried"
_WHOLE = (_TOO_DEEP, TOO_LARGE)
_MOST_MEMBERS = 5000
_MOST_ELEMENTS = 2_000_000  # of markup
# Of all that is unpacked on the way: a message holds 18 MB of files, and 32 cost a second or two.
_MOST_BYTES = 32 << 20


class Budget:
    """What may still be unpacked out of the attachments of one message, counted together."""

    __slots__ = ("bytes", "elements", "members")

    def __init__(self) -> None:
        self.bytes, self.members, self.elements = _MOST_BYTES, _MOST_MEMBERS, _MOST_ELEMENTS

    def spend(self, size: int = 0, *, members: int = 0, elements: int = 0) -> None:
        """Raises Unscrubbable where nothing is left."""
        self.bytes -= size
        self.members -= members
        self.elements -= elements
        if min(self.bytes, self.members, self.elements) < 0:
            raise Unscrubbable(TOO_LARGE)


@dataclass(frozen=True, slots=True)
class People:
    """Who must not be known, and who stands there instead.

    `stand_in` is the author's address as the reader may see it, or nothing; `swapped` maps other
    addresses in our domain, in lower case, that the reader must not see to what they see instead.
    """

    author: Identity
    stand_in: str = ""
    swapped: Mapping[str, str] = field(default_factory=dict)

    def instead(self, span: Span) -> str:
        """What is written where a text that may be changed shows something."""
        if span.value in self.swapped:
            return self.swapped[span.value]
        if span.kind == "address":
            return self.stand_in or "[address removed]"
        return "[removed]"

    @property
    def eyes(self) -> Eyes:
        """The same, for a text of a message."""
        shown = Mailbox(self.stand_in or "[address removed]")
        return Eyes(author=shown, hidden=self.author, swapped=self.swapped)

    @property
    def hidden(self) -> Identity:
        """All that must not show; masks as they are, for in them tags and dots mean much."""
        tokens = dict.fromkeys(map(secret, self.swapped))
        return self.author | Identity(message_ids=(*self.swapped, *tokens))


@dataclass(frozen=True, slots=True)
class Inside:
    """What a container needs to clean what it contains: whose traces to look for, and by what.

    `identity` is all that must not show, of the author and of the masks.
    """

    people: People
    identity: Identity
    clean: Callable[[bytes, Inside, str], bytes]  # a file of any kind, and what it is called
    depth: int = _DEPTH
    budget: Budget = field(default_factory=Budget)

    def scrub(self, content: bytes, content_type: str = "") -> bytes:
        """One file that is contained, cleaned by what it is. Raises Unscrubbable."""
        if not self.depth:
            raise Unscrubbable(_TOO_DEEP)
        try:
            return self.clean(content, replace(self, depth=self.depth - 1), content_type)
        except Unscrubbable as refusal:
            if (
                self.depth == _DEPTH
                or refusal.reason.startswith(_WITHIN)
                or refusal.reason in _WHOLE
            ):
                raise
            raise Unscrubbable(f"{_WITHIN}: {refusal.reason}", refusal.advice) from refusal

    def name(self, path: str) -> str:
        """A contained file's name without what is the author's alone, and their home folder."""
        parts, place = [], 0
        for span in traces.own(path, self.identity):
            parts += [path[place : span.start], "removed"]
            place = span.end
        folders = ("".join(parts) + path[place:]).split("/")
        users = {address.rpartition("@")[0].lower() for address in self.identity.addresses}
        folders[:-1] = ["user" if one.lower() in users else one for one in folders[:-1]]
        return "/".join(folders)


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number before its ending if it is taken; taken from now on."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}-{number}.{ending}" if dot and "/" not in ending else f"{name}-{number}"
    taken.add(free)
    return free
