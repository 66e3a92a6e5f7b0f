"""The mx transport: several exchangers on loopback, each with an address of its own."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from letters import a_letter, records
from smarthost import Authority, Smarthost, authority

from config.choices import Tls
from config.sections import DeliverySettings
from relay.delivery.opening import Host
from relay.delivery.outcome import Deferred, Delivered, Outcome, Refused
from relay.delivery.transports import mx
from relay.delivery.wire import Patience

PATIENCE = Patience(connect=5, reply=2, content=20, final=20)
ZONE = {
    "corp.example.test MX": "10 a.test, 20 b.test",
    "a.test A": "127.0.0.2",
    "b.test A": "127.0.0.3",
}
STS = {"_mta-sts.corp.example.test TXT": "v=STSv1; id=1;"}
POLICY = "version: STSv1\nmode: {}\nmx: a.test\nmax_age: 86400\n"


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"), "a.test")


@contextlib.contextmanager
def exchanging(
    *servers: Smarthost,
    zone: dict[str, str] = ZONE,
    policy: str = "",
    **parts: Any,
) -> Iterator[mx.Exchangers]:
    """Servers at 127.0.0.2, 127.0.0.3, ... on one port, and a transport that finds them."""
    with contextlib.ExitStack() as stack:
        for number, server in enumerate(servers, 2):
            server.host, server.port = f"127.0.0.{number}", servers[0].port
            stack.enter_context(server.running())
        terms = Host("", servers[0].port, "", helo="us.test", **parts)

        def fetch(domain: str) -> bytes:
            return policy.encode()

        transport = mx.Exchangers(
            records(zone),
            fetch,
            terms,
            order=sorted,
            usable=lambda address: True,
            patience=PATIENCE,
            limits=replace(mx.LIMITS, flow=math.inf),
        )
        stack.callback(transport.close)
        yield transport


def sent(*servers: Smarthost, **parts: Any) -> Outcome:
    with exchanging(*servers, **parts) as transport:
        return transport.send(a_letter())


def test_the_best_exchanger_gets_the_letter():
    first, second = Smarthost(), Smarthost()
    assert sent(first, second) == Delivered("250 2.0.0 taken")
    assert (len(first.arrived), second.sessions) == (1, 0)
    assert first.commands[0] == b"EHLO us.test"


@pytest.mark.parametrize(
    "trouble",
    [
        {"GREETING": b"554 5.7.1 go away\r\n"},
        {"EHLO": b"421 4.3.2 busy\r\n"},
        {"MAIL": b""},
        {"GREETING": b"\0"},
    ],
    ids=["554", "421", "hang-up", "silence"],
)
def test_one_that_will_not_talk_is_passed_over(trouble: dict[str, Any]):
    second = Smarthost()
    assert isinstance(sent(Smarthost(answers=trouble), second), Delivered)
    assert len(second.arrived) == 1


def test_one_that_is_not_there_is_passed_over():
    second = Smarthost()
    zone = ZONE | {"a.test A": "127.0.0.9"}
    assert isinstance(sent(Smarthost(), second, zone=zone), Delivered)
    assert len(second.arrived) == 1


@pytest.mark.parametrize(
    ("answer", "kind"), [(b"550 no\r\n", Refused), (b"450 wait\r\n", Deferred)]
)
def test_the_first_that_talks_decides(answer: bytes, kind: type[Outcome]):
    second = Smarthost()
    assert isinstance(sent(Smarthost(answers={"RCPT": answer}), second), kind)
    assert not second.sessions


def test_a_break_after_the_final_dot_tries_no_other_host():
    second = Smarthost()
    assert isinstance(sent(Smarthost(answers={"CONTENT": b""}), second), Deferred)
    assert not second.sessions


def test_if_nobody_talks_the_letter_waits():
    away = {"GREETING": b"421 4.3.2 busy\r\n"}
    assert sent(Smarthost(answers=away), Smarthost(answers=away)) == Deferred("421 4.3.2 busy")
    assert isinstance(sent(Smarthost(), zone={"corp.example.test MX": "10 a.test"}), Deferred)


def test_what_dns_says_of_the_domain_is_the_outcome_before_any_host_is_asked():
    server = Smarthost()
    assert isinstance(sent(server, zone={"corp.example.test MX": "0 ."}), Refused)
    assert isinstance(sent(server, zone={}), Refused)
    assert isinstance(sent(server, zone={"corp.example.test MX": "?"}), Deferred)
    assert not server.sessions


def test_a_connection_is_kept_for_each_host():
    first, second = Smarthost(), Smarthost()
    zone = ZONE | {"other.test MX": "1 b.test"}
    with exchanging(first, second, zone=zone) as transport:
        for domain in ("corp.example.test", "other.test") * 2:
            assert isinstance(transport.send(a_letter(recipient=f"a@{domain}")), Delivered)
    assert (first.sessions, second.sessions) == (1, 1)
    assert first.verbs()[-1] == second.verbs()[-1] == b"QUIT"


def test_a_host_that_failed_is_left_alone_for_a_while():
    first, second = Smarthost(answers={"GREETING": b"421 busy\r\n"}), Smarthost()
    with exchanging(first, second) as transport:
        for _ in range(3):
            assert isinstance(transport.send(a_letter()), Delivered)
    assert (first.sessions, second.sessions) == (1, 1)


def test_an_international_domain_reaches_a_host_without_smtputf8():
    server = Smarthost(features=())
    zone = ZONE | {"xn--bcher-kva.test MX": "1 a.test"}
    with exchanging(server, zone=zone) as transport:
        assert isinstance(transport.send(a_letter(recipient="a@bücher.test")), Delivered)
    assert server.arrived[0].rcpt == b"RCPT TO:<a@xn--bcher-kva.test>"


def test_tls_is_used_where_it_is_offered_without_checking_the_name(certified: Authority):
    for tls in (Tls.OPPORTUNISTIC, Tls.OFF):
        server = Smarthost(tls=certified.server)
        assert isinstance(sent(server, tls=tls), Delivered)
        assert server.arrived[0].encrypted is (tls is Tls.OPPORTUNISTIC)


def test_an_enforced_policy_takes_only_its_hosts_with_a_certificate(certified: Authority):
    enforce = {"policy": POLICY.format("enforce"), "zone": ZONE | STS, "trust": certified.client}
    good, other = Smarthost(tls=certified.server), Smarthost(tls=certified.server)
    assert isinstance(sent(good, other, **enforce), Delivered)
    assert good.arrived[0].encrypted
    plain, other = Smarthost(), Smarthost(tls=certified.server)
    assert isinstance(sent(plain, other, **enforce), Deferred)
    assert not other.sessions
    stranger = Smarthost(tls=certified.server)
    result = sent(stranger, **enforce | {"zone": STS | ZONE | {"corp.example.test MX": "1 b.test"}})
    assert isinstance(result, Deferred)
    assert "MTA-STS" in result.reply
    assert not stranger.sessions


def test_a_policy_in_testing_delivers_all_the_same():
    server = Smarthost()
    assert isinstance(sent(server, policy=POLICY.format("testing"), zone=ZONE | STS), Delivered)


def test_opened_from_the_settings_it_never_connects_to_its_own_machine():
    server = Smarthost()
    with server.running():
        transport = mx.open(
            DeliverySettings(), records({"corp.example.test A": "127.0.0.1"}), port=server.port
        )
        result = transport.send(a_letter())
        transport.close()
    assert isinstance(result, Deferred)
    assert not server.sessions
