"""Encrypted, and logged in, to a smarthost."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from letters import a_letter
from smarthost import HANG_UP, Authority, Session, Smarthost, authority
from transports import LONG, a_transport

from config.choices import Tls
from relay.delivery.outcome import Deferred, Delivered, Outcome
from relay.delivery.wire import Patience


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"), "smarthost.test", "127.0.0.1")


def secured(server: Smarthost, patience: Patience = LONG, **host: Any) -> Outcome:
    with server.running(), a_transport(server, patience, **host) as transport:
        return transport.send(a_letter())


def test_tls_is_used_where_it_is_offered_whoever_signed_the_certificate(certified: Authority):
    server = Smarthost(tls=certified.server)
    assert isinstance(secured(server), Delivered)
    assert server.arrived[0].encrypted
    assert server.verbs().count(b"EHLO") == 2  # what was offered before TLS no longer counts
    server = Smarthost(tls=certified.server)
    assert isinstance(secured(server, tls=Tls.OFF), Delivered)
    assert not server.arrived[0].encrypted


def test_required_tls_takes_a_certificate_of_a_known_authority_for_this_host(certified: Authority):
    for name in ("smarthost.test", "127.0.0.1"):
        server = Smarthost(tls=certified.server)
        terms = {"tls": Tls.REQUIRED, "trust": certified.client, "name": name}
        assert isinstance(secured(server, **terms), Delivered)
        assert server.arrived[0].encrypted
    for name in ("other.test", "127.0.0.2"):
        server = Smarthost(tls=certified.server)
        result = secured(server, tls=Tls.REQUIRED, trust=certified.client, name=name)
        assert isinstance(result, Deferred)
        assert result.reply.startswith("4.7.5")
        assert b"MAIL" not in server.verbs()


def test_required_tls_refuses_a_stranger_and_a_host_without_tls(certified: Authority):
    for server in (
        Smarthost(tls=certified.server),
        Smarthost(),
        Smarthost(tls=certified.server, answers={"STARTTLS": b"454 4.7.0 not now\r\n"}),
    ):
        result = secured(server, tls=Tls.REQUIRED)
        assert isinstance(result, Deferred)
        assert result.reply.startswith("4.7.")
        assert b"MAIL" not in server.verbs()


def test_opportunistic_tls_does_without_where_tls_is_broken(certified: Authority):
    for answer in (b"454 4.7.0 not now\r\n", b"220 go on\r\n" + b"no handshake" * 9, HANG_UP):
        server = Smarthost(tls=certified.server)
        server.answers["STARTTLS"] = lambda session, answer=answer: session.give(answer) and HANG_UP
        result = secured(server)
        assert isinstance(result, Delivered | Deferred)
        assert isinstance(result, Deferred) or not server.arrived[0].encrypted


def test_an_encrypted_connection_is_kept_as_well(certified: Authority):
    server = Smarthost(tls=certified.server)
    with server.running(), a_transport(server) as transport:
        for _ in range(3):
            assert isinstance(transport.send(a_letter()), Delivered)
    assert server.sessions == 1


def test_tls_from_the_first_byte(certified: Authority):
    server = Smarthost(tls=certified.server, implicit=True)
    terms = {"tls": Tls.REQUIRED, "trust": certified.client}
    assert isinstance(secured(server, implicit=True, **terms), Delivered)
    assert server.arrived[0].encrypted
    assert b"STARTTLS" not in server.verbs()
    plain = Smarthost()
    assert isinstance(secured(plain, implicit=True), Deferred)
    assert b"EHLO" not in plain.verbs()


def test_words_between_starttls_and_tls_are_not_believed(certified: Authority):
    server = Smarthost(tls=certified.server)
    server.answers["STARTTLS"] = b"220 go on\r\n250 injected\r\n"
    result = secured(server)
    assert isinstance(result, Deferred)
    assert result.reply.startswith("4.7.0")


LOGIN = {"username": "peerpost", "password": "sesame"}


@pytest.mark.parametrize("mechanisms", ["AUTH PLAIN LOGIN", "AUTH LOGIN", "AUTH CRAM-MD5 PLAIN"])
def test_it_logs_in_after_tls_with_what_the_host_offers(certified: Authority, mechanisms: str):
    seen: list[bytes] = []

    def auth(session: Session) -> bytes:
        words = session.line.split()
        if words[1] == b"PLAIN":
            seen.extend(base64.b64decode(words[2]).split(b"\0")[1:])
        else:
            for prompt in (b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"):
                session.give(b"334 " + prompt + b"\r\n")
                seen.append(base64.b64decode(session.read_to(b"\r\n")))
        return b"235 2.7.0 welcome\r\n"

    server = Smarthost(tls=certified.server, secret_features=(mechanisms,), answers={"AUTH": auth})
    assert isinstance(secured(server, **LOGIN), Delivered)
    assert seen == [b"peerpost", b"sesame"]


def test_a_login_that_fails_is_not_the_messages_fault(certified: Authority):
    wrong = {"AUTH": b"535 5.7.8 no\r\n"}
    server = Smarthost(tls=certified.server, secret_features=("AUTH PLAIN",), answers=wrong)
    assert secured(server, **LOGIN) == Deferred("535 5.7.8 no")
    assert isinstance(secured(Smarthost(tls=certified.server), **LOGIN), Deferred)


def test_a_password_does_not_fall_back_to_no_tls(certified: Authority):
    server = Smarthost(tls=certified.server, features=("AUTH PLAIN",))
    server.answers["STARTTLS"] = b"220 go on\r\n"  # and then no handshake
    server.answers["STARTTLS"] = lambda session: session.give(b"220 go on\r\n") and HANG_UP
    assert isinstance(secured(server, **LOGIN), Deferred)
    assert b"AUTH" not in server.verbs()


def test_over_loopback_a_password_may_go_without_tls():
    server = Smarthost(features=("AUTH PLAIN",), answers={"AUTH": b"235 ok\r\n"})
    assert isinstance(secured(server, **LOGIN), Delivered)
