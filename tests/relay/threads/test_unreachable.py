"""Mail that comes back: what counts against an address, and what is forgiven."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desks import a_pen, a_working_monday
from stores import a_candidate, a_thread, an_ambassador, an_outgoing

from relay.threads.parties import Parties
from relay.threads.unreachable import came_back, heard_from, in_reply, in_report
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import OutboxItem, Outgoing
from storage.records.people import SUSPENDED_AT, AmbassadorState, Side

MONDAY = a_working_monday()
ALEX, SAM = an_ambassador("alex"), an_ambassador("sam")
DANA = a_candidate("dana@mailer.test", proven=True)
EVERYBODY = Parties(ALEX, DANA, SAM)
THREAD = a_thread(ALEX, DANA, last_candidate_at=MONDAY, last_ambassador_at=MONDAY)


def an_item(to: Side, recipient: str) -> OutboxItem:
    sent: Outgoing = an_outgoing(
        to=to, recipient=recipient, created_at=MONDAY, thread_id=THREAD.id, ambassador_id=ALEX.id
    )
    return OutboxItem(sent, 1, MONDAY, 100)


def after(item: OutboxItem, failures: int, parties: Parties = EVERYBODY) -> Changes:
    return came_back(item, failures, THREAD, parties, a_pen(MONDAY))


TO_DANA = an_item(Side.CANDIDATE, "dana@mailer.test")
TO_ALEX = an_item(Side.AMBASSADOR, ALEX.mailbox)


@pytest.mark.parametrize(
    ("status", "failures"),
    [
        ("5.1.1", SUSPENDED_AT),  # no such mailbox
        ("5.1.10", SUSPENDED_AT),  # the domain takes no mail
        ("5.2.1", SUSPENDED_AT),  # the mailbox was closed
        ("5.2.2", 1),  # it is full
        ("4.4.7", 1),  # tried for days
        ("5.0.0", 1),
        ("", 1),  # the report gave no code
        ("5.3.4", 0),  # too large a message
        ("5.6.1", 0),  # a kind of content that they do not take
        ("5.7.1", 0),  # a policy
    ],
)
def test_a_report_counts_by_what_it_says_of_the_mailbox(status: str, failures: int) -> None:
    assert in_report(status) == failures


@pytest.mark.parametrize(
    ("reply", "failures"),
    [
        ("550 5.1.1 <dana@mailer.test>: no such user", 1),
        ("5.1.2 no such mail domain", 1),
        ("552 5.2.2 mailbox full", 1),
        ("554 5.7.1 relaying denied", 0),
        ("550 no", 0),  # of whom, or of what?
        ("451 4.4.1 the next host at 10.5.1.1 is not there", 0),
    ],
)
def test_a_refusal_counts_only_if_it_is_about_the_mailbox(reply: str, failures: int) -> None:
    assert in_reply(reply) == failures


def test_a_mailbox_that_is_not_there_is_suspended_at_once_and_the_report_knows() -> None:
    changes = after(TO_DANA, SUSPENDED_AT)
    assert changes.candidates[0].suspended
    assert [one.kind for one in changes.events] == [EventKind.SUSPENDED]
    assert changes.events[0].detail == {"side": "candidate"}


def test_a_mailbox_that_is_full_or_refused_is_suspended_after_five_in_a_row() -> None:
    parties, seen = EVERYBODY, []
    for _ in range(SUSPENDED_AT):
        changes = after(TO_ALEX, in_reply("550 5.1.1 no such user"), parties)
        parties = replace(parties, ambassador=changes.ambassadors[0])
        seen.append((parties.ambassador.suspended, len(changes.events)))
    assert seen == [(False, 0)] * 4 + [(True, 1)]
    assert not parties.ambassador.available(MONDAY)
    assert after(TO_ALEX, 1, parties) == Changes()  # nothing is counted or told twice


def test_the_backups_own_mailbox_is_counted_where_the_mail_was_for_them() -> None:
    changes = after(an_item(Side.AMBASSADOR, SAM.mailbox), SUSPENDED_AT)
    assert [one.name for one in changes.ambassadors] == ["sam"]


def test_an_address_that_they_gave_up_counts_for_nothing() -> None:
    assert after(an_item(Side.AMBASSADOR, "old@corp.example.test"), SUSPENDED_AT) == Changes()
    assert after(an_item(Side.CANDIDATE, "old@mailer.test"), SUSPENDED_AT) == Changes()


@pytest.mark.parametrize("item", [TO_DANA, TO_ALEX])
def test_who_wrote_since_has_a_mailbox_whatever_a_report_says(item: OutboxItem) -> None:
    later = MONDAY + timedelta(minutes=1)
    thread = replace(THREAD, last_candidate_at=later, last_ambassador_at=later)
    assert came_back(item, SUSPENDED_AT, thread, EVERYBODY, a_pen(later)) == Changes()


def test_whoever_writes_is_forgiven_and_what_they_asked_for_is_kept() -> None:
    back = replace(ALEX, failures=SUSPENDED_AT)
    assert heard_from(back, Changes()).ambassadors == (ALEX,)
    paused = Changes(ambassadors=(replace(back, state=AmbassadorState.PAUSED),))
    assert heard_from(back, paused).ambassadors == (replace(ALEX, state=AmbassadorState.PAUSED),)
    assert heard_from(ALEX, Changes()) == Changes()
