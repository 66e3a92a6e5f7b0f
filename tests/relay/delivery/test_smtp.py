"""The smarthost transport against a real server on loopback, well and badly behaved."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import math
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import example, given, settings
from hypothesis import strategies as st
from letters import a_letter
from smarthost import ALL, HANG_UP, SILENCE, Authority, Session, Smarthost, authority

from config.choices import Tls
from config.sections import DeliverySettings
from relay.delivery.lines import canonical, stuffed
from relay.delivery.opening import Host, connect
from relay.delivery.outcome import Deferred, Delivered, Outcome, Refused
from relay.delivery.pool import Limits
from relay.delivery.transports import smtp
from relay.delivery.wire import Patience

# Long enough for any answer on loopback, short enough to wait for where none will come.
SHORT = Patience(connect=5, reply=0.6, content=6, final=0.6, early=0.6)
LONG = Patience(connect=20, reply=20, content=20, final=20, early=5)


KEPT = Limits(flow=math.inf)


def patience_for(answer: object) -> Patience:
    return SHORT if answer == SILENCE else LONG


@contextlib.contextmanager
def a_transport(
    server: Smarthost, patience: Patience = LONG, limits: Limits = KEPT, **host: Any
) -> Iterator[smtp.Smarthost]:
    parts = {"address": server.host, "port": server.port, "name": "smarthost.test"} | host
    transport = smtp.Smarthost(Host(**parts), patience, limits)
    try:
        yield transport
    finally:
        transport.close()


def outcome(server: Smarthost, patience: Patience = LONG, **parts: Any) -> Outcome:
    """What becomes of one letter; `parts` are the letter's."""
    with server.running(), a_transport(server, patience) as transport:
        return transport.send(a_letter(**parts))


# --- what goes over the wire -------------------------------------------------------------------


def test_a_letter_arrives_with_its_envelope_and_the_hosts_words_come_back():
    server = Smarthost()
    assert outcome(server) == Delivered("250 2.0.0 taken")
    [arrived] = server.arrived
    assert arrived.mail == b"MAIL FROM:<bounce+abc@peers.example.test> SIZE=54"
    assert arrived.rcpt == b"RCPT TO:<alex@corp.example.test>"
    assert arrived.content == a_letter().content


def test_a_null_reverse_path_is_sent_as_one():
    server = Smarthost(features=())
    assert isinstance(outcome(server, sender=""), Delivered)
    assert server.arrived[0].mail == b"MAIL FROM:<>"


def test_the_envelope_goes_in_one_write_where_pipelining_is_offered_and_in_three_elsewhere():
    for features, writes in ((ALL, 1), ((), 3)):
        server = Smarthost(features=features)
        assert isinstance(outcome(server), Delivered)
        envelope = [data for data in server.reads if data[:4] in (b"MAIL", b"RCPT", b"DATA")]
        assert len(envelope) == writes


def test_eight_bit_content_says_so_where_that_is_offered():
    content = "Subject: hi\r\n\r\nGrüße\r\n".encode()
    for features, said in ((ALL, True), (("PIPELINING",), False)):
        server = Smarthost(features=features)
        assert isinstance(outcome(server, content=content), Delivered)
        assert (b"BODY=8BITMIME" in server.arrived[0].mail) is said
        assert server.arrived[0].content == content


def test_international_mail_needs_a_host_that_takes_it():
    for parts in ({"smtputf8": True}, {"recipient": "zoë@corp.example.test"}):
        server = Smarthost()
        assert isinstance(outcome(server, **parts), Delivered)
        assert server.arrived[0].mail.endswith(b" SMTPUTF8")
        plain = Smarthost(features=("PIPELINING", "8BITMIME"))
        refused = outcome(plain, **parts)
        assert isinstance(refused, Refused)
        assert refused.reply.startswith("5.6.7")
        assert b"MAIL" not in plain.verbs()


def test_a_message_larger_than_the_host_takes_is_not_even_offered():
    content = b"Subject: x\r\n\r\n" + b"x" * 100 + b"\r\n"
    small = Smarthost(features=("SIZE 100",))
    refused = outcome(small, content=content)
    assert isinstance(refused, Refused)
    assert "116 bytes" in refused.reply
    assert b"MAIL" not in small.verbs()
    for unlimited in ("SIZE", "SIZE 0", "SIZE 116", "SIZE much"):
        assert isinstance(outcome(Smarthost(features=(unlimited,)), content=content), Delivered)


