"""Machines are neither carried nor answered; people who write about machines are."""

from __future__ import annotations

import pytest
from mails import a_case, a_message, an_envelope

from screening.addresses import Mailbox
from screening.case import Disposition
from screening.message import Attachment
from screening.rules.automatic import automatic


def test_a_person_is_no_machine() -> None:
    assert automatic(a_case()) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated"),
        ("auto-submitted", "Auto-Replied; owner-email=x"),
        ("Auto-Submitted", "auto-notified"),
        ("Precedence", "bulk"),
        ("Precedence", "Junk"),
        ("Precedence", "list"),
        ("Precedence", "auto_reply"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Auto-Response-Suppress", "DR, OOF, AutoReply"),
        ("X-Autoreply", "yes"),
        ("X-Autorespond", "anything"),
        ("X-Vacation", "x"),
    ],
)
def test_a_machine_that_says_so_is_believed(name: str, value: str) -> None:
    finding = automatic(a_case((name, value)))
    assert finding is not None
    assert finding.disposition is Disposition.DISCARD


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "no"),
        ("Auto-Submitted", "No (comment)"),
        ("Precedence", "first-class"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN"),
        ("Disposition-Notification-To", "casey@mailer.test"),
        ("Importance", "high"),
    ],
)
def test_marks_that_people_send_too_are_none(name: str, value: str) -> None:
    assert automatic(a_case((name, value))) is None


def test_the_null_sender_is_a_machine() -> None:
    assert automatic(a_case(envelope=an_envelope(sender=""))) is not None


@pytest.mark.parametrize(
    "local",
    [
        *("MAILER-DAEMON", "mailer-daemon", "no-reply", "noreply", "NoReply+x", "do-not-reply"),
        *("bounce", "donotreply", "postmaster", "bounces+7=x", "billing-noreply", "news.no-reply"),
        *("do_not_reply", "keine-antwort", "ne-pas-repondre", "noresponder", "nao.responda"),
        *("notifications", "ci-notifications", "newsletter", "alerts+prod", "cron"),
    ],
)
def test_an_author_who_reads_no_answers_is_a_machine(local: str) -> None:
    message = a_message(author=Mailbox(f"{local}@mailer.test"))
    assert automatic(a_case(message=message)) is not None


@pytest.mark.parametrize(
    "local", ["norepo", "bouncer.ann", "reply", "postmasters-club", "alertine", "cronin"]
)
def test_a_name_that_only_resembles_one_is_a_person(local: str) -> None:
    message = a_message(author=Mailbox(f"{local}@mailer.test"))
    assert automatic(a_case(message=message)) is None


@pytest.mark.parametrize("kind", ["multipart/report", "message/disposition-notification"])
def test_reports_and_receipts_are_recognised_by_their_form(kind: str) -> None:
    assert automatic(a_case(message=a_message(content_type=kind))) is not None
    part = Attachment("", kind, 100, b"")
    assert automatic(a_case(message=a_message(attachments=(part,)))) is not None


@pytest.mark.parametrize(
    ("method", "machine"), [(b"REPLY", True), (b"COUNTER", True), (b"REQUEST", False)]
)
def test_an_answer_to_an_invitation_is_a_machine_and_an_invitation_is_not(
    method: bytes, machine: bool
) -> None:
    event = b"BEGIN:VCALENDAR\r\nMETHOD:" + method + b"\r\nEND:VCALENDAR\r\n"
    part = Attachment("", "text/calendar", len(event), event)
    assert (automatic(a_case(message=a_message(attachments=(part,)))) is not None) is machine


def test_a_cancelled_meeting_says_nothing_to_a_stranger_and_much_in_a_conversation() -> None:
    event = b"BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"
    message = a_message(attachments=(Attachment("", "text/calendar", len(event), event),))
    assert automatic(a_case(message=message, first_contact=True)) is not None
    assert automatic(a_case(message=message, first_contact=False)) is None


def test_an_absence_note_without_any_mark_is_recognised() -> None:
    message = a_message(("Subject", "Abwesend"), text="Ich bin bis 3. Mai im Urlaub.")
    finding = automatic(a_case(message=message))
    assert finding is not None
    assert "absence" in finding.reason
