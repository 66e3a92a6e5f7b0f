"""Conversations: the held messages and the decision on them, the threads and their stages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from config.values import Unusable
from relay.cli.office import Office, office
from relay.cli.shown import as_json, show
from relay.threads import review, stages
from relay.threads.waiting import Waiting, waiting
from storage import outbox, people
from storage import threads as stored
from storage.database import Connection
from storage.records.mail import OutboxItem
from storage.records.people import Side
from storage.records.threads import Stage

WAITING_ID = "an id from the first column of peerpost held"


@click.command(epilog="Example:  peerpost held")
@as_json
@click.pass_obj
def held(config: Path | None, as_json: bool) -> None:
    """The messages that wait for a decision: from which domain, when and why, never what."""
    with office(config) as here, here.database.read() as connection:
        names = {one.id: one.name for one in people.ambassadors(connection)}
        rows = [
            {
                "id": item.outgoing.id,
                "thread": item.outgoing.thread_id,
                "ambassador": names.get(item.outgoing.ambassador_id or "", ""),
                "from_domain": _domain(connection, item),
                "received_at": item.outgoing.created_at,
                "expires_at": item.outgoing.expires_at,
                "reasons": [
                    {"rule": one.rule, "reason": one.reason} for one in item.outgoing.reasons
                ],
            }
            for item in outbox.held(connection)
        ]
    show(rows, as_json, "nothing is held")


def _domain(connection: Connection, item: OutboxItem) -> str:
    """The domain of a candidate's address: enough to decide by, and less than who they are."""
    thread = stored.thread(connection, item.outgoing.thread_id or "")
    known = people.candidate(connection, thread.candidate_id) if thread else None
    from_candidate = item.outgoing.to is Side.AMBASSADOR
    return known.address.rpartition("@")[2] if known and from_candidate else ""


@click.command(epilog="Example:  peerpost approve 0a1b2c3d4e5f6g7h")
@click.argument("id")
@click.pass_obj
def approve(config: Path | None, id: str) -> None:
    """Let a held message through."""
    with office(config) as here, _undecidable(id):
        here.apply(review.approve(_held(here, id), here.settings.followup, here.pen))


@click.command(epilog='Example:  peerpost decline 0a1b2c3d4e5f6g7h --reason "The team is full."')
@click.argument("id")
@click.option("--reason", default="", help="A sentence for the candidate.")
@click.pass_obj
def decline(config: Path | None, id: str, reason: str) -> None:
    """Turn a held message away, kindly."""
    reason = " ".join(reason.split())
    if len(reason) > 500 or not reason.isprintable():
        raise Unusable("--reason", reason[:60], "one or two sentences, at most 500 characters")
    with office(config) as here, _undecidable(id):
        here.apply(review.decline(_held(here, id), reason, here.pen))


@contextmanager
def _undecidable(id: str) -> Iterator[None]:
    """Turns what cannot be decided so into Unusable."""
    try:
        yield
    except review.NotDecidable as why:
        raise Unusable("ID", id, WAITING_ID, problem=f"cannot be decided: {why}") from None


def _held(here: Office, id: str) -> Waiting:
    with here.database.read() as connection:
        found = waiting(connection, id)
    if found is None:
        raise Unusable("ID", id, WAITING_ID)
    return found


@click.command(epilog="Example:  peerpost threads --json")
@as_json
@click.pass_obj
def threads(config: Path | None, as_json: bool) -> None:
    """Who talks since when: never an address, a subject or a word."""
    with office(config) as here, here.database.read() as connection:
        names = {one.id: one.name for one in people.ambassadors(connection)}
        rows = [
            {
                "id": one.id,
                "ambassador": names.get(one.ambassador_id, ""),
                "state": one.state,
                "stage": one.stage,
                "source": one.source,
                "opened_at": one.opened_at,
                "last_candidate_at": one.last_candidate_at,
                "last_ambassador_at": one.last_ambassador_at,
                "nudges": one.nudges,
            }
            for one in stored.listing(connection)
        ]
    show(rows, as_json, "nobody has written yet")


@click.command(epilog="Example:  peerpost stage d5k0v2q8c4a1 hired")
@click.argument("thread")
@click.argument("stage", metavar="STAGE", type=click.Choice([one.value for one in Stage]))
@click.pass_obj
def stage(config: Path | None, thread: str, stage: str) -> None:
    """Note how far a conversation has come, for the report.

    STAGE is contact, talking, coffee, recommended, interviewing, hired or closed.
    """
    with office(config) as here:
        with here.database.read() as connection:
            found = stored.thread(connection, thread)
        if found is None:
            raise Unusable("THREAD", thread, "an id from the first column of peerpost threads")
        here.apply(stages.put(found, Stage(stage), here.pen))