@pytest.mark.parametrize(
    "address",
    [
        "a@b>\r\nRCPT TO:<eve@evil.test",
        "a b@c.test",
        "a@b c",
        "a@",
        "@b",
        "a",
        "a\x00@b",
        "<a@b>",
        '"a@b',
    ],
)
def test_an_address_that_would_break_out_of_the_command_is_refused(address: str):
    for parts in ({"sender": address}, {"recipient": address}):
        server = Smarthost()
        assert isinstance(outcome(server, **parts), Refused)
        assert b"MAIL" not in server.verbs()


@pytest.mark.parametrize("local", ["o'neil", '"john doe"', '"a\\"<b>"', "x=y+z", "a.b-c"])
def test_odd_but_right_addresses_are_carried(local: str):
    server = Smarthost()
    assert isinstance(outcome(server, recipient=f"{local}@corp.example.test"), Delivered)
    assert server.arrived[0].rcpt == f"RCPT TO:<{local}@corp.example.test>".encode()


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("a.\r\n"), max_size=30).map(str.encode))
@example(b"\n.\n")
@example(b"\r\n.\r.\r\n..")
def test_nothing_in_content_can_end_it_early(content: bytes):
    sent = stuffed(canonical(content)) + b".\r\n"
    assert (b"\r\n" + sent).index(b"\r\n.\r\n") + 3 == len(sent)
    assert b"\r" not in sent.replace(b"\r\n", b"")
    assert b"\n" not in sent.replace(b"\r\n", b"")


def test_bare_line_ends_and_dots_arrive_as_lines_of_one_message():
    server = Smarthost()
    assert isinstance(outcome(server, content=b"A: b\n\n.\n.\r.x\r\nend"), Delivered)
    assert server.arrived[0].content == b"A: b\r\n\r\n..\r\n..\r\n..x\r\nend\r\n"


def test_a_large_message_arrives_whole():
    content = b"A: b\r\n\r\n" + b".line of text\r\n" * 60_000
    server = Smarthost()
    assert isinstance(outcome(server, content=content), Delivered)
    assert server.arrived[0].content == content.replace(b"\r\n.", b"\r\n..")


# --- what the host says ------------------------------------------------------------------------


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


# --- connections -------------------------------------------------------------------------------


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


# --- TLS and logging in ------------------------------------------------------------------------


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


# --- from the settings -------------------------------------------------------------------------


def test_it_is_opened_from_the_settings():
    server = Smarthost()
    with server.running():
        delivery = DeliverySettings(transport="smtp", host="127.0.0.1", port=server.port)
        transport = smtp.open(delivery, None, "peers.example.test")
        assert isinstance(transport.send(a_letter()), Delivered)
        transport.close()
    assert server.commands[0] == b"EHLO peers.example.test"


def test_connections_can_be_made_one_at_a_time():
    server = Smarthost()
    with server.running():
        client = connect(Host("127.0.0.1", server.port, "smarthost.test"), LONG)
        assert client.offer(a_letter()) is None
        assert isinstance(client.hand_over(a_letter().content), Delivered)
        client.quit(1)


class Mailbox:
    """A handler of aiosmtpd: a server that shares nothing with the client or the scripted one."""

    def __init__(self) -> None:
        self.content: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.content.append(envelope.content)
        return "250 2.0.0 taken"


@contextlib.contextmanager
def aiosmtpd_at_work(mailbox: Mailbox, certified: Authority) -> Iterator[int]:
    """Its port."""
    loop = asyncio.new_event_loop()
    options = {"loop": loop, "tls_context": certified.server, "enable_SMTPUTF8": True}
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(mailbox, **options), "127.0.0.1", 0)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()


def test_another_server_understands_us(certified: Authority):
    mailbox = Mailbox()
    content = "Subject: ü\r\n\r\n.dot\r\n..\r\nend\r\n".encode()
    with aiosmtpd_at_work(mailbox, certified) as port:
        host = Host("127.0.0.1", port, "smarthost.test", Tls.REQUIRED, trust=certified.client)
        transport = smtp.Smarthost(host, LONG, KEPT)
        for _ in range(3):
            letter = a_letter(recipient="zoë@corp.test", content=content, smtputf8=True)
            assert isinstance(transport.send(letter), Delivered)
        transport.close()
    assert mailbox.content == [content] * 3
