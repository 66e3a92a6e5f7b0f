"""`peerpost export`: all that is stored about one person, shown or mailed to them alone."""

from __future__ import annotations

import json
from pathlib import Path

import click

from relay.cli.office import Office, mail_address, office
from relay.cli.shown import moment
from relay.failures import Failed
from relay.notices import Notice, Recipient, write
from relay.writing import Attachment
from storage import blocks, lessons, likenesses, message_ids, outbox, people, referrals, threads
from storage.database import Connection
from storage.records.changes import Changes
from storage.records.people import Candidate
from storage.records.threads import Thread
from storage.referrals import Referral


@click.command(epilog="Example:  peerpost export dana@example.org --mail")
@click.argument("address")
@click.option("--mail", is_flag=True, help="Send it to this address, and show it nowhere else.")
@click.pass_obj
def export(config: Path | None, address: str, mail: bool) -> None:
    """Show as JSON what is stored about a candidate, or mail it to them (GDPR article 15)."""
    with office(config) as here:
        with here.database.read() as connection:
            candidate = people.candidate_by_address(connection, mail_address(address))
            stored = _stored(connection, candidate, address)
        if mail:
            _send(here, candidate, json.dumps(stored, indent=2, ensure_ascii=False))
    # On a terminal in ASCII alone: what strangers wrote may hold what it would obey.
    click.echo("it is on its way to this address" if mail else json.dumps(stored, indent=2))


def _send(here: Office, candidate: Candidate | None, text: str) -> None:
    """Only to the address that it is about, and only if that was ever proven. Raises Failed."""
    if candidate is None or not candidate.proven:
        raise Failed("nobody has proven to write from this address, so nothing is sent to it")
    file = Attachment("peerpost.json", "application/json", text)
    reader = Recipient(candidate.address, candidate.language)
    here.apply(Changes(outgoing=(write(here.pen, Notice("export", attachment=file), reader),)))


def _stored(connection: Connection, candidate: Candidate | None, address: str) -> dict[str, object]:
    """All of it; empty if there is nothing."""
    names = {one.id: one.name for one in people.ambassadors(connection)}
    credits = [_credit(one, names) for one in referrals.of_address(connection, address)]
    stored: dict[str, object] = {"referrals": credits} if credits else {}
    if blocks.blocked(connection, address, None):
        stored["blocked"] = True
    if candidate is None:
        return stored
    return {
        "address": candidate.address,
        "name": candidate.name,
        "since": moment(candidate.created_at),
        "language": candidate.language,
        "address_proven": candidate.proven,
        "wants_no_mail": candidate.stopped,
        "conversations": [
            _conversation(connection, one, names)
            for one in threads.of_candidate(connection, candidate.id)
        ],
        **stored,
    }


def _conversation(
    connection: Connection, thread: Thread, names: dict[str, str]
) -> dict[str, object]:
    return {
        "id": thread.id,
        "ambassador": names.get(thread.ambassador_id, ""),
        "state": thread.state,
        "stage": thread.stage,
        "source": thread.source,
        "opened_at": moment(thread.opened_at),
        "last_candidate_at": moment(thread.last_candidate_at),
        "last_ambassador_at": moment(thread.last_ambassador_at),
        "waiting_messages": [
            item.outgoing.id for item in outbox.held_in_thread(connection, thread.id)
        ],
        "fingerprint_since": moment(likenesses.kept_since(connection, thread.id)),
        "weighed_for_screening": lessons.kept(connection, thread.id),
        "message_ids": list(message_ids.theirs_of(connection, thread.id)),
    }


def _credit(one: Referral, names: dict[str, str]) -> dict[str, object]:
    return {
        "conversation": one.thread_id,
        "ambassador": names.get(one.ambassador_id, ""),
        "contacted_at": moment(one.contacted_at),
        "answered_at": moment(one.answered_at),
        "recommended_at": moment(one.recommended_at),
        "hired_at": moment(one.hired_at),
    }
