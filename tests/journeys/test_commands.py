"""Everything an ambassador or a candidate may want is done by answering a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from clients import CLIENTS, an_answer
from town import ALEX, DANA, PEER, SAM, Town, a_town
from world import DOMAIN

from storage import events
from storage.database import Database
from storage.records.events import EventKind
from storage.records.threads import Stage, ThreadState

DESK = f"desk@{DOMAIN}"
TEAM = "people@corp.example.test"
DAY = timedelta(days=1)


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    chosen = {"relay__hiring_team": [TEAM], "ambassador__weekly_threads": 5}
    with a_town(sqlite_database, tmp_path, **chosen) as made:
        assert made.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
        yield made


def guest(town: Town) -> str:
    return town.got(ALEX)[0].answers_to


def peer(town: Town) -> str:
    return next(one for one in town.got(DANA) if "peer-" in one.answers_to).answers_to


def answer(town: Town, text: str, author: str = ALEX) -> None:
    reply = town.send(author, guest(town), text)
    assert reply.accepted, reply


def seen(town: Town, kind: EventKind) -> list[dict[str, str]]:
    with town.database.read() as connection:
        since, until = town.now - 100 * DAY, town.now + DAY
        return [one.detail for one in events.between(connection, since, until) if one.kind is kind]


@pytest.mark.parametrize("html_only", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_command_is_cut_out_of_whatever_program_wrote_it(
    town: Town, client: str, html_only: bool
) -> None:
    text = "/coffee\n/recommend Knows  migrations inside out, and asks well\n\nHi Dana, gladly."
    raw = an_answer(client, text, ALEX, guest(town), html_only)
    assert town.hand_in(ALEX, guest(town), raw).accepted
    carried = town.last(DANA, "gladly")
    for word in (b"coffee", b"recommend", b"inside out"):
        assert word not in carried.content
    assert town.got(DANA, "May Alex recommend you")


@pytest.mark.parametrize("client", CLIENTS)
def test_where_nothing_else_was_written_nothing_is_passed_on(town: Town, client: str) -> None:
    raw = an_answer(client, "/later 3d", ALEX, guest(town))
    assert town.hand_in(ALEX, guest(town), raw).accepted
    assert all(one.ours for one in town.got(DANA))


def test_pass_declines_kindly_and_gives_the_reason(town: Town) -> None:
    answer(town, "/pass I know nothing of migrations.")
    told = town.last(DANA, "I know nothing of migrations")
    assert told.ours
    assert b"corp.example.test" not in told.content
    assert town.threads()[0].state is ThreadState.CLOSED
    assert seen(town, EventKind.CLOSED) == [{"why": "pass"}]
    assert town.got(ALEX, "Done: /pass")


def test_an_unknown_command_is_not_guessed_and_nothing_is_lost(town: Town) -> None:
    answer(town, "/coffee\n/psas\nHi Dana, here is a long answer.")
    assert town.got(DANA) == []
    back = town.last(ALEX, "/psas")
    assert "here is a long answer" in back.text
    assert "/later 3d" in back.text
    assert town.threads()[0].state is ThreadState.WAITING


def test_later_brings_a_reminder_then_and_none_before(town: Town) -> None:
    answer(town, "/later 5 days")
    assert "Saturday, 21 November" in town.last(DANA, "needs a little more time").text
    town.pass_time(5 * DAY - timedelta(hours=2))
    assert town.got(ALEX, "is waiting") == []
    town.pass_time(timedelta(hours=3))
    assert len(town.got(ALEX, "is waiting")) == 1


def test_a_reminder_can_be_answered_by_its_links(town: Town) -> None:
    town.pass_time(DAY + timedelta(hours=1))
    nudge = town.last(ALEX, "is waiting")
    page = nudge.message.get_body(("html",)).get_content()
    assert f"mailto:{guest(town)}?subject=Re&amp;body=%2Fpass" in page
    assert town.send(ALEX, guest(town), "/pass", Subject="Re").accepted
    assert town.threads()[0].state is ThreadState.CLOSED


def test_handoff_lets_sam_answer_and_alex_no_more(town: Town) -> None:
    answer(town, "Hi Dana, Sam knows more.")
    old = peer(town)
    answer(town, "/handoff sam")
    asked = town.last(SAM, "hands a conversation")
    assert "Sam" in town.last(DANA, "takes over").text
    assert town.send(SAM, asked.answers_to, "Hi Dana, I am Sam.").accepted
    new = town.last(DANA, "I am Sam").answers_to
    assert new.startswith("peer-sam+t.")
    assert town.send(ALEX, guest(town), "Me too.").code == 550
    for address in (old, new):
        assert town.send(DANA, address, f"Hello Sam, by {address[:8]}.").accepted
        assert b"peer-alex+t" not in town.last(SAM, f"by {address[:8]}").content
    assert town.send(DANA, old.replace("alex", "robin"), "Hello?").code == 550


def test_handoff_to_nobody_says_who_there_is(town: Town) -> None:
    answer(town, "/handoff robin")
    back = town.last(ALEX, "/handoff robin")
    assert "- sam" in back.text
    assert town.threads()[0].former_ids == ()


def test_coffee_invites_both_with_masked_addresses_and_answers_find_their_way(town: Town) -> None:
    answer(town, "/coffee 2026-11-24 15:00\n\nCoffee?")
    for mailbox, other in ((ALEX, b"mailer.test"), (DANA, b"corp.example.test")):
        mail = town.last(mailbox, "A coffee with")
        (invitation,) = [
            one for one in mail.message.walk() if one.get_content_type() == "text/calendar"
        ]
        assert invitation.get_param("method") == "REQUEST"
        written = invitation.get_content().replace("\r\n ", "")
        assert "DTSTART:20261124T150000Z" in written
        assert other not in mail.content
        assert other.decode() not in written
        organizer = next(line for line in written.splitlines() if line.startswith("ORGANIZER"))
        reply = (
            "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n"
            + next(line for line in written.splitlines() if line.startswith("UID"))
            + f"\nATTENDEE;PARTSTAT=ACCEPTED;CN=X:mailto:{mailbox}\nEND:VEVENT\nEND:VCALENDAR"
        )
        to = organizer.partition("mailto:")[2]
        kind = "text/calendar; method=REPLY; charset=utf-8"
        assert town.send(mailbox, to, reply, Content_Type=kind, Subject="Accepted").accepted
    assert town.got(DANA, "Alex is coming for the coffee")
    assert town.got(ALEX, "Dana is coming for the coffee")
    assert town.threads()[0].stage is Stage.COFFEE


def test_a_recommendation_needs_a_yes(town: Town) -> None:
    answer(town, "/recommend Asks the right questions.")
    asked = town.last(DANA, "May Alex recommend you")
    assert asked.answers_to.startswith("desk+t.")
    town.send(SAM, asked.answers_to, "yes")
    assert town.send(DANA, asked.answers_to, "Hm, what is that?").accepted
    assert "could not read a yes" in town.last(DANA, "May Alex recommend you").text
    assert town.got(TEAM) == []
    yes = f"Ja!\nI build compilers.\n\nOn Monday, X <{asked.answers_to}> wrote:\n> May Alex"
    assert town.send(DANA, asked.answers_to, yes).accepted
    told = town.last(TEAM)
    assert DANA in told.text
    assert "I build compilers." in told.text
    assert "Asks the right questions." in told.text
    assert "May Alex" not in told.text
    assert town.threads()[0].stage is Stage.RECOMMENDED
    assert town.got(ALEX, "Dana agreed")
    assert town.send(DANA, asked.answers_to, "yes, once more").code == 550
    assert len(town.got(TEAM)) == 1


def test_after_a_no_nothing_is_passed_on(town: Town) -> None:
    answer(town, "/recommend")
    asked = town.last(DANA, "May Alex recommend you")
    assert town.send(DANA, asked.answers_to, "No, thank you.").accepted
    assert town.send(DANA, asked.answers_to, "yes").code == 550
    assert town.got(TEAM) == []
    assert town.threads()[0].stage is Stage.CONTACT


def test_both_learn_who_they_are_once_both_agree(town: Town) -> None:
    answer(town, "Hi Dana.\n")
    answer(town, "/share")
    assert "Nothing is shown unless" in town.last(DANA, "would like to know who you are").text
    assert DANA not in "".join(one.text for one in town.got(ALEX))
    assert town.send(DANA, peer(town), "/share\n\nGladly.").accepted
    assert ALEX in town.last(DANA, "directly").text
    assert DANA in town.last(ALEX, "directly").text
    assert town.got(ALEX, "Gladly.")
    assert len(seen(town, EventKind.SHARED)) == 1


def test_a_share_can_be_taken_back_until_the_other_agrees(town: Town) -> None:
    answer(town, "Hi Dana.\n")
    answer(town, "/share")
    answer(town, "/unshare")
    assert town.send(DANA, peer(town), "/share").accepted
    assert town.got(DANA, "directly") == []
    assert seen(town, EventKind.SHARED) == []


def test_block_keeps_out_one_person_or_a_whole_domain(town: Town) -> None:
    answer(town, "/block")
    assert town.send(DANA, PEER, "Hello again.").code == 550
    assert town.send(DANA, f"peer-sam@{DOMAIN}", "Hello Sam.").accepted
    assert town.send("kim@mailer.test", PEER, "Hello.").accepted
    kim = town.got(ALEX)[-1].answers_to
    assert town.send(ALEX, kim, "/block domain").accepted
    assert town.send("lee@mailer.test", PEER, "Hello.").code == 550


def test_a_whole_provider_is_not_blocked(town: Town) -> None:
    town.send("kim@gmail.com", PEER, "Hello.")
    kim = town.got(ALEX)[-1].answers_to
    assert town.send(ALEX, kim, "/block domain").accepted
    assert town.got(ALEX, "gmail.com")
    assert town.send("lee@gmail.com", PEER, "Hello.").accepted


def test_pause_and_resume(town: Town) -> None:
    answer(town, "/pause 2w")
    assert "30 November" in town.last(ALEX, "Done: /pause").text
    assert town.send("kim@mailer.test", PEER, "Hello?").accepted
    offer = town.last("kim@mailer.test")
    assert "peer-sam@" in offer.text
    assert "30 November" in offer.text
    assert town.got(ALEX, "Hello?") == []
    assert town.send(ALEX, DESK, "resume").accepted
    assert town.send("lee@mailer.test", PEER, "Hi there.").accepted
    assert town.got(ALEX, "Hi there.")


def test_close_and_worth(town: Town) -> None:
    answer(town, "Hi Dana.\n")
    answer(town, "/worth yes\n/close")
    answer(town, "/worth no")
    assert seen(town, EventKind.OPINION) == [{"side": "ambassador", "worth": "yes"}]
    assert town.threads()[0].state is ThreadState.CLOSED
    assert len(town.got(DANA)) == 1


def test_the_desk_does_the_same_and_asks_which_conversation_is_meant(town: Town) -> None:
    mine = next(one for one in town.threads() if one.guest_token in guest(town))
    town.send("kim@mailer.test", PEER, "Hello.")
    assert town.send(ALEX, DESK, "pass").accepted
    which = town.last(ALEX, "several conversations")
    ids = {thread.id for thread in town.threads()}
    assert all(one in which.text for one in ids)
    assert town.send(ALEX, DESK, f"pass {mine.id} no time").accepted
    assert {one.id: one.state for one in town.threads()}[mine.id] is ThreadState.CLOSED
    assert "no time" in town.last(DANA).text


def test_status_tells_each_side_what_is_open(town: Town) -> None:
    assert town.send(ALEX, DESK, "/status").accepted
    mine = town.last(ALEX, "Your conversations")
    assert "Dana" in mine.text
    assert "1 new conversation" in mine.text
    assert town.send(DANA, DESK, "", Subject="status").accepted
    theirs = town.last(DANA, "Your conversations")
    assert "Alex" in theirs.text
    assert "week" not in theirs.text


def test_stop_ends_everything_until_the_candidate_writes_again(town: Town) -> None:
    assert town.send(DANA, DESK, "stop").accepted
    assert town.got(DANA, "no more mail")
    assert "ended" in town.last(ALEX).subject
    assert town.send(ALEX, guest(town), "Hi Dana!").code == 550
    town.pass_time(10 * DAY)
    assert len(town.got(DANA)) == 1
    assert town.send(DANA, PEER, "I am back.").accepted
    assert town.send(ALEX, town.last(ALEX, "I am back").answers_to, "Welcome!").accepted


def test_forget_me_at_the_top_of_an_answer_erases_and_passes_nothing_on(town: Town) -> None:
    answer(town, "Hi Dana.\n")
    assert town.send(DANA, peer(town), "/forget me\nand some words").accepted
    assert town.got(DANA, "You are forgotten")
    assert town.got(ALEX, "some words") == []
    assert town.send(ALEX, guest(town), "Hello?").code == 550


@pytest.mark.parametrize("wish", ["forget me", "Vergiss mich bitte!", "/vergesst mich"])
def test_the_desk_forgets_in_two_languages(town: Town, wish: str) -> None:
    masked = guest(town)
    assert town.send(DANA, DESK, wish).accepted
    assert town.got(DANA, "You are forgotten")
    assert town.send(ALEX, masked, "Hello?").code == 550


@pytest.mark.parametrize(
    "words", ["Vergiss es, ich frage anders.", "Forget it, thanks.", "Forget all I said"]
)
def test_the_desk_forgets_nobody_who_did_not_ask_for_it(town: Town, words: str) -> None:
    assert town.send(DANA, DESK, words).accepted
    assert town.got(DANA, "You are forgotten") == town.got(DANA, "Wir haben dich vergessen") == []
    assert town.send(ALEX, guest(town), "Hello!").accepted


def test_a_candidates_other_slashes_are_their_own_words(town: Town) -> None:
    answer(town, "Hi Dana.\n")
    assert town.send(DANA, peer(town), "/pass\nis what I would not say").accepted
    assert "/pass" in town.last(ALEX, "would not say").text


def test_a_command_is_taken_from_nobody_else(town: Town) -> None:
    town.send("kim@mailer.test", guest(town), "/pass")
    raw = an_answer("mutt", "/pass", ALEX, guest(town))
    assert town.hand_in(ALEX, guest(town), raw, client="192.0.2.9").code == 550
    assert town.threads()[0].state is ThreadState.WAITING


def test_the_same_command_again_changes_nothing(town: Town) -> None:
    raw = an_answer("mutt", "/pause 2w", ALEX, guest(town))
    assert town.hand_in(ALEX, guest(town), raw).accepted
    assert town.send(ALEX, DESK, "resume").accepted
    assert town.hand_in(ALEX, guest(town), raw).accepted
    town.send("kim@mailer.test", PEER, "Hello there.")
    assert town.got(ALEX, "Hello there.")


def test_a_backup_who_answers_keeps_the_conversation(town: Town) -> None:
    town.pass_time(6 * DAY)
    asked = town.last(SAM, "Could you answer")
    assert town.send(SAM, asked.answers_to, "Hi Dana, this is Sam.").accepted
    back = town.last(DANA, "this is Sam")
    assert town.send(DANA, back.answers_to, "Hi Sam, one more question.").accepted
    assert town.got(SAM, "one more question")
    assert town.got(ALEX, "one more question") == []
    assert town.send(ALEX, guest(town), "I am back as well.").accepted
