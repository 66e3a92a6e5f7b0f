"""Invitations work across the mask: who is who, and whose event it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.masking.identity import Identity
from relay.masking.scrub.calendar import calendar
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ALEX, DANA = "alex.chen@corp.test", "dana@home.test"
GUEST = "guest-abcdefghij234567abcd@peers.test"  # Dana, as Alex knows her
PEER = "peer-alex+t.zyxwvutsrq765432zyxw@peers.test"  # Alex, as Dana knows him
PUBLIC = "peer-alex@peers.test"
AUTHOR = Identity((ALEX,), hosts=("ws-7.lan.corp.test",), surnames=("Chen",))
UID = "040000008200E00074C5B7101A82E00800000000@ws-7.lan.corp.test"


def an_event(*lines: str, method: str = "REQUEST") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT"]
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def to_dana(*lines: str, method: str = "REQUEST") -> str:
    return unfolded(calendar(an_event(*lines, method=method), AUTHOR, PEER, {GUEST: DANA}))


def to_alex(*lines: str, method: str = "REPLY") -> str:
    content = an_event(*lines, method=method)
    return unfolded(calendar(content, Identity((DANA,)), GUEST, {PEER: PUBLIC}))


def unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")


def value(text: str, name: str) -> str:
    return re.search(rf"^{name}[;:](.*)$", text, re.MULTILINE)[1].strip()


def test_an_invitation_names_the_masks_and_keeps_its_method_and_times() -> None:
    shown = to_dana(
        "DTSTART;TZID=Europe/Berlin:20260311T100000",
        'ORGANIZER;CN="Alex Chen":mailto:alex.chen@cor\r\n p.test',
        f"ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION;CN={GUEST}:MAILTO:{GUEST}",
        "SUMMARY:Kaffee; größer",
    )
    assert "METHOD:REQUEST" in shown
    assert "DTSTART;TZID=Europe/Berlin:20260311T100000" in shown
    assert f'ORGANIZER;CN="Alex":mailto:{PEER}' in shown
    assert f"ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:{DANA}" in shown
    assert "SUMMARY:Kaffee; größer" in shown


def test_an_acceptance_brings_the_organiser_their_own_uid() -> None:
    theirs = value(to_dana(f"UID:{UID}", f"ORGANIZER:mailto:{ALEX}"), "UID")
    assert "ws-7" not in theirs
    answer = to_alex(
        f"UID:{theirs}", f"ORGANIZER:mailto:{PEER}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{DANA}"
    )
    assert value(answer, "UID") == UID
    assert f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{GUEST}" in answer
    assert f"ORGANIZER:mailto:{PUBLIC}" in answer
    assert "METHOD:REPLY" in answer


def test_a_change_and_a_cancellation_name_the_same_event() -> None:
    first = value(to_dana(f"UID:{UID}"), "UID")
    assert value(to_dana(f"UID:{UID}", "SEQUENCE:1", method="CANCEL"), "UID") == first
    assert value(to_dana("UID:another", f"RELATED-TO:{UID}"), "RELATED-TO") == first


def test_the_uid_of_one_thread_means_nothing_in_another() -> None:
    theirs = value(to_dana(f"UID:{UID}"), "UID")
    content = an_event(f"UID:{theirs}", method="REPLY")
    other = "peer-alex+t.22222222222222222222@peers.test"
    answer = unfolded(calendar(content, Identity((DANA,)), GUEST, {other: PUBLIC}))
    assert value(answer, "UID") not in (UID, theirs)


def test_other_guests_are_left_out_and_nobody_is_named_twice() -> None:
    shown = to_dana(
        "ORGANIZER;CN=Bo:mailto:bo@corp.test",
        f"ATTENDEE:mailto:{ALEX}",
        f"ATTENDEE:mailto:{ALEX.upper()}",
        "ATTENDEE;CN=Team:mailto:team@corp.test",
        f'ATTENDEE;MEMBER="mailto:team@corp.test";SENT-BY="mailto:{ALEX}":mailto:{GUEST}',
        "ATTENDEE;EMAIL=alex.chen@corp.test:urn:uuid:1",
    )
    assert shown.count("ATTENDEE") == 2
    assert f"ORGANIZER:mailto:{PEER}" in shown
    assert "corp.test" not in shown
    assert f"ATTENDEE:mailto:{DANA}" in shown


def test_texts_keep_their_words_and_lose_addresses() -> None:
    shown = to_dana(
        r"DESCRIPTION:Hi\nalex.chen@corp.test\, ask " + GUEST + r" (corp.test)\nBye",
        "X-ALT-DESC;FMTTYPE=text/html:<a href='mailto:alex.chen@corp.test'>",
        "X-MS-OLK-SENDER:mailto:alex.chen@corp.test",
        "URL:https://cal.corp.test/alex",
        "LOCATION:Café",
        "ATTACH;VALUE=BINARY;ENCODING=BASE64:aGVsbG8=",
        "PRODID:-//Chen Ltd//EN",
    )
    assert rf"DESCRIPTION:Hi\n{PEER}\, ask {DANA} (corp.test)\nBye" in shown
    assert "LOCATION:Café" in shown
    for gone in ("X-ALT", "OLK", "URL", "ATTACH", "Chen"):
        assert gone not in shown


def test_lines_that_tell_nothing_keep_their_bytes() -> None:
    content = an_event(
        "DTSTART:20260311T100000Z",
        "SUMMARY:" + "word " * 14 + "\r\n and more",
        "DESCRIPTION:a\\, b\\;c\\nd\\\\e \\N f",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "END:VALARM",
    )
    assert calendar(content, AUTHOR, PEER, {GUEST: DANA}) == content


def test_long_lines_are_folded_between_characters() -> None:
    shown = calendar(an_event(f"SUMMARY:{'ö' * 90} {ALEX}"), AUTHOR, PEER, {GUEST: DANA})
    assert max(map(len, shown.split(b"\r\n"))) <= 75
    assert f"SUMMARY:{'ö' * 90} {PEER}" in unfolded(shown)


def test_a_calendar_in_an_archive_names_nobody_who_is_unknown() -> None:
    shown = scrub(an_event(f"UID:{UID}", f"ORGANIZER:mailto:{ALEX}", "SUMMARY:x"), AUTHOR)
    assert b"ORGANIZER" not in shown
    assert b"ws-7" not in shown
    assert b"SUMMARY:x" in shown


@pytest.mark.parametrize(
    "content", [b"BEGIN:VCALENDAR\nno line at all\n", b"BEGIN:VCALENDAR\n" + b"X-A:1\n" * 100_001]
)
def test_broken_and_endless_calendars_are_refused(content: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(content, AUTHOR)


@given(
    st.text(min_size=1, max_size=80).filter(lambda uid: uid.strip() == uid and uid.isprintable())
)
@settings(max_examples=60, deadline=None)
def test_any_uid_comes_back(uid: str) -> None:
    there = value(to_dana(f"UID:{uid}"), "UID")
    assert value(to_alex(f"UID:{there}"), "UID") == uid
