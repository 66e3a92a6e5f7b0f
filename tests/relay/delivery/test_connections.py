"""Connections that are kept, shared, replaced, and given up."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import Any

import pytest
from letters import a_letter
from smarthost import ALL, HANG_UP, SILENCE, Session, Smarthost
from transports import KEPT, a_transport, patience_for

from relay.delivery.outcome import Deferred, Delivered, Outcome, Refused
from relay.delivery.pool import Limits


def test_one_connection_carries_many_letters_and_quits_in_the_end():
    server = Smarthost()
    with server.running(), a_transport(server) as transport:
        for _ in range(5):
            assert isinstance(transport.send(a_letter()), Delivered)
    assert server.sessions == 1
    assert server.commands[-1] == b"QUIT"


def test_a_refused_letter_leaves_the_connection_of_use():
    for features in (ALL, ()):
        server = Smarthost(features=features)
        refuse = iter([b"550 5.1.1 no\r\n"])
        server.answers["RCPT"] = lambda session, refuse=refuse: next(refuse, None)
        with server.running(), a_transport(server) as transport:
            assert isinstance(transport.send(a_letter()), Refused)
            assert isinstance(transport.send(a_letter()), Delivered)
        assert server.sessions == 1
        assert b"RSET" in server.verbs()


def last_words(words: bytes) -> dict[str, Any]:
    """Answers of a host that takes one letter, says this and hangs up."""

    def content(session: Session) -> bytes:
        session.give(b"250 2.0.0 taken\r\n" + words)
        return HANG_UP

    return {"CONTENT": content}


@pytest.mark.parametrize("words", [b"", b"421 4.4.2 idle for too long\r\n"])
def test_a_kept_connection_that_the_host_ended_is_replaced_without_a_failed_attempt(words: bytes):
    server = Smarthost(answers=last_words(words))
    with server.running(), a_transport(server) as transport:
        assert isinstance(transport.send(a_letter()), Delivered)
        assert isinstance(transport.send(a_letter()), Delivered)
    assert server.sessions == 2


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("MAIL", SILENCE),
        *itertools.product(
            ["MAIL", "RCPT", "DATA"], [HANG_UP, b"421 4.3.2 enough\r\n", b"garbage\r\n"]
        ),
    ],
)
def test_a_kept_connection_that_fails_before_the_content_is_replaced_once(verb: str, answer: bytes):
    server = Smarthost()
    server.answers[verb] = lambda session: answer if len(server.arrived) == 1 else None
    with server.running(), a_transport(server, patience_for(answer)) as transport:
        assert isinstance(transport.send(a_letter()), Delivered)
        server.answers[verb] = lambda session: answer if session.number == 1 else None
        assert isinstance(transport.send(a_letter()), Delivered)
        assert server.sessions == 2
        server.answers[verb] = answer
        assert isinstance(transport.send(a_letter()), Deferred)
        assert server.sessions == 3
    assert len(server.arrived) == 2


def test_a_restarted_host_costs_nothing():
    server = Smarthost()
    with server.running(), a_transport(server) as transport:
        assert isinstance(transport.send(a_letter()), Delivered)
        kept = transport
    with server.running():
        assert isinstance(kept.send(a_letter()), Delivered)
        kept.close()


def sessions_for(letters: int, limits: Limits) -> int:
    """How many connections so many letters take, one after the other."""
    server = Smarthost()
    with server.running(), a_transport(server, limits=limits) as transport:
        for _ in range(letters):
            assert isinstance(transport.send(a_letter()), Delivered)
    return server.sessions


@pytest.mark.parametrize("limits", [replace(KEPT, idle=0), replace(KEPT, age=0)])
def test_a_connection_past_its_time_is_not_used_again(limits: Limits):
    assert sessions_for(3, limits) == 3
    assert sessions_for(3, KEPT) == 1


def test_connections_are_kept_only_while_mail_is_flowing():
    assert sessions_for(5, Limits(flow=60)) == 2  # the second letter shows that it flows
    assert sessions_for(5, Limits(flow=0)) == 5


def test_a_connection_that_falls_idle_is_given_up_without_another_letter():
    server, gone = Smarthost(), threading.Event()
    server.answers["QUIT"] = lambda session: gone.set()
    limits = replace(KEPT, idle=0.05)
    with server.running(), a_transport(server, limits=limits) as transport:
        assert isinstance(transport.send(a_letter()), Delivered)
        assert gone.wait(20)


def test_senders_in_parallel_share_connections_up_to_the_limit():
    server, together = Smarthost(), threading.Barrier(3)

    def content(session: Session) -> None:
        together.wait(10)  # passes only if three letters are under way at once

    server.answers["CONTENT"] = content
    results: list[Outcome] = []
    with server.running(), a_transport(server, limits=replace(KEPT, connections=3)) as transport:
        senders = [
            threading.Thread(target=lambda: results.append(transport.send(a_letter())))
            for _ in range(9)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert [type(result) for result in results] == [Delivered] * 9
    assert server.sessions == 3


def test_beyond_the_limit_a_letter_waits_and_is_then_deferred():
    server, arrived, go = Smarthost(), threading.Event(), threading.Event()

    def content(session: Session) -> None:
        arrived.set()
        go.wait(10)

    server.answers["CONTENT"] = content
    limits = replace(KEPT, connections=1, wait=0.05)
    with server.running(), a_transport(server, limits=limits) as transport:
        first = threading.Thread(target=transport.send, args=(a_letter(),))
        first.start()
        arrived.wait(10)
        late = transport.send(a_letter())
        go.set()
        first.join()
        assert isinstance(late, Deferred)
        assert isinstance(transport.send(a_letter()), Delivered)


def test_a_closed_transport_keeps_nothing_that_comes_back():
    server = Smarthost()
    with server.running(), a_transport(server) as transport:
        transport.send(a_letter())
        transport.close()
        assert isinstance(transport.send(a_letter()), Delivered)
        assert server.verbs().count(b"QUIT") == 2
