"""Carries out commands by mail: one table for the top of an answer and for the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from relay.intake import replies
from relay.intake.commands.block import block
from relay.intake.commands.close import close
from relay.intake.commands.coffee import coffee
from relay.intake.commands.forget import forget
from relay.intake.commands.handoff import handoff
from relay.intake.commands.later import later
from relay.intake.commands.pass_ import pass_
from relay.intake.commands.pause import pause, resume
from relay.intake.commands.recommend import recommend
from relay.intake.commands.share import share, unshare
from relay.intake.commands.status import status
from relay.intake.commands.stop import stop
from relay.intake.commands.worth import worth
from relay.intake.facts import NOTICE_LIFETIME, notice_key
from relay.intake.orders import Order
from relay.intake.replies import Reply
from relay.intake.scene import Done, Scene, Undone
from relay.notices import Notice
from storage.records.changes import Changes
from storage.records.mail import Outgoing
from storage.records.once import Claim
from storage.records.people import Side

Act = Callable[[Scene, str], Done]


@dataclass(frozen=True, slots=True)
class Command:
    """What it does, and who may write it."""

    act: Act
    sides: frozenset[Side]

    @property
    def usage(self) -> tuple[str, str]:
        """How to write it, and what it does: the two halves of its docstring."""
        usage, _, meaning = (self.act.__doc__ or "").strip().partition(": ")
        return usage, meaning


@dataclass(frozen=True, slots=True)
class Obeyed:
    """With `passes_on`, what was written below the commands goes its way; with a `refusal`, nothing
    is done at all."""

    changes: Changes
    passes_on: bool = True
    refusal: Reply | None = None


def helped(scene: Scene, words: str) -> Done:
    """/help: this list"""
    return Done(Changes(outgoing=(listing(scene),)), confirmed=False)


_ALEX, _DANA = frozenset({Side.AMBASSADOR}), frozenset({Side.CANDIDATE})
_EITHER = _ALEX | _DANA

COMMANDS: dict[str, Command] = {
    "pass": Command(pass_, _ALEX),
    "later": Command(later, _ALEX),
    "handoff": Command(handoff, _ALEX),
    "coffee": Command(coffee, _ALEX),
    "recommend": Command(recommend, _ALEX),
    "block": Command(block, _ALEX),
    "pause": Command(pause, _ALEX),
    "resume": Command(resume, _ALEX),
    "close": Command(close, _ALEX),
    "share": Command(share, _EITHER),
    "unshare": Command(unshare, _EITHER),
    "worth": Command(worth, _EITHER),
    "status": Command(status, _EITHER),
    "forget": Command(forget, _DANA),
    "stop": Command(stop, _DANA),
    "help": Command(helped, _EITHER),
}


def known(orders: Iterable[Order], sides: frozenset[Side]) -> bool:
    """Whether each of these is a command for one of these sides."""
    found = (COMMANDS.get(order.word) for order in orders)
    return all(command is not None and command.sides & sides for command in found)


def obey(orders: Iterable[Order], scene: Scene, text: str = "") -> Obeyed:
    """All of them in order, or none: then the list goes back, with `text` so that it is not lost.

    Only for an author who is proven; the caller sees to it. Pure.
    """
    changes, told, passes_on = Changes(), list[tuple[str, str, date | str, str]](), True
    for order in {one.word: one for one in orders}.values():
        try:
            done = _one(order, scene)
        except Undone as why:
            if why.problem == "unknown":
                return not_known(scene, str(order), text)
            back = listing(scene, str(order), why.problem, why.choices, text)
            return Obeyed(Changes(outgoing=(back,)), passes_on=False)
        changes, scene = changes + done.changes, scene.after(done.changes)
        passes_on = passes_on and not done.ends
        if done.confirmed:
            told.append((str(order), order.word, done.day, done.name))
    if told:
        changes += Changes(outgoing=(scene.tell(Notice("done", {"orders": tuple(told)})),))
    return Obeyed(latest(changes), passes_on)


def _one(order: Order, scene: Scene) -> Done:
    command = COMMANDS.get(order.word)
    if command is None or not command.sides & scene.sides:
        raise Undone("unknown")
    if order.unclear:
        raise Undone("unclear")
    return command.act(scene, order.words)


def not_known(scene: Scene, line: str = "", text: str = "") -> Obeyed:
    """The list goes back, once a day: whoever errs again is refused, and a machine that answers
    the list, however it words that, gets no second one."""
    now = scene.pen.now
    key = notice_key("unknown_command", scene.author_key, now)
    if key in scene.claimed:
        return Obeyed(Changes(), passes_on=False, refusal=replies.NO_SUCH_COMMAND)
    back = listing(scene, line, "unknown" if line else "", text=text)
    once = Claim(key, now + NOTICE_LIFETIME)
    return Obeyed(Changes(outgoing=(back,), claims=(once,)), passes_on=False)


def listing(
    scene: Scene,
    line: str = "",
    problem: str = "",
    choices: tuple[str, ...] = (),
    text: str = "",
) -> Outgoing:
    """The mail with all that whoever asks may write, and why `line` was not done, if it was not."""
    commands = tuple(
        (command.usage[0], word, command.usage[1])
        for word, command in COMMANDS.items()
        if command.sides & scene.sides
    )
    facts = {"line": line, "problem": problem, "choices": choices, "commands": commands}
    return scene.tell(Notice("unknown_command", facts | {"text": text}))


def latest(changes: Changes) -> Changes:
    """Each thread and person once, as the last change has them."""
    return replace(
        changes,
        threads=tuple({one.id: one for one in changes.threads}.values()),
        ambassadors=tuple({one.id: one for one in changes.ambassadors}.values()),
        candidates=tuple({one.id: one for one in changes.candidates}.values()),
    )
