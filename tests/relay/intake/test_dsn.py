"""Delivery reports of many mail systems, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relay.intake.dsn import Action, Report, read

FOLDER = Path(__file__).parents[2] / "messages" / "dsn"
FAILED, DELAYED = Action.FAILED, Action.DELAYED
WANTED = {
    "action-missing": Report(FAILED, "5.4.4"),
    "delivered-to-mailbox": Report(Action.DELIVERED, "2.0.0"),
    "domino-not-delivered": Report(FAILED),
    "exchange-2003-prose": Report(FAILED),
    "exchange-2010-html-only": Report(FAILED, "5.7.133"),
    "exchange-base64-status-in-a-wrapper": Report(FAILED, "5.2.2"),
    "exchange-delayed-prose": Report(DELAYED, "4.4.7"),
    "exchange-online-not-found": Report(FAILED, "5.1.10"),
    "exim-delay-warning": Report(DELAYED),
    "exim-permanent": Report(FAILED, "5.2.2"),
    "exim-unrouteable-without-code": Report(FAILED),
    "failed-with-a-success-code": Report(FAILED),
    "gmail-address-not-found": Report(FAILED, "5.1.1"),
    "gmail-old-delay": Report(DELAYED),
    "gmail-old-permanent": Report(FAILED, "5.2.1"),
    "gmail-will-retry": Report(DELAYED, "4.4.2"),
    "international-recipient": Report(FAILED, "5.1.6"),
    "one-of-two-recipients-got-it": Report(Action.RELAYED, "2.0.0"),
    "postfix-delay-warning": Report(DELAYED, "4.4.1"),
    "postfix-queue-expired": Report(FAILED, "4.4.1"),
    "postfix-unknown-user": Report(FAILED, "5.1.1"),
    "qmail-no-mailbox": Report(FAILED, "5.1.1"),
    "qmail-remote-refused": Report(FAILED, "5.0.0"),
    "qmail-too-long-in-queue": Report(FAILED, "4.4.1"),
    "sendmail-failed-folded-fields": Report(FAILED, "5.1.10"),
    "sendmail-old-fatal": Report(FAILED, "5.7.1"),
    "sendmail-old-warning": Report(DELAYED),
    "status-as-a-text-attachment": Report(FAILED, "5.7.1"),
    "yahoo-unable": Report(FAILED),
    "none-abuse-report": None,
    "none-challenge": None,
    "none-out-of-office": None,
    "none-read-receipt": None,
    "none-report-inside-a-forwarded-message": None,
}


def content(name: str) -> bytes:
    """The file with the line ends it had on the wire."""
    return (FOLDER / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def test_every_report_of_the_collection_is_expected_here():
    assert {file.stem for file in FOLDER.glob("*.eml")} == set(WANTED)


@pytest.mark.parametrize("name", WANTED)
def test_a_report_is_read_as_what_it_says(name: str):
    assert read(content(name)) == WANTED[name]
    assert read(content(name).replace(b"\r\n", b"\n")) == WANTED[name]


def test_a_failure_after_long_trying_is_final_but_says_nothing_about_later_mail():
    expired, unknown = Report(FAILED, "4.4.1"), Report(FAILED, "5.1.1")
    assert (expired.failed, expired.permanent) == (True, False)
    assert (unknown.failed, unknown.permanent) == (True, True)
    assert Report(FAILED).permanent
    assert not Report(DELAYED, "5.1.1").permanent


@pytest.mark.parametrize("name", [name for name in WANTED if "none" not in name])
def test_a_report_that_was_cut_says_the_same_or_nothing(name: str):
    whole = content(name)
    for size in range(0, len(whole), 40):
        cut = read(whole[:size])
        assert cut is None or cut.action in (WANTED[name].action, FAILED)


def test_only_the_top_of_a_message_is_looked_at():
    far = content("postfix-unknown-user").replace(b"This is the mail", b"x\r\n" * 200_000, 1)
    assert read(far) is None


HOSTILE = [
    b"Content-Type: multipart/report; boundary=" + b"a" * 300_000,
    b"Content-Type: multipart/report; boundary=-\n\n" + b"\n---" * 60_000,
    b"Content-Type: multipart/mixed; boundary=b\n\n" * 5_000,
    b"From: mailer-daemon\n\n" + b"-" * 250_000,
    b"From: mailer-daemon\n\n" + b"<" * 250_000,
    b"From: mailer-daemon\n\n" + b"5." * 120_000,
    b"From: mailer-daemon\n\n" + b": " * 120_000,
    b"From: mailer-daemon\nContent-Transfer-Encoding: base64\n\nA=B",
    b"Subject: " + b"deliver" * 30_000 + b"\n\nfailed",
    b"Content-Type: message/delivery-status\n\n" + b"\n \t" * 80_000,
    b"Content-Type: message/delivery-status\n\n" + b"Status: \n" * 30_000,
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_messages_are_no_reports(raw: bytes):
    assert read(raw) is None


PIECES = st.lists(
    st.sampled_from(
        [
            b"Content-Type: multipart/report; boundary=b",
            b"Content-Type: message/delivery-status",
            b"Content-Transfer-Encoding: base64",
            b"Content-Transfer-Encoding: quoted-printable",
            b"From: mailer-daemon",
            b"Action: failed",
            b"Action: \xff",
            b"Status: 5.1.1",
            b"Status: 9.9.9",
            b"Final-Recipient: rfc822; a@b",
            b"--b",
            b"--b--",
            b"",
            b" folded",
            b"=3D=",
            b"could not be delivered: 550 no",
        ]
    )
    | st.binary(max_size=20),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(PIECES)
@example([b"From: mailer-daemon", b"", b"<<failed permanently>> : 550 "])
def test_any_message_is_a_report_or_none(pieces: list[bytes]):
    report = read(b"\r\n".join(pieces))
    assert report is None or report.status[:1] in ("", "2", "4", "5")
