"""The figures of one period, section by section. Every share, median and mean tells its n."""

from __future__ import annotations

from bisect import bisect_right

from relay.reports.facts import Facts
from relay.reports.measures import HOUR, count, hours, mean, share, within_a_day
from relay.reports.tally import Tally
from relay.reports.values import Figure
from storage.records.events import EventKind
from storage.records.people import Side

FORGERY = "authenticity"  # the rule that refuses a sender who is not who the mail says


def contacts(facts: Facts) -> tuple[Figure, ...]:
    tally = facts.tally
    return (
        count("contacts", "New contacts that were let in, held or asked back", tally.contacts),
        count("reached", "of these, came to an ambassador's mailbox", tally.reached),
        count("messages_in", "Mails from candidates in conversations", _wrote(facts, "candidate")),
        count("messages_out", "Mails from ambassadors", _wrote(facts, "ambassador")),
    )


def _wrote(facts: Facts, side: str) -> int:
    return facts.number(EventKind(f"{side}_wrote"))


def answers(facts: Facts) -> tuple[Figure, ...]:
    tally = facts.tally
    wall, working = tally.wall, tally.working
    return (
        within_a_day("within_24h", "Answered within 24 hours", wall),
        within_a_day("within_24h_working", "Answered within 24 working hours", working),
        hours("median", "Median time to the first answer", wall.seconds, 0.5),
        hours("p90", "Nine in ten were answered within", wall.seconds, 0.9),
        hours("median_working", "Median, working hours", working.seconds, 0.5),
        hours("p90_working", "Nine in ten, working hours", working.seconds, 0.9),
        count("waiting", "Unanswered now, whenever they began", facts.waiting),
        count("reminded", "of these, past the first reminder", facts.reminded),
        share("never_answered", "Closed without an answer", tally.never_answered, tally.reached),
    )


def followup(facts: Facts) -> tuple[Figure, ...]:
    tally = facts.tally
    return (
        count("nudges", "Reminders sent", facts.number(EventKind.NUDGED)),
        mean(
            "nudges_per_answer", "Reminders for each answered contact", tally.nudges, tally.answered
        ),
        count("escalations", "Escalations", facts.number(EventKind.ESCALATED)),
        share(
            "escalated", "Contacts for which the backup was asked", tally.escalated, tally.reached
        ),
        share("saved", "of these, answered by the backup", tally.saved, tally.escalated),
        count("handed_over", "Conversations handed over", facts.number(EventKind.HANDED_OVER)),
    )


def depth(facts: Facts) -> tuple[Figure, ...]:
    tally = facts.tally
    return (
        mean(
            "candidate_turns",
            "Mails of the candidate per contact",
            tally.candidate_turns,
            tally.contacts,
        ),
        mean(
            "ambassador_turns",
            "Mails of the ambassador per contact",
            tally.ambassador_turns,
            tally.contacts,
        ),
        share(
            "conversations",
            "Conversations (two mails or more each way)",
            tally.conversations,
            tally.reached,
        ),
        count("shared", "Both agreed to know each other", facts.number(EventKind.SHARED)),
    )


_CLASSES = (
    (1, "Within an hour"),
    (4, "1 to 4 hours"),
    (24, "4 to 24 hours"),
    (72, "1 to 3 days"),
    (168, "3 to 7 days"),
)


def answer_classes(tally: Tally) -> tuple[Figure, ...]:
    """How many contacts that came to an ambassador were answered how soon on the wall clock."""
    taken, made, sooner = sorted(tally.wall.seconds), [], 0
    for most, label in _CLASSES:
        within = bisect_right(taken, most * HOUR)
        made.append(count(f"within:{most}", label, within - sooner))
        sooner = within
    return (
        *made,
        count("later", "Later", len(taken) - sooner),
        count("not_yet", "Not answered", tally.reached - tally.answered),
    )


def opinions(facts: Facts) -> tuple[Figure, ...]:
    """Both sides' answers to "was it worth your time?", whenever the conversation began."""
    said = facts.activity.opinions

    def yes(side: str, label: str) -> Figure:
        both = said[side, "yes"] + said[side, "no"]
        return share(f"worth:{side}", label, said[side, "yes"], both)

    return (
        yes("candidate", "Worth their time, say candidates"),
        yes("ambassador", "Worth their time, say ambassadors"),
    )


def privacy(facts: Facts) -> tuple[Figure, ...]:
    taken = facts.keys(EventKind.FORGOTTEN)
    seconds = [float(key or 0) * HOUR for key, number in taken.items() for _ in range(number)]
    return (
        count("leaks", "Leaks caught before a mail went out", facts.number(EventKind.LEAK_CAUGHT)),
        count("forgeries", "Forged senders refused", facts.rules(EventKind.REFUSED)[FORGERY]),
        count("erasures", "People erased at their wish", len(seconds)),
        hours("erasure_median", "Median time until they were erased", seconds, 0.5),
    )


def delivery(facts: Facts) -> tuple[Figure, ...]:
    delivered, failed = facts.number(EventKind.DELIVERED), facts.number(EventKind.FAILED)
    return (
        share("delivered", "Mails that were delivered", delivered, delivered + failed),
        count("failed", "Mails that could not be delivered", failed),
        *(
            count(
                f"suspended:{side}",
                f"{side.value.capitalize()}s who get no mail until they write, since it comes back",
                facts.number(EventKind.SUSPENDED, side.value),
            )
            for side in Side
        ),
    )
