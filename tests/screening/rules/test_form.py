"""The form of a mail: slots, crowds, greetings to nobody, length."""

from __future__ import annotations

import pytest
from mails import a_case, a_message

from screening.case import Case
from screening.rules.form import form

HONEST = (
    "Hi Alex, I maintain the billing service of a bank. How do you handle schema changes in your team, "
    "and would you do it the same way again if you had to start over today?"
)


def noticed(case: Case) -> set[str]:
    return {finding.rule for finding in form(case)}


def written(text: str, *headers: tuple[str, str]) -> Case:
    return a_case(message=a_message(*headers, text=text))


def test_a_mail_to_one_person_has_nothing_odd_in_its_form() -> None:
    assert noticed(written(HONEST)) == set()


@pytest.mark.parametrize(
    "slot",
    [
        "{{first_name}}",
        "{firstName}",
        "[Your Name]",
        "[Company]",
        "%FIRST_NAME%",
        "*|FNAME|*",
        "<FIRST NAME>",
        "${name}",
    ],
)
def test_slots_that_were_not_filled_in_are_seen(slot: str) -> None:
    assert "slots" in noticed(written(f"Hi {slot}, how are you?"))


@pytest.mark.parametrize(
    "innocent",
    [
        "{1: 'a'}",
        "[1] see below",
        "a < b > c",
        "100% sure",
        "$5 {",
        "f(x) = {x}",
        "<a@mailer.test>",
    ],
)
def test_brackets_alone_are_no_slots(innocent: str) -> None:
    assert "slots" not in noticed(written(f"{HONEST} {innocent}"))


def test_a_crowd_of_recipients_is_seen() -> None:
    many = ", ".join(f"p{number}@other.test" for number in range(5))
    assert {"crowd", "unaddressed"} <= noticed(written(HONEST, ("To", many)))


def test_whoever_is_not_named_among_the_recipients_is_noted() -> None:
    assert "unaddressed" in noticed(written(HONEST, ("To", "undisclosed-recipients:;")))


def test_an_answer_to_nothing_is_false() -> None:
    assert "false_reply" in noticed(written(HONEST, ("Subject", "Re: our call")))
    answer = written(HONEST, ("Subject", "Re: our call"), ("In-Reply-To", "<1@x.test>"))
    assert "false_reply" not in noticed(answer)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Dear Sir or Madam, " + HONEST, "nobody"),
        ("Sehr geehrte Damen und Herren, wir haben eine Frage an Sie", "nobody"),
        ("Thanks.", "tiny"),
        (
            "I run Postgres for a bank and wonder how you upgrade yours these days, if at all",
            "short",
        ),
        ("word " * 200, "long"),
        ("BUY NOW AND SAVE TODAY " + HONEST, "loud"),
        (HONEST + " 🚀", "emoji"),
        (HONEST + "\n\n- one\n- two\n- three", "list"),
        ("I like your work and that is all that I wanted to say.", "silent"),
    ],
)
def test_odd_forms_are_noted(text: str, rule: str) -> None:
    assert rule in noticed(written(text))
