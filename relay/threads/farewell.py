"""Somebody leaves for good: an ambassador with conversations, or a candidate who had enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from config.settings import FollowupSettings
from relay.notices import Notice, Pen, Recipient, write
from relay.threads import ending
from relay.threads.handover import hand_over
from relay.threads.parties import Talk
from relay.threads.states import waits_for
from storage.records.changes import Changes
from storage.records.mail import OutboxItem, OutgoingState, Settled
from storage.records.people import Ambassador, AmbassadorState, Candidate, Side
from storage.records.threads import ThreadState

ALIVE = timedelta(days=30)  # since the last word, in which a conversation may go on


def remove(
    ambassador: Ambassador,
    talks: tuple[Talk, ...],
    held: tuple[OutboxItem, ...],
    followup: FollowupSettings,
    pen: Pen,
) -> Changes:
    """The public address answers that this person is gone; the record stays for the report.

    Conversations that are alive go to the backup, with one note to each candidate; without a
    backup they end with a kind word. What is held (`held`) is declined.
    """
    gone = replace(ambassador, state=AmbassadorState.REMOVED)
    changes = Changes(ambassadors=(gone,), settled=_dropped(held, pen))
    for talk in talks:
        changes += _passed_on(talk, followup, pen)
    return changes


def _passed_on(talk: Talk, followup: FollowupSettings, pen: Pen) -> Changes:
    thread, parties = talk.thread, talk.parties
    backup, waits = parties.backup, waits_for(thread) is Side.AMBASSADOR
    if thread.state is ThreadState.PENDING:
        return ending.end(thread, parties, "left", Notice("expired", {"asked": False}), pen)
    alive = waits or (thread.last_ambassador_at or thread.opened_at) > pen.now - ALIVE
    if alive and backup is not None and backup.available(pen.now):
        return hand_over(thread, parties, backup, followup, pen)
    if waits:
        return ending.end(thread, parties, "left", Notice("closed_unanswered"), pen)
    return ending.close(thread, "left", pen)


def stop(
    candidate: Candidate, talks: tuple[Talk, ...], held: tuple[OutboxItem, ...], pen: Pen
) -> Changes:
    """The candidate wants no more mail: their conversations end, what is held is dropped."""
    quiet = replace(candidate, stopped=True, proven=True)
    reader = Recipient(candidate.address, candidate.language)
    changes = Changes(
        candidates=(quiet,),
        outgoing=(write(pen, Notice("stopped"), reader),),
        settled=_dropped(held, pen),
    )
    for talk in talks:
        changes += ending.leave(talk.thread, talk.parties, pen)
    return changes


def _dropped(held: tuple[OutboxItem, ...], pen: Pen) -> tuple[Settled, ...]:
    return tuple(Settled(item.outgoing.id, OutgoingState.DECLINED, pen.now) for item in held)
