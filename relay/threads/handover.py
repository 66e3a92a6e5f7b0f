"""A thread changes hands: by command, because somebody leaves, or because the backup answered."""

from __future__ import annotations

from dataclasses import replace

from config.settings import FollowupSettings
from relay.notices import Notice, Pen, write
from relay.threads.events import happened
from relay.threads.followup import schedule
from relay.threads.parties import Parties
from relay.threads.reminders import first_name, to_candidate, to_colleague
from relay.threads.states import ThreadEvent, advance, waits_for
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.people import Ambassador, Side
from storage.records.threads import Agreed, Thread


def hand_over(
    thread: Thread, parties: Parties, to: Ambassador, followup: FollowupSettings, pen: Pen
) -> Changes:
    """The thread is `to`'s from now on, who is told, as the candidate is.

    Nobody learns more than the one who leaves knew; both old addresses of the thread keep working,
    the ambassador's for `to` alone.
    """
    handed = advance(thread, ThreadEvent.HANDED_OVER, pen.now)
    moved = schedule(given(handed, to), to, followup)
    candidate = first_name(parties.candidate.name)
    names = {
        "ambassador": first_name(parties.ambassador.display_name),
        "backup": first_name(to.display_name),
    }
    since = moved.last_candidate_at if waits_for(moved) is Side.AMBASSADOR else None
    waiting = since.date().isoformat() if since else ""
    asks = Notice("handover_backup", {**names, "candidate": candidate, "waiting": waiting})
    told = to_candidate(
        Notice("handover_candidate", names), moved, replace(parties, ambassador=to), pen
    )
    return Changes(
        threads=(moved,),
        outgoing=(write(pen, asks, to_colleague(to, candidate, thread, pen)), *told),
        events=(happened(EventKind.HANDED_OVER, thread, pen, to=to.name),),
    )


def taken_over(thread: Thread, by: Ambassador) -> Thread:
    """The backup has answered: what the candidate writes next is theirs; the other may still."""
    return replace(given(thread, by), backup_id=thread.ambassador_id)


def given(thread: Thread, to: Ambassador) -> Thread:
    """The thread in other hands. What was agreed with the one before does not bind the next."""
    former = dict.fromkeys((*thread.former_ids, thread.ambassador_id))
    return replace(
        thread,
        ambassador_id=to.id,
        backup_id=None,
        former_ids=tuple(one for one in former if one != to.id),
        agreed=Agreed.NOBODY,
    )
