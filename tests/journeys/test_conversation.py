"""Whole journeys through the console script, over real SMTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import ALEX, DOMAIN, World, a_world, eventually, marker

DANA = "Dana Keller <dana@mailer.test>"
PEER = f"peer-alex@{DOMAIN}"


@pytest.fixture
def world(tmp_path: Path):
    with a_world(tmp_path) as made:
        made.start()
        yield made


def opened(world: World, author: str = DANA) -> tuple[str, str]:
    """Somebody writes; where Alex answers, and the word of the first mail."""
    word = marker()
    code, said = world.send(author, PEER, f"A question, {word}.\r\n")
    assert code == 250, said
    return world.arrived(ALEX, word).answers_to, word


def test_a_candidate_writes_alex_answers_and_neither_sees_the_others_address(world: World) -> None:
    word, answer = marker(), marker()
    assert world.send(DANA, PEER, f"A question, {word}.\r\n", Subject="Your talk")[0] == 250
    first = world.arrived(ALEX, word)
    assert b"mailer.test" not in first.content
    assert "keller" not in first.content.decode().lower()
    assert first.sender.endswith(f"@{DOMAIN}")
    assert first.answers_to.startswith("guest-")
    assert str(first.message["From"]).startswith("Dana <guest-")
    assert first.message["Subject"] == "Your talk"

    body = f"Sure, {answer}.\r\n\r\nOn Monday, Dana <{first.answers_to}> wrote:\r\n> {word}\r\n"
    known = first.message["Message-ID"]
    sent = world.send(ALEX, first.answers_to, body, Subject="Re: Your talk", In_Reply_To=known)
    assert sent[0] == 250
    back = world.arrived("dana@mailer.test", answer)
    assert b"corp.example.test" not in back.content
    assert b"chen" not in back.content.lower()
    assert first.answers_to.encode() not in back.content
    assert back.answers_to.startswith("peer-alex+t.")

    again = marker()
    assert world.send(DANA, back.answers_to, f"Thanks, {again}.\r\n")[0] == 250
    third = world.arrived(ALEX, again)
    assert third.answers_to == first.answers_to
    assert len(world.listed("threads")) == 1


def test_both_mail_programs_can_thread_the_conversation(world: World) -> None:
    word, answer = marker(), marker()
    world.send(DANA, PEER, f"{word}\r\n", Message_ID="<first@laptop.mailer.test>")
    first = world.arrived(ALEX, word)
    known = first.message["Message-ID"]
    world.send(ALEX, first.answers_to, f"{answer}\r\n", In_Reply_To=known, References=known)
    back = world.arrived("dana@mailer.test", answer)
    assert back.message["In-Reply-To"] == "<first@laptop.mailer.test>"
    assert "laptop" not in first.content.decode()


def test_every_address_of_a_forwarded_mail_leads_back_to_its_author(world: World) -> None:
    word = marker()
    world.send(DANA, PEER, f"{word}\r\n")
    first = world.arrived(ALEX, word)
    ways = {first.sender, first.answers_to, first.message["From"].addresses[0].addr_spec}
    for number, address in enumerate(sorted(ways), 1):
        answer = marker()
        code, said = world.send(ALEX, address, f"{answer}\r\n")
        assert code == 250, f"{address}: {said}"
        assert world.arrived("dana@mailer.test", answer), number


def test_tokens_come_back_in_any_case(world: World) -> None:
    address, answer = opened(world)[0], marker()
    assert world.send(ALEX, address.upper(), f"{answer}\r\n")[0] == 250
    world.arrived("dana@mailer.test", answer)


def test_only_alex_may_use_the_address_that_alex_was_given(world: World) -> None:
    address, _ = opened(world)
    world.publish("evil.test")
    for thief in ("boss@evil.test", "mallory@corp.example.test", "dana@mailer.test"):
        code, _ = world.send(thief, address, "Hello.\r\n")
        assert code == 550, thief
    code, _ = world.hand_in(ALEX, address, f"From: {ALEX}\r\nTo: {address}\r\n\r\nhi\r\n".encode())
    assert code == 550


def test_an_answer_signed_for_another_address_is_not_taken(world: World) -> None:
    first, _ = opened(world)
    second, _ = opened(world, "kim@mailer.test")
    code, said = world.send(ALEX, second, "Meant for Dana.\r\n", To=first)
    assert (code, "To or Cc" in said) == (550, True)


def test_mail_for_others_is_refused_and_what_does_not_exist_too(world: World) -> None:
    assert world.send(DANA, "somebody@other.test")[1].startswith("5.7.1")
    for unknown in (f"peer-nobody@{DOMAIN}", f"guest-{'a' * 20}@{DOMAIN}", f"x@{DOMAIN}"):
        code, said = world.send(DANA, unknown)
        assert (code, said[:5]) == (550, "5.1.1"), unknown


def test_the_same_message_again_is_answered_and_carried_once(world: World) -> None:
    from mails import raw_mail, signed

    word = marker()
    mail = signed(raw_mail(body=f"{word}\r\n", From=DANA, To=PEER))
    for _ in range(3):
        assert world.hand_in(DANA, PEER, mail)[0] == 250
    world.arrived(ALEX, word)
    world.settled()
    assert len(world.mails(ALEX, word)) == 1


def test_one_message_to_two_ambassadors_is_two_threads(world: World) -> None:
    world.do("ambassador", "add", "sam", "--name", "Sam", "--email", "sam@corp.example.test")
    import smtplib

    from mails import raw_mail, signed

    word, both = marker(), [PEER, f"peer-sam@{DOMAIN}"]
    mail = signed(raw_mail(body=f"{word}\r\n", From=DANA, To=", ".join(both)))
    with smtplib.SMTP("127.0.0.1", world.port) as client:
        assert client.sendmail("dana@mailer.test", both, mail) == {}
    assert (
        world.arrived(ALEX, word).answers_to
        != world.arrived("sam@corp.example.test", word).answers_to
    )
    assert len(world.listed("threads")) == 2


def test_a_source_tag_is_recorded_and_a_cut_off_token_is_no_tag(world: World) -> None:
    word = marker()
    assert world.send(DANA, f"peer-alex+pycon@{DOMAIN}", f"{word}\r\n")[0] == 250
    world.arrived(ALEX, word)
    assert world.listed("threads")[0]["source"] == "pycon"
    assert world.send(DANA, f"peer-alex+t.abc@{DOMAIN}")[0] == 550


def test_a_topic_reaches_an_ambassador_of_that_topic_and_stays_with_them(world: World) -> None:
    for name in ("sam", "ida"):
        world.do(
            "ambassador", "add", name, "--name", name.title(), "--email", f"{name}@corp.example.test",
            "--topic", "rust",
        )  # fmt: skip
    for _ in range(2):
        word = marker()
        assert world.send(DANA, f"peer-rust@{DOMAIN}", f"{word}\r\n")[0] == 250
        eventually(lambda word=word: world.mails(word=word), "a mail to the pool")
    (thread,) = world.listed("threads")
    assert thread["ambassador"] in ("sam", "ida")
