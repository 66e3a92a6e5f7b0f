"""What a command by mail may see and use, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from config.settings import Settings
from relay.notices import Notice, Pen, Recipient, write
from relay.threads.handover import taken_over
from relay.threads.parties import Talk
from relay.threads.reminders import first_name
from storage.records.changes import Changes
from storage.records.mail import OutboxItem, Outgoing
from storage.records.people import Ambassador, Candidate, Side
from storage.records.threads import Thread, ThreadState


class Undone(Exception):
    """The command cannot be carried out as it stands: the name of the problem, and what to choose
    from. The mail about it says the rest, in the language of whoever asked."""

    def __init__(self, problem: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Done:
    """What a command changes. `day` and `name` stand in its confirmation, if it gets one; with
    `ends`, what was written below it is not passed on."""

    changes: Changes
    day: date | str = ""
    name: str = ""
    confirmed: bool = True
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks: a proven address, and what is stored about it.

    `here` is the conversation whose address was written to; at the desk there is none. `own` and
    `theirs` are open conversations as ambassador and as candidate.
    """

    address: str
    settings: Settings
    pen: Pen
    language: str = ""
    ambassador: Ambassador | None = None
    candidate: Candidate | None = None
    here: Talk | None = None
    own: tuple[Talk, ...] = ()
    theirs: tuple[Talk, ...] = ()
    held: tuple[OutboxItem, ...] = ()  # of the candidate's conversations
    colleagues: tuple[Ambassador, ...] = ()
    opened: int = 0  # conversations that reached the ambassador within a week
    claimed: frozenset[str] = frozenset()  # what happened before and happens once
    author_key: str = ""  # names whoever asks in such claims

    @property
    def sides(self) -> frozenset[Side]:
        """As whom they may ask; whoever is unknown may ask what a candidate may."""
        if self.ambassador is None:
            return frozenset({Side.CANDIDATE})
        if self.candidate is None or self.here is not None:
            return frozenset({Side.AMBASSADOR})
        return frozenset(Side)

    def about(self, words: str) -> tuple[Talk, str]:
        """The conversation that an ambassador's command is meant for, and the other words.

        At the desk it is the one whose id stands among the words, or the only one. Raises Undone.
        """
        if self.here is not None:
            return self.here, words
        return _chosen(self.own, words)

    def mine(self, words: str) -> tuple[Talk, str]:
        """The same; a backup who wants something of the conversation takes it over with that."""
        talk, rest = self.about(words)
        alex = self.ambassador
        if alex is None or alex.id == talk.thread.ambassador_id:
            return talk, rest
        parties = replace(talk.parties, ambassador=alex, backup=talk.parties.ambassador)
        return Talk(taken_over(talk.thread, alex), parties), rest

    def of_either(self, words: str) -> tuple[Talk, str, Side]:
        """The conversation that a command of either side is meant for, and whose it is."""
        if self.here is not None or not self.theirs:
            talk, rest = self.mine(words) if self.ambassador else self.about(words)
            return talk, rest, Side.AMBASSADOR if self.ambassador else Side.CANDIDATE
        talk, rest = _chosen((*self.own, *self.theirs), words)
        return talk, rest, Side.CANDIDATE if talk in self.theirs else Side.AMBASSADOR

    def tell(self, notice: Notice) -> Outgoing:
        """A mail to whoever asks."""
        return write(self.pen, notice, Recipient(self.address, self.language))

    def after(self, changes: Changes) -> Scene:
        """The scene for the next command of the same mail."""
        moved = {thread.id: thread for thread in changes.threads}
        people = {person.id: person for person in changes.ambassadors}
        alex = self.ambassador
        return replace(
            self,
            ambassador=people.get(alex.id, alex) if alex else None,
            here=_moved(self.here, moved) if self.here else None,
            own=tuple(_moved(talk, moved) for talk in self.own),
            theirs=tuple(_moved(talk, moved) for talk in self.theirs),
        )


def _moved(talk: Talk, moved: dict[str, Thread]) -> Talk:
    return Talk(moved.get(talk.thread.id, talk.thread), talk.parties)


def _chosen(talks: tuple[Talk, ...], words: str) -> tuple[Talk, str]:
    reached = tuple(one for one in talks if one.thread.state is not ThreadState.PENDING)
    said = words.split()
    for talk in reached:
        if talk.thread.id in said:
            return talk, " ".join(word for word in said if word != talk.thread.id)
    if len(reached) == 1:
        return reached[0], words
    if not reached:
        raise Undone("none")
    names = (f"{one.thread.id}, {first_name(one.parties.candidate.name)}" for one in reached)
    raise Undone("which", tuple(names))
