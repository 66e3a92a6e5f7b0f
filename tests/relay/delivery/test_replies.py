"""What the next host says, or fails to say, and what becomes of the message."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from letters import a_letter
from smarthost import ALL, HANG_UP, SILENCE, Session, Smarthost
from transports import KEPT, a_transport, outcome, patience_for

from relay.delivery.outcome import Deferred, Delivered, Refused


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "CONTENT"])
@pytest.mark.parametrize("features", [ALL, ()])
def test_only_the_class_of_the_reply_decides(verb: str, features: tuple[str, ...]):
    for answer, kind in ((b"550 5.7.1 no\r\n", Refused), (b"450 4.2.1 wait\r\n", Deferred)):
        server = Smarthost(features=features, answers={verb: answer})
        assert outcome(server) == kind(answer.decode().strip())
        assert not server.arrived


def test_a_5xx_about_the_session_is_not_the_messages_fault():
    for answer in (b"530 5.7.0 STARTTLS first\r\n", b"503 5.5.1 log in first\r\n"):
        assert isinstance(outcome(Smarthost(answers={"MAIL": answer})), Deferred)


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT"])
@pytest.mark.parametrize(
    "answer",
    [
        HANG_UP,
        SILENCE,
        b"421 4.3.2 shutting down\r\n",
        b"hello\r\n",
        b"\xff\xfe\x00\r\n",
        b"99\r\n",
        b"2500 ok\r\n",
        b"250-one\r\n550 two\r\n",
        b"250-" + b"x" * 70_000,
        b"250-x\r\n" * 20_000,
        b"350 what\r\n",
    ],
    ids=[
        "hang-up",
        "silence",
        "421",
        "words",
        "binary",
        "two-digits",
        "five-digits",
        "mixed",
        "long-line",
        "long-reply",
        "350",
    ],
)
def test_a_host_that_breaks_or_babbles_defers_the_message(verb: str, answer: bytes):
    if (verb, answer) == ("EHLO", SILENCE):
        answer = b"421 4.3.2 busy\r\n"
    result = outcome(Smarthost(answers={verb: answer}), patience_for(answer))
    assert isinstance(result, Deferred)
    assert len(result.reply) <= 1000
    assert result.reply.isprintable()


@pytest.mark.parametrize("greeting", [b"554 5.7.1 not you\r\n", b"521 no mail here\r\n"])
def test_a_host_that_will_not_talk_to_us_does_not_fail_the_message(greeting: bytes):
    assert outcome(Smarthost(answers={"GREETING": greeting})) == Deferred(greeting.decode().strip())


def test_a_host_that_is_not_there_defers():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = Smarthost(port=port)
    with a_transport(server) as transport:
        result = transport.send(a_letter())
    assert isinstance(result, Deferred)
    assert result.reply == "4.4.1 no connection to the next host: Connection refused"


def test_a_reply_of_many_lines_comes_back_on_one_without_control_characters():
    server = Smarthost(answers={"RCPT": b"550-5.1.1 no\x1b[31m\r\n550 5.1.1 such\n"})
    assert outcome(server) == Refused("550 5.1.1 no?[31m 5.1.1 such")


def test_an_old_host_without_ehlo_is_greeted_with_helo():
    server = Smarthost(answers={"EHLO": b"502 what?\r\n"})
    assert isinstance(outcome(server), Delivered)
    assert server.verbs() == [b"EHLO", b"HELO", b"MAIL", b"RCPT", b"DATA", b"QUIT"]


def test_we_call_ourselves_by_name_or_by_the_address_of_our_end():
    server = Smarthost()
    assert isinstance(outcome(server), Delivered)
    assert server.commands[0] == b"EHLO [127.0.0.1]"
    with server.running(), a_transport(server, helo="peers.example.test") as transport:
        transport.send(a_letter())
    assert b"EHLO peers.example.test" in server.commands


def test_a_refusal_said_before_the_content_was_read_counts():
    def refuse(session: Session) -> bytes:
        session.request.sendall(b"354 go on\r\n552 5.3.4 far too big\r\n")
        session.request.recv(1)
        return HANG_UP

    content = b"A: b\r\n\r\n" + b"line of text\r\n" * 70_000
    result = outcome(Smarthost(answers={"DATA": refuse}), content=content)
    assert isinstance(result, Refused | Deferred)  # a reset may eat the reply
    positive = Smarthost(
        answers={"DATA": lambda session: session.give(b"354 go\r\n250 ok\r\n") and HANG_UP}
    )
    assert not isinstance(outcome(positive, content=content), Refused)


def test_a_host_that_wants_content_for_a_refused_envelope_gets_none():
    server = Smarthost(answers={"RCPT": b"550 5.1.1 no\r\n", "DATA": b"354 go on\r\n"})
    with server.running(), a_transport(server) as transport:
        assert transport.send(a_letter()) == Refused("550 5.1.1 no")
        server.answers.clear()
        assert isinstance(transport.send(a_letter()), Delivered)
    assert [arrived.content for arrived in server.arrived] == [a_letter().content]
    assert server.sessions == 2


def test_a_break_after_the_final_dot_is_deferred_although_the_host_may_have_the_message():
    for answer in (HANG_UP, SILENCE):
        server = Smarthost(answers={"CONTENT": answer})
        assert isinstance(outcome(server, patience_for(answer)), Deferred)
        assert server.verbs().count(b"DATA") == 1


def test_a_bad_answer_to_quit_changes_nothing():
    for answer in (HANG_UP, SILENCE, b"500 what?\r\n", b"\xff"):
        server = Smarthost(answers={"QUIT": answer})
        with server.running(), a_transport(server, limits=replace(KEPT, quit=0.2)) as transport:
            assert isinstance(transport.send(a_letter()), Delivered)
