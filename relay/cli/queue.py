"""`queue`: what is on its way out, and what somebody in charge may do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import click

from config.values import Unusable
from relay.cli.office import Office, office
from relay.cli.shown import as_json, show
from relay.delivery import wishes
from relay.threads.parties import parties
from storage import outbox, threads
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.mail import OutboxItem

TOGETHER = 200  # items that are changed in one transaction

Wish = Callable[[Office, OutboxItem], Changes]

_ids = click.argument("ids", metavar="[ID]...", nargs=-1)
_all = click.option(
    "--all", "everything", is_flag=True, help="Every message that this can be done to."
)


@click.group(invoke_without_command=True, epilog="Example:  peerpost queue retry --all")
@as_json
@click.pass_context
def queue(context: click.Context, as_json: bool) -> None:
    """The messages on their way out: state, attempts, next try."""
    if context.invoked_subcommand is not None:
        return
    with office(context.obj) as here, here.database.read() as connection:
        rows = [
            {
                "id": item.outgoing.id,
                "kind": item.outgoing.kind,
                "state": "on hold" if wishes.is_on_hold(item) else item.outgoing.state,
                "attempts": item.attempts,
                "next_try": None if wishes.is_on_hold(item) else item.next_try,
                "thread": item.outgoing.thread_id,
                "bytes": item.size,
            }
            for item in outbox.queue(connection)
        ]
    show(rows, as_json, "nothing is on its way")


@queue.command(epilog="Example:  peerpost queue retry 0a1b2c3d4e5f6g7h")
@_ids
@_all
@click.pass_obj
def retry(config: Path | None, ids: tuple[str, ...], everything: bool) -> None:
    """Try now what would be tried later."""
    with office(config) as here:
        chosen = _chosen(here, ids, everything, wishes.waits)
        _carry_out(here, chosen, lambda _, item: wishes.try_now(item, here.pen.now))


@queue.command(epilog="Example:  peerpost queue hold --all")
@_ids
@_all
@click.pass_obj
def hold(config: Path | None, ids: tuple[str, ...], everything: bool) -> None:
    """Send nothing of it until it is released."""
    with office(config) as here:
        chosen = _chosen(here, ids, everything, wishes.waits)
        _carry_out(here, chosen, lambda _, item: wishes.hold(item, here.pen.now))


@queue.command(epilog="Example:  peerpost queue release --all")
@_ids
@_all
@click.pass_obj
def release(config: Path | None, ids: tuple[str, ...], everything: bool) -> None:
    """Send what was put on hold."""
    with office(config) as here:
        chosen = _chosen(here, ids, everything, wishes.is_on_hold)
        _carry_out(here, chosen, lambda _, item: wishes.try_now(item, here.pen.now))


@queue.command(epilog="Example:  peerpost queue delete 0a1b2c3d4e5f6g7h")
@_ids
@_all
@click.confirmation_option("--yes", prompt="It cannot be brought back. Go on?")
@click.pass_obj
def delete(config: Path | None, ids: tuple[str, ...], everything: bool) -> None:
    """Give up what waits.

    Whoever wrote it is told that it was not delivered.
    """
    with office(config) as here:
        chosen = _chosen(
            here, ids, everything, lambda item: wishes.waits(item) or wishes.is_on_hold(item)
        )
        _carry_out(here, chosen, _deleted)


def _deleted(here: Office, item: OutboxItem) -> Changes:
    with here.database.read() as connection:
        thread_id = item.outgoing.thread_id
        thread = threads.thread(connection, thread_id) if thread_id else None
        everybody = parties(connection, thread) if thread else None
    return wishes.delete(item, thread, everybody, here.pen)


def _chosen(
    here: Office, ids: tuple[str, ...], everything: bool, fits: Callable[[OutboxItem], bool]
) -> list[OutboxItem]:
    """Those that were named, or all that fit. Raises Unusable."""
    if bool(ids) == everything:
        raise Unusable("ID", " ".join(ids) or None, "one or more ids, or --all")
    with here.database.read() as connection:
        listed = {item.outgoing.id: item for item in outbox.queue(connection)}
    for one in ids:
        if one not in listed:
            raise Unusable("ID", one, "an id from the first column of peerpost queue")
        if not fits(listed[one]):
            raise Unusable("ID", one, "one for which this can be done; see its state")
    return [
        item for item in listed.values() if (fits(item) if everything else item.outgoing.id in ids)
    ]


def _carry_out(here: Office, chosen: list[OutboxItem], wish: Wish) -> None:
    """Some at a time, so that the service can write between; says how many there were."""
    done = 0
    with click.progressbar(
        length=len(chosen), label="messages", hidden=len(chosen) < TOGETHER
    ) as bar:
        for some in _portions(chosen):
            done += _portion(here, [wish(here, item) for item in some])
            bar.update(len(some))
    left = len(chosen) - done
    click.echo(f"{done} done" + (f", {left} were just being sent" if left else ""))


def _portion(here: Office, wanted: list[Changes]) -> int:
    """How many of them could be written: what a courier took meanwhile is left to it."""
    together = Changes()
    for one in wanted:
        together += one
    try:
        here.apply(together)
        return len(wanted)
    except Conflict:
        return 0 if len(wanted) == 1 else sum(_portion(here, [one]) for one in wanted)


def _portions(items: Iterable[OutboxItem]) -> Iterator[list[OutboxItem]]:
    rest = iter(items)
    while some := list(islice(rest, TOGETHER)):
        yield some
