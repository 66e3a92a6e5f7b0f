"""A slow answer, as the people see it."""

from __future__ import annotations

from pathlib import Path

from world import ALEX, DOMAIN, a_world, eventually, marker

DANA = "dana@mailer.test"
PEER = f"peer-alex@{DOMAIN}"
SAM = "sam.okafor@corp.example.test"


def test_alex_is_reminded_then_the_backup_is_asked_and_the_candidate_told(tmp_path: Path) -> None:
    patience = {"followup__nudge_after": "1s", "followup__escalate_after": "3s"}
    with a_world(tmp_path, **patience) as world:
        world.do("ambassador", "add", "sam", "--name", "Sam Okafor", "--email", SAM)
        world.do("ambassador", "remove", "alex")
        world.do(
            "ambassador", "add", "alex", "--name", "Alex Chen", "--email", ALEX, "--backup", "sam"
        )
        world.start()
        word = marker()
        assert world.send(DANA, PEER, f"{word}\r\n")[0] == 250
        first = world.arrived(ALEX, word)
        nudge = world.arrived(ALEX, count=2)
        assert nudge.sender == ""
        assert nudge.message["Auto-Submitted"]
        assert nudge.answers_to == first.answers_to
        assert word not in nudge.text

        asked, told = world.arrived(SAM), world.arrived(DANA)
        assert asked.answers_to == first.answers_to
        assert "Sam" in told.text
        assert b"okafor" not in told.content.lower()

        answer = marker()
        assert world.send(SAM, asked.answers_to, f"{answer}\r\n")[0] == 250
        back = world.arrived(DANA, answer)
        assert b"okafor" not in back.content.lower()
        eventually(
            lambda: world.listed("threads")[0]["state"] == "answered", "the thread is answered"
        )


def test_an_answer_in_time_is_never_followed_by_a_reminder(tmp_path: Path) -> None:
    with a_world(tmp_path, followup__nudge_after="2s") as world:
        world.start()
        word, answer = marker(), marker()
        world.send(DANA, PEER, f"{word}\r\n")
        first = world.arrived(ALEX, word)
        world.send(ALEX, first.answers_to, f"{answer}\r\n")
        world.arrived(DANA, answer)
        later = marker()  # a second thread whose reminder shows that the time is over
        world.send("kim@mailer.test", PEER, f"{later}\r\n")
        world.arrived(ALEX, later)
        world.arrived(ALEX, count=3)
        nudges = [mail for mail in world.mails(ALEX) if mail.sender == ""]
        assert {mail.answers_to for mail in nudges} == {world.arrived(ALEX, later).answers_to}


def test_an_out_of_office_reply_neither_crosses_nor_counts_as_an_answer(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        world.start()
        word, away = marker(), marker()
        world.send(DANA, PEER, f"{word}\r\n")
        first = world.arrived(ALEX, word)
        code, _ = world.send(
            ALEX, first.answers_to, f"I am away, {away}.\r\n", Auto_Submitted="auto-replied"
        )
        assert code == 250
        world.settled()
        assert world.mails(word=away) == []
        assert world.listed("threads")[0]["state"] == "waiting"
