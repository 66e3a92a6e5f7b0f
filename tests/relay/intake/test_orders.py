"""Commands at the top of an answer, whatever program wrote it."""

from __future__ import annotations

import pytest
from clients import CLIENTS, an_answer
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import raw_mail

from relay.intake.obey import COMMANDS
from relay.intake.orders import Order, found, says_more, typed
from screening.message import Message, read

ALEX, GUEST = "alex.chen@corp.example.test", "guest-abcdefghij234567@peers.example.test"
BODIES = [(name, html_only) for name in CLIENTS for html_only in (False, True)]


def answer(client: str, text: str, html_only: bool = False) -> Message:
    return read(an_answer(client, text, ALEX, GUEST, html_only))


def plain(text: str, **fields: str) -> Message:
    return read(raw_mail(body=text.replace("\n", "\r\n"), **fields))


@pytest.mark.parametrize(("client", "html_only"), BODIES)
def test_a_command_alone_is_found_and_nothing_else_is_left(client: str, html_only: bool) -> None:
    orders = found(answer(client, "/later 3d", html_only))
    assert orders.given == (Order("later", "3d"),)
    assert not says_more(orders.left, ("Alex Chen",)), orders.left


EVERY = (
    "/pass too much to do, sorry",
    "/later next friday",
    "/handoff sam",
    "/coffee tue 15:00",
    "/recommend “Knows” migrations – and asks well & kindly",
    "/block domain",
    "/pause 2w",
    "/resume",
    "/close",
    "/share",
    "/unshare",
    "/worth yes",
    "/status",
    "/forget me",
    "/stop",
    "/help",
)


@pytest.mark.parametrize(("client", "html_only"), BODIES)
def test_every_command_is_found_in_what_every_program_sends(client: str, html_only: bool) -> None:
    assert {line[1:].partition(" ")[0] for line in EVERY} == set(COMMANDS)
    for line in EVERY:
        word, _, words = line[1:].partition(" ")
        orders = found(answer(client, line, html_only))
        assert orders.given == (Order(word, words),), line
        assert line in orders.cut
        assert not says_more(orders.left, ("Alex Chen",)), orders.left


@pytest.mark.parametrize(("client", "html_only"), BODIES)
def test_what_follows_the_commands_is_left(client: str, html_only: bool) -> None:
    orders = found(answer(client, "/coffee\n/share\n\nHi Dana, let us talk.", html_only))
    assert orders.given == (Order("coffee"), Order("share"))
    assert says_more(orders.left, ("Alex Chen",))
    assert "let us talk" in orders.left
    assert "migrations" not in orders.left


@pytest.mark.parametrize(("client", "html_only"), BODIES)
def test_a_command_below_other_words_is_none(client: str, html_only: bool) -> None:
    orders = found(answer(client, "Hi Dana,\n/pass is what I would never write.", html_only))
    assert orders.given == ()


@pytest.mark.parametrize(
    "text", ["/etc/hosts is empty.", "and/or", "//comment", "/ 3", "http://a.test/pass", "> /pass"]
)
def test_prose_with_slashes_is_no_command(text: str) -> None:
    assert found(plain(text)).given == ()


def test_case_and_blanks_do_not_matter() -> None:
    orders = found(plain("\n  /Later   3 days \n\nHello"))
    assert orders.given == (Order("later", "3 days"),)
    assert orders.cut == ("/Later   3 days", "/Later   3 days")


def test_a_command_that_the_plain_text_breaks_in_two_is_read_from_the_page() -> None:
    note = "/recommend " + "Dana asks the right questions and has built it all before " * 2
    message = answer("gmail", note.strip())
    lines = message.text.split("\n")
    broken = lines[0][:60].rpartition(" ")[0]
    rest = lines[0][len(broken) + 1 :]
    text = message.text.replace(lines[0], f"{broken}\n{rest}", 1)
    orders = found(Message(message.author, message.headers, text, message.html))
    assert orders.given == (Order("recommend", note.strip().partition(" ")[2]),)
    assert {broken, rest} <= set(orders.cut)
    assert orders.left == ""


def test_soft_line_breaks_are_undone() -> None:
    flowed = "text/plain; charset=utf-8; format=flowed"
    orders = found(plain("/pass too much \nto do\n\nHello", Content_Type=flowed))
    assert orders.given == (Order("pass", "too much to do"),)
    assert orders.left == "Hello"


NOTE = (
    "/recommend Dana asks the right questions, has built a thing like ours before,\n"
    "and would be good in the storage team, I think, or in whatever team wants her\n"
    "first"
)


def test_a_command_that_a_program_without_soft_breaks_broke_is_read_whole() -> None:
    words = " ".join(NOTE.split()).removeprefix("/recommend ")
    for text, left in ((NOTE, ""), (f"{NOTE}\n/coffee\n\nHi Dana,\nyes.", "Hi Dana,\nyes.")):
        orders = found(plain(text))
        assert orders.given[0] == Order("recommend", words)
        assert set(NOTE.split("\n")) <= set(orders.cut)
        assert orders.left == left


def test_a_long_command_is_told_from_the_text_below_it_or_is_unclear() -> None:
    assert found(plain(f"{NOTE}\nHi Dana,\nlet us talk.")).given[0].unclear
    assert (
        not found(plain("/coffee\nHi Dana, let us talk about this at length, please."))
        .given[0]
        .unclear
    )
    never_broken = "/pass " + "too much to do at the moment " * 5 + "\nHi Dana, sorry."
    orders = found(plain(never_broken))
    assert not orders.given[0].unclear
    assert orders.left == "Hi Dana, sorry."


def test_a_command_without_end_is_unclear_and_no_prose() -> None:
    for text in (
        "/pass " + "too much to do " * 90,
        "/pass " + "there is too much to do at the moment, for me and for everybody else\n" * 40,
    ):
        (order,) = found(plain(text)).given
        assert order.unclear


def test_a_farewell_and_a_name_say_nothing_more() -> None:
    assert not says_more("\nBest regards,\nAlex Chen\n\nSent from my iPhone\n", ("Alex Chen",))
    assert not says_more("Viele Grüße\nAlex\nVon meinem iPhone gesendet", ("Alex Chen",))
    assert says_more("Best regards to Sam,\nAlex", ("Alex Chen",))


def test_what_was_typed_leaves_out_what_is_quoted() -> None:
    for client in CLIENTS:
        assert "migrations" not in typed(answer(client, "yes\nI build compilers."))
        assert typed(answer(client, "yes\nI build compilers.")).startswith("yes")


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_no_text_breaks_it(text: str, page: bool) -> None:
    message = Message(plain("x").author, (), text, text if page else "")
    for order in found(message).given:
        assert order.word.isalpha()
