"""Mail to the desk: what a person may ask the relay itself, on the first line of a mail."""

from __future__ import annotations

from collections.abc import Callable

from relay.intake.asker import Asker
from relay.intake.commands.forget import forget
from relay.intake.commands.status import status
from relay.notices import Notice, Pen, Recipient, write
from storage.records import Changes

Command = Callable[[Asker, str, Pen], Changes]

COMMANDS: dict[str, Command] = {"forget": forget, "status": status}

LONGEST_WORD = 30


def ask(asker: Asker, text: str, pen: Pen) -> Changes:
    """Carries out the command on the first line; one that is not known is answered with the list.

    Only for authors who are proven; the caller sees to it.
    """
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    word, _, rest = line.lstrip("/").partition(" ")
    command = COMMANDS.get(word.lower().strip(".!,"))
    if command is not None:
        return command(asker, rest.strip(), pen)
    usages = tuple(_usage(known) for known in COMMANDS.values())
    unknown = "unknown" if word else ""
    facts = {"line": word[:LONGEST_WORD], "problem": unknown, "commands": usages}
    facts |= {"choices": (), "text": ""}
    return Changes(
        outgoing=(write(pen, Notice("unknown_command", facts), Recipient(asker.address)),)
    )


def _usage(command: Command) -> tuple[str, str, str]:
    """How to write a command and what it does: the two halves of its docstring."""
    usage, _, help_text = (command.__doc__ or "").strip().partition(": ")
    return usage, usage.split()[0], help_text
