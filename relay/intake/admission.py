"""May this address be written to? What RCPT is answered, from what is stored."""

from __future__ import annotations

from datetime import UTC, datetime

from relay.intake import replies
from relay.intake.replies import Reply
from relay.masking.addresses import Desk, Destination, Guest, Peer, Public, Return
from storage import outbox, people, requests, threads
from storage.database import Connection
from storage.records.people import Ambassador, AmbassadorState
from storage.records.threads import Thread

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)  # at that time nothing had expired


def existing(connection: Connection, destination: Destination) -> Destination | Reply:
    """The destination if there is one of that name or token, or why not."""
    match destination:
        case Public(name):
            named = people.ambassador_by_name(connection, name)
            if named is not None and not _takes_mail(named):
                return _nobody(connection, named)
            found = named is not None or bool(people.ambassadors_by_topic(connection, name))
        case Peer(name, token):
            thread = threads.by_peer_token(connection, token)
            owner = people.ambassador(connection, thread.ambassador_id) if thread else None
            if thread is None or owner is None or not _known_as(connection, name, owner, thread):
                return replies.NO_SUCH_ADDRESS
            if not _takes_mail(owner):
                return _nobody(connection, owner)
            found = True
        case Guest(token):
            found = threads.by_guest_token(connection, token) is not None
        case Return(token):
            found = outbox.by_return_token(connection, token) is not None
        case Desk(token) if token:
            found = requests.request(connection, token, ALWAYS) is not None
        case _:
            found = True
    return destination if found else replies.NO_SUCH_ADDRESS


def _known_as(connection: Connection, name: str, owner: Ambassador, thread: Thread) -> bool:
    return name == owner.name or name in names_of(connection, thread)


def names_of(connection: Connection, thread: Thread) -> tuple[str, ...]:
    """The names under which a candidate may know the thread: of all who ever had it."""
    ids = (*thread.former_ids, thread.ambassador_id)
    owners = (people.ambassador(connection, one) for one in ids)
    return tuple(one.name for one in owners if one is not None)


def _takes_mail(ambassador: Ambassador) -> bool:
    return ambassador.state is not AmbassadorState.REMOVED and not ambassador.suspended


def _nobody(connection: Connection, ambassador: Ambassador) -> Reply:
    """That somebody is gone or cannot be reached, and who may be written to instead."""
    backup = people.ambassador_by_name(connection, ambassador.backup) if ambassador.backup else None
    other = f"peer-{backup.name}" if backup and _takes_mail(backup) else ""
    if ambassador.state is AmbassadorState.REMOVED:
        return replies.gone(other) if other else replies.GONE
    return replies.unreachable(other)
