"""Reads the facts about one message to one destination from storage, once, before deciding."""

from __future__ import annotations

import re

from config.settings import Settings
from relay.intake import pools, replays
from relay.intake.arrival import Arrival
from relay.intake.budgets import (
    SAME_WORDS,
    author_meter,
    budgets,
    thread_meter,
    words_meter,
)
from relay.intake.facts import (
    DAILY_NOTICES,
    Facts,
    notice_keys,
    typed_key,
)
from relay.masking.addresses import Destination, Guest, Peer, Plan, Public, Return
from screening.case import History
from storage import blocks, claims, concerned, message_ids, outbox, rates, threads
from storage.concerned import Concerned
from storage.database import Connection
from storage.rates import Lately
from storage.records.mail import OutboxItem
from storage.records.people import Side
from storage.records.threads import Thread

MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
MOST_REFERENCES = 50


def author_key(connection: Connection, address: str) -> str:
    """Names an author in claims and counters without naming the address."""
    return connection.vault.digest("author", address.casefold()).hex()[:32]


def read(
    connection: Connection,
    destination: Destination,
    arrival: Arrival,
    plan: Plan,
    settings: Settings,
) -> Facts:
    """All facts for one destination, in a few short queries."""
    address, author = plan.write(destination), arrival.message.author.address
    returned = _returned(connection, destination)
    those = _those(connection, destination, returned, arrival, settings)
    thread = those.thread
    key = author_key(connection, author)
    side = _side(destination, returned)
    by_author, words = author_meter(arrival, key), words_meter(arrival, address, key)
    of_thread = thread_meter(thread, side) if thread else ""
    bounds = budgets(destination, arrival, plan, settings.limits)
    meters = (by_author, words, *(bound.key for bound in bounds))
    seen = rates.lately(connection, (*meters, of_thread), arrival.at)
    references = _references(connection, thread, side, arrival) if thread else {}
    return Facts(
        ambassador=those.ambassador,
        candidate=those.candidate,
        thread=thread,
        author=those.author,
        returned=returned,
        held=_held(connection, thread),
        history=_history(connection, those, author, (seen[by_author], seen[of_thread])),
        references=references,
        last_known=_last_known(connection, thread, side, references),
        claimed=claims.claimed(connection, _keys(arrival, address, key, thread, side), arrival.at),
        author_key=key,
        meters=meters,
        exhausted=next((one.reason for one in bounds if seen[one.key].minute >= one.most), ""),
        repeated=seen[words].day >= SAME_WORDS and _answers(thread, side),
    )


def _returned(connection: Connection, destination: Destination) -> OutboxItem | None:
    """What we sent and comes back to this address."""
    if not isinstance(destination, Return):
        return None
    return outbox.by_return_token(connection, destination.token)


def _those(
    connection: Connection,
    destination: Destination,
    returned: OutboxItem | None,
    arrival: Arrival,
    settings: Settings,
) -> Concerned:
    """Who are concerned. Where the address names no thread, they may have one all the same."""
    author = arrival.message.author.address
    thread_id = returned.outgoing.thread_id if returned else None
    match destination:
        case Peer(_, token):
            return concerned.by_peer_token(connection, token, author)
        case Guest(token):
            return concerned.by_guest_token(connection, token, author)
        case Public(name):
            named = concerned.by_name(connection, name, author)
            if named.ambassador is not None:
                return named
            limits = settings.ambassador
            return pools.with_chosen(connection, name, named, limits, arrival.at)
    if thread_id:
        return concerned.by_thread(connection, thread_id, author)
    return concerned.by_name(connection, "", author)


def _side(destination: Destination, returned: OutboxItem | None) -> Side:
    """Who writes to such an address. What we sent to a side comes back from it."""
    if returned is not None and returned.outgoing.to is not None:
        return returned.outgoing.to
    return Side.AMBASSADOR if isinstance(destination, Guest) else Side.CANDIDATE


def _held(connection: Connection, thread: Thread | None) -> tuple[OutboxItem, ...]:
    return outbox.held_in_thread(connection, thread.id) if thread else ()


def _history(
    connection: Connection, those: Concerned, author: str, seen: tuple[Lately, Lately]
) -> History:
    """`seen`: how often the author, and this side of the thread, wrote lately. What became of a
    candidate's other threads counts where a new one begins."""
    by_author, in_thread = seen
    candidate, alex = those.candidate, those.ambassador
    known = threads.of_candidate(connection, candidate.id) if candidate and not those.thread else ()
    return History(
        threads=len(known),
        answered=any(one.last_ambassador_at for one in known),
        last_minute=by_author.minute,
        last_day=by_author.day,
        thread_last_minute=in_thread.minute,
        blocked=blocks.blocked(connection, author, alex.id if alex else None),
    )


def _answers(thread: Thread | None, side: Side) -> bool:
    """Whether the other side wrote after this one."""
    if thread is None:
        return False
    ours, theirs = thread.last_ambassador_at, thread.last_candidate_at
    if side is Side.CANDIDATE:
        ours, theirs = theirs, ours
    return theirs is not None and (ours is None or theirs > ours)


def _references(
    connection: Connection, thread: Thread, side: Side, arrival: Arrival
) -> dict[str, str]:
    """From the Message-IDs that the author's program knows to those that the reader's does."""
    message = arrival.message
    text = f"{message.header('References')} {message.header('In-Reply-To')}"
    named = tuple(dict.fromkeys(MESSAGE_ID.findall(text)))[-MOST_REFERENCES:]
    return message_ids.counterparts(connection, thread.id, side, named)


def _last_known(
    connection: Connection, thread: Thread | None, side: Side, references: dict[str, str]
) -> str:
    """What an answer that refers to nothing we know is filed under."""
    if thread is None or references:
        return ""
    return message_ids.last_known(connection, thread.id, side.other)


def _keys(
    arrival: Arrival, address: str, author_key: str, thread: Thread | None, side: Side
) -> tuple[str, ...]:
    notices = notice_keys(DAILY_NOTICES, author_key, arrival.at)
    typed = (typed_key(thread.id, side),) if thread else ()
    return (*replays.keys(arrival, address), *notices, *typed)
