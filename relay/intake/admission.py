"""May this address be written to? What RCPT is answered, from what is stored."""

from __future__ import annotations

from relay.intake import replies
from relay.intake.replies import Reply
from relay.masking.addresses import Destination, Guest, Peer, Public, Return
from storage import outbox, people, threads
from storage.database import Connection
from storage.records import Ambassador, AmbassadorState


def existing(connection: Connection, destination: Destination) -> Destination | Reply:
    """The destination if there is one of that name or token, or why not."""
    match destination:
        case Public(name):
            named = people.ambassador_by_name(connection, name)
            if named is not None and named.state is AmbassadorState.REMOVED:
                return replies.GONE
            found = named is not None or bool(people.ambassadors_by_topic(connection, name))
        case Peer(name, token):
            found = _named(connection, name, token)
        case Guest(token):
            found = threads.by_guest_token(connection, token) is not None
        case Return(token):
            found = outbox.by_return_token(connection, token) is not None
        case _:
            found = True
    return destination if found else replies.NO_SUCH_ADDRESS


def _named(connection: Connection, name: str, token: str) -> bool:
    thread = threads.by_peer_token(connection, token)
    if thread is None:
        return False
    ambassador: Ambassador | None = people.ambassador(connection, thread.ambassador_id)
    return ambassador is not None and ambassador.name == name
