"""Out of office, thanks, no room, an employer's address, leaving, and the language of our mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from mails import key_record, raw_mail, signed
from town import ALEX, DANA, PEER, SAM, Town, a_town
from world import DOMAIN

from relay.threads import farewell
from relay.threads.parties import talks
from storage import people, threads
from storage.database import Database
from storage.records.threads import ThreadState

DAY = timedelta(days=1)
WORK = "dana.keller@bigbank.test"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, ambassador__weekly_threads=2) as made:
        assert made.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
        yield made


def guest(town: Town) -> str:
    return town.got(ALEX)[0].answers_to


def away(town: Town, note: str, to: str = "", sender: str | None = None) -> None:
    mark = {"Auto_Submitted": "auto-replied", "Subject": "Automatic reply"}
    raw = raw_mail(body=note + "\r\n", From=ALEX, To=guest(town), Message_ID="<a@x.test>", **mark)
    assert town.hand_in(ALEX, to or guest(town), raw, sender=sender).accepted


def test_an_absence_asks_the_backup_and_offers_a_pause(town: Town) -> None:
    away(town, "I am back on 14 December.")
    assert "away until Monday, 14 December" in town.last(DANA).text
    assert town.got(SAM, "Could you answer Dana")
    offer = town.last(ALEX, "shall we keep new mail")
    page = offer.message.get_body(("html",)).get_content()
    assert f"mailto:desk@{DOMAIN}?subject=Re&amp;body=%2Fpause%202026-12-14" in page
    assert town.threads()[0].state is ThreadState.ESCALATED
    assert town.threads()[0].last_ambassador_at is None


def test_an_absence_is_told_of_once(town: Town) -> None:
    for day in range(3):
        town.now += day * DAY
        away(town, f"I am back on 14 December. {day}")
    assert len(town.got(DANA)) == 1
    assert len(town.got(SAM)) == 1
    assert len(town.got(ALEX, "shall we keep")) == 1


def test_an_absence_note_to_the_reverse_path_is_understood_too(town: Town) -> None:
    assert town.got(ALEX)
    with town.database.read() as connection:
        token = connection.sql.exec_driver_sql(
            "SELECT return_token FROM outbox WHERE return_token IS NOT NULL"
        ).scalar_one()
    away(town, "Ich bin bis 4. Dezember im Urlaub.", f"bounce+{token}@{DOMAIN}", sender="")
    assert town.got(SAM, "Could you answer Dana")
    assert town.got(ALEX, "Sollen wir so lange")


def test_an_absence_of_unknown_length_asks_the_backup_and_offers_nothing(town: Town) -> None:
    away(town, "I am away.")
    assert "is away." in town.last(DANA).text
    assert len(town.got(ALEX)) == 1


def test_a_bare_thanks_reaches_its_reader_and_starts_no_clock(town: Town) -> None:
    town.send(ALEX, guest(town), "Hi Dana, with two steps.")
    peer = town.last(DANA).answers_to
    assert town.send(DANA, peer, "Great, thanks a lot!\n\nDana").accepted
    assert town.got(ALEX, "Great, thanks")
    assert town.threads()[0].state is ThreadState.ANSWERED
    town.pass_time(5 * DAY)
    assert town.got(ALEX, "is waiting") == []
    assert town.send(DANA, peer, "Thanks! And how do you undo one?").accepted
    assert town.threads()[0].state is ThreadState.WAITING


def test_above_the_budget_a_colleague_or_a_day_is_offered_and_nothing_passed_on(town: Town) -> None:
    assert town.send("kim@mailer.test", PEER, "Hello from Kim.").accepted
    assert town.send("lee@mailer.test", PEER, "Hello from Lee.").accepted
    offer = town.last("lee@mailer.test")
    assert "peer-sam@" in offer.text
    assert "Monday, 23 November" in offer.text
    assert town.got(ALEX, "from Lee") == []
    assert len(town.threads()) == 2
    again = town.send("lee@mailer.test", PEER, "Hello again from Lee.")
    assert again.code == 550
    assert len(town.got("lee@mailer.test")) == 1
    town.now += 7 * DAY
    assert town.send("lee@mailer.test", PEER, "Hello once more from Lee.").accepted
    assert town.got(ALEX, "once more from Lee")


def test_above_the_open_conversations_the_same_is_offered_until_one_rests(
    sqlite_database: Database, tmp_path: Path
) -> None:
    limits = {"ambassador__weekly_threads": 0, "ambassador__open_threads": 2}
    with a_town(sqlite_database, tmp_path, **limits) as town:
        town.send(DANA, PEER, "Hello from Dana.")
        town.send(ALEX, guest(town), "Hi Dana.")
        town.now += DAY
        assert town.send("kim@mailer.test", PEER, "Hello from Kim.").accepted
        assert town.send("lee@mailer.test", PEER, "Hello from Lee.").accepted
        offer = town.last("lee@mailer.test")
        assert "peer-sam@" in offer.text
        assert "Monday, 30 November" in offer.text
        assert town.got(ALEX, "from Lee") == []
        town.send(ALEX, guest(town), "/close")
        assert town.send("lou@mailer.test", PEER, "Hello from Lou.").accepted
        assert town.got(ALEX, "from Lou")


def test_who_is_not_proven_gets_no_mail_about_room_but_a_reply(town: Town) -> None:
    town.send("kim@mailer.test", PEER, "Hello.")
    raw = raw_mail(From="lee@nowhere.test", To=PEER)
    assert town.hand_in("lee@nowhere.test", PEER, raw, client="192.0.2.1").code == 550
    assert town.got("lee@nowhere.test") == []


def test_a_conversation_that_exists_has_room_always(town: Town) -> None:
    town.send("kim@mailer.test", PEER, "Hello from Kim.")
    assert town.send(DANA, PEER, "One more question, please.").accepted
    assert town.got(ALEX, "One more question")


def test_a_pool_gives_to_whoever_has_room_and_stays_with_them(town: Town) -> None:
    robin = "robin@corp.example.test"
    town.add("robin", "Robin Li", robin, topics=("python",))
    pool = f"peer-python@{DOMAIN}"
    assert town.send("kim@mailer.test", pool, "Hello pool.").accepted
    assert town.got(robin, "Hello pool.")
    town.send("lee@mailer.test", f"peer-robin@{DOMAIN}", "Hello Robin.")
    assert town.send("kim@mailer.test", pool, "Hello again.").accepted
    assert town.got(robin, "Hello again.")


def from_work(town: Town, to: str, body: str = "Hello.") -> None:
    town.answers |= {
        ("bigbank.test", "MX"): ("10 mx1.bigbank.test",),
        ("_dmarc.bigbank.test", "TXT"): ("v=DMARC1; p=reject",),
        ("s1._domainkey.bigbank.test", "TXT"): (key_record(),),
    }
    id_ = f"<{len(town.posted)}{to}@bigbank.test>"
    raw = raw_mail(body=f"{body}\r\n", From=f"Dana <{WORK}>", To=to, Message_ID=id_)
    assert town.hand_in(WORK, to, signed(raw, "bigbank.test"), client="192.0.2.20").accepted


def test_an_employers_address_is_warned_of_once_and_the_message_goes(town: Town) -> None:
    for name in ("alex", "sam"):
        from_work(town, f"peer-{name}@{DOMAIN}", f"Hello {name}.")
    assert town.got(ALEX, "Hello alex.")
    assert town.got(SAM, "Hello sam.")
    (warned,) = town.got(WORK)
    assert "Your employer may" in warned.text


def test_a_message_from_work_can_be_held_until_its_author_goes_on(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path, privacy__employer_warning="hold") as town:
        from_work(town, PEER, "Hello from work.")
        assert town.got(ALEX) == []
        warned = town.last(WORK, "Before your message goes to Alex")
        from_work(town, warned.answers_to, "Go on.")
        assert len(town.got(ALEX, "Hello from work.")) == 1
        assert len(town.got(WORK)) == 1


def test_who_leaves_passes_conversations_on_and_points_to_the_backup(town: Town) -> None:
    with town.database.read() as connection:
        alex = people.ambassador_by_name(connection, "alex")
        assert alex
        mine = talks(connection, threads.of_ambassador(connection, alex.id))
    town.apply(farewell.remove(alex, mine, (), town.settings.followup, town.pen))
    assert town.got(SAM, "hands a conversation")
    assert len(town.got(DANA, "takes over")) == 1
    reply = town.send("kim@mailer.test", PEER, "Hello?")
    assert (reply.code, "peer-sam" in reply.text) == (550, True)
    assert town.send(ALEX, guest(town), "I was here.").code == 550
    old = f"peer-alex+t.{town.threads()[0].peer_token}@{DOMAIN}"
    assert town.send(DANA, old, "Hello Sam.").accepted
    assert town.got(SAM, "Hello Sam.")


def test_our_mails_follow_the_language_of_the_first_message(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path, followup__acknowledge=True) as town:
        german = "Hallo Alex, wie spielt ihr eure Migrationen ein? Ich habe das nie geschafft."
        town.send(DANA, PEER, german)
        town.send("kim@mailer.test", PEER, "Hi Alex, how do you run your migrations?")
        town.send("lou@mailer.test", PEER, "Bonjour Alex, comment faites-vous ?")
        assert "Danke" in town.last(DANA).text
        assert "Thank you" in town.last("kim@mailer.test").text
        assert "Thank you" in town.last("lou@mailer.test").text
