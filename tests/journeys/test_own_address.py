"""Who types their own address, or sends a file that shows it, is asked before it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from documents import a_pdf
from town import ALEX, DANA, PEER, SAM, Post, Town, a_town

from relay.threads import review
from relay.threads.parties import parties
from relay.threads.waiting import Waiting
from storage import outbox
from storage.database import Database
from storage.records.mail import OutgoingState
from storage.records.threads import ThreadState

TYPED = f"Hello Alex. Write to {DANA} if you like."


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, privacy__typed_addresses="ask") as made:
        yield made


def question(town: Town, mailbox: str = DANA) -> Post:
    return town.last(mailbox, "Your own address is in")


def states(town: Town) -> list[OutgoingState]:
    with town.database.read() as connection:
        thread = town.threads()[0].id
        return [one.outgoing.state for one in outbox.held_in_thread(connection, thread)]


def test_nothing_goes_before_its_author_has_answered(town: Town) -> None:
    assert town.send(DANA, PEER, TYPED).accepted
    asked = question(town)
    assert town.got(ALEX) == []
    assert DANA in asked.text
    assert asked.ours
    assert "21 November" in asked.text
    assert states(town) == [OutgoingState.ASKED, OutgoingState.ASKED]


@pytest.mark.parametrize("word", ["send", "Yes, please", "> what?\n\nja\n\nDana"])
def test_send_carries_it_as_it_stands(town: Town, word: str) -> None:
    town.send(DANA, PEER, TYPED)
    assert town.send(DANA, question(town).answers_to, word).accepted
    (carried,) = town.got(ALEX)
    assert f"Write to {DANA} if" in carried.text
    assert states(town) == []
    assert town.threads()[0].state is ThreadState.WAITING


@pytest.mark.parametrize("word", ["mask", "Verdecken!"])
def test_mask_carries_it_masked(town: Town, word: str) -> None:
    town.send(DANA, PEER, TYPED)
    assert town.send(DANA, question(town).answers_to, word).accepted
    (carried,) = town.got(ALEX)
    assert DANA.encode() not in carried.content
    assert "Write to guest-" in carried.text
    assert states(town) == []


def test_an_ambassador_is_asked_as_well_and_the_thread_holds_together(town: Town) -> None:
    town.send(DANA, PEER, "How do you test?")
    (first,) = town.got(ALEX)
    town.send(ALEX, first.answers_to, f"Like this. My address is {ALEX}.", Message_ID="<a1@corp>")
    assert town.got(DANA) == [question(town, ALEX)] or town.got(DANA, "Like this") == []
    assert town.threads()[0].state is ThreadState.WAITING
    assert town.send(ALEX, question(town, ALEX).answers_to, "send").accepted
    carried = town.last(DANA, "Like this")
    assert ALEX in carried.text
    assert town.threads()[0].state is ThreadState.ANSWERED
    town.send(
        DANA, carried.answers_to, "Thanks, and why?", In_Reply_To=carried.message["Message-ID"]
    )
    assert town.last(ALEX, "and why").message["In-Reply-To"] == "<a1@corp>"


def test_only_who_was_asked_may_answer_and_only_once(town: Town) -> None:
    town.send(DANA, PEER, TYPED)
    address = question(town).answers_to
    for other in (ALEX, SAM, "mallory@mailer.test"):
        assert town.send(other, address, "send").code == 550
    assert town.got(ALEX) == []
    assert town.send(DANA, address, "mask").accepted
    assert town.send(DANA, address, "send").code == 550
    assert len(town.got(ALEX)) == 1


def test_what_is_neither_is_asked_once_more(town: Town) -> None:
    town.send(DANA, PEER, TYPED)
    assert town.send(DANA, question(town).answers_to, "What do you mean?").accepted
    again = town.last(DANA, "one word")
    assert town.got(ALEX) == []
    assert town.send(DANA, again.answers_to, "send").accepted
    assert len(town.got(ALEX)) == 1


def test_another_message_does_not_let_it_go(town: Town) -> None:
    town.send(DANA, PEER, TYPED)
    town.send(DANA, PEER, "Something else.")
    assert [one.text for one in town.got(ALEX)] == ["Something else."]
    assert len(states(town)) == 2


def test_without_an_answer_it_lapses_in_silence(town: Town) -> None:
    town.send(DANA, PEER, TYPED)
    before = len(town.got(DANA))
    town.pass_time(timedelta(days=6), timedelta(days=1))
    assert town.got(ALEX) == []
    assert len(town.got(DANA)) == before
    assert states(town) == []
    assert town.threads()[0].state is ThreadState.CLOSED
    assert town.send(DANA, question(town).answers_to, "send").code == 550


def test_nobody_else_decides_on_it(town: Town) -> None:
    town.send(DANA, PEER, TYPED)
    (thread,) = town.threads()
    with town.database.read() as connection:
        items = outbox.held_in_thread(connection, thread.id)
        everybody = parties(connection, thread)
        assert outbox.held(connection) == ()
    assert everybody
    for item in items:
        with pytest.raises(review.NotDecidable):
            review.decline(Waiting(item, thread, everybody), "", town.pen)


def test_whoever_is_not_proven_cannot_be_asked(town: Town) -> None:
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"] = DANA, PEER, "hello"
    raw["Date"], raw["Message-ID"] = "Mon, 16 Nov 2026 09:00:00 +0000", "<x@mailer.test>"
    raw.set_content(TYPED)
    content = raw.as_bytes().replace(b"\n", b"\r\n")
    town.hand_in(DANA, PEER, content, client="192.0.2.9")
    assert town.got(DANA) == []
    assert town.got(ALEX) == []


def with_file(text: str, shows: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = DANA, PEER, "hello"
    mail["Date"], mail["Message-ID"] = "Mon, 16 Nov 2026 09:00:00 +0000", "<f@mailer.test>"
    mail.set_content(text)
    mail.add_attachment(a_pdf(shows), maintype="application", subtype="pdf", filename="cv.pdf")
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def test_a_file_that_shows_the_address_waits_and_the_message_goes_without(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path) as town:
        town.hand_in(DANA, PEER, with_file("Here is my talk.", f"Mail {DANA}"))
        (first,) = town.got(ALEX)
        assert "cv.pdf was left out" in first.text
        asked = question(town)
        assert "cv.pdf" in asked.text
        assert len(town.got(DANA)) == 1
        assert town.send(DANA, asked.answers_to, "send").accepted
        _, second = town.got(ALEX)
        assert second.message["Message-ID"] != first.message["Message-ID"]
        names = [part.get_filename() for part in second.message.walk()]
        assert "cv.pdf" in names
        assert town.threads()[0].state is ThreadState.WAITING


def test_a_file_that_may_not_be_shown_is_deleted(sqlite_database: Database, tmp_path: Path) -> None:
    with a_town(sqlite_database, tmp_path) as town:
        town.hand_in(DANA, PEER, with_file("Here is my talk.", f"Mail {DANA}"))
        assert town.send(DANA, question(town).answers_to, "no").accepted
        assert len(town.got(ALEX)) == 1
        assert states(town) == []


def test_a_file_that_cannot_be_carried_at_all_is_named_to_its_author(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path) as town:
        raw = with_file("Here is my talk.", "x").replace(b"cv.pdf", b"key.asc")
        armor = (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nabc\r\n-----END PGP PUBLIC KEY BLOCK-----"
        )
        head, _, rest = raw.rpartition(b"Content-Type: application/pdf")
        fields, _, body = rest.partition(b"\r\n\r\n")
        end = body.rpartition(b"\r\n--")[2]
        plain = fields.replace(b"base64", b"7bit")
        raw = (
            head + b"Content-Type: application/pdf" + plain + b"\r\n\r\n" + armor + b"\r\n--" + end
        )
        assert town.hand_in(DANA, PEER, raw).accepted
        assert len(town.got(ALEX)) == 1
        told = town.last(DANA, "could not go")
        assert "key.asc" in told.text
        assert states(town) == []
