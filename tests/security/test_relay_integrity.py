"""The SMTP dialogue cannot be bent, and nobody's mail goes where it should not."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import time

import pytest
from attacks import PEER, is_served
from mails import raw_mail, signed
from wire import Wire
from world import ALEX, DOMAIN, World, marker

CASEY = "casey@mailer.test"


# --- no open relay ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "victim@other.test",
        f"victim%other.test@{DOMAIN}",
        f"other.test!victim@{DOMAIN}",
        f"@{DOMAIN}:victim@other.test",
        f"@other.test,@{DOMAIN}:victim@other.test",
        f'"victim@other.test"@{DOMAIN}',
        f"victim@other.test@{DOMAIN}",
        f"{PEER}@other.test",
        f"peer-alex%other.test@{DOMAIN}",
        f"{PEER}.other.test",
        f"{PEER}.",
        f"peer-alex@sub.{DOMAIN}",
        "peer-alex@[127.0.0.1]",
        "peer-alex@[IPv6:::1]",
        "peer-alex@",
        "peer-alex",
        f"peer-alex@{DOMAIN}\x00.other.test",
        f"peer-alex@{DOMAIN}> <victim@other.test",
        f"peer-alex\r@{DOMAIN}",
        f"peer-alex@{DOMAIN}\n",
        f"peer-alex+\tx@{DOMAIN}",
        f"'|sh'@{DOMAIN}",
        f"../../etc/passwd@{DOMAIN}",
    ],
)
def test_no_spelling_leads_to_another_domain(world: World, wire: Wire, address: str) -> None:
    before = len(world.smarthost.arrived)
    said = wire.envelope("boss@evil.test", address)
    ours = address == f"{PEER}."  # the same domain, written with its root
    assert said.refused or (ours and said.code == 250), said
    assert len(world.smarthost.arrived) == before


@pytest.mark.parametrize(
    "domain",
    [
        "peеrs.example.test",  # a Cyrillic e
        "peers.exаmple.test",  # a Cyrillic a
        "peers\u200b.example.test",
        "peers.example.teѕt",
        "péers.example.test",
        "xn--pers-epa.example.test",
    ],
)
def test_a_domain_that_looks_like_ours_is_another(wire: Wire, domain: str) -> None:
    said = wire.envelope("boss@evil.test", f"peer-alex@{domain}", more=" SMTPUTF8")
    assert said.refused


def test_another_domain_is_refused_whoever_the_sender_claims_to_be(world: World) -> None:
    for sender in ("boss@evil.test", "", ALEX, "postmaster@corp.example.test"):
        with Wire(world.port) as wire:
            wire.hello()
            said = wire.envelope(sender, "victim@other.test")
        assert said.code == 550
        assert " 5.7.1 " in said.text


def test_nobody_logs_in_where_no_login_is_offered(wire: Wire) -> None:
    assert "AUTH" not in wire.hello().text
    for line in ("AUTH PLAIN AGFsZXgAc2VjcmV0", "AUTH LOGIN", "AUTH CRAM-MD5", "AUTH"):
        assert wire.say(line).refused
    wire.say("STARTTLS")
    wire.secure()
    assert "AUTH" not in wire.hello().text
    assert wire.say("AUTH PLAIN AGFsZXgAc2VjcmV0").refused
    assert wire.envelope("boss@evil.test", "victim@other.test").refused


def test_what_a_stranger_claims_about_the_client_is_no_command(world: World) -> None:
    for line in (
        "PROXY TCP4 127.0.0.10 127.0.0.1 1 25",
        "XCLIENT ADDR=127.0.0.10 NAME=mx.corp.example.test",
        "XFORWARD ADDR=127.0.0.10",
    ):
        with Wire(world.port, greeted=False) as wire:
            wire.send(line.encode() + b"\r\n")
            assert wire.read().code == 220
            assert wire.read().refused


def test_vrfy_and_expn_answer_the_same_for_everybody(wire: Wire) -> None:
    for verb in ("VRFY", "EXPN"):
        said = {wire.say(f"{verb} {who}").text for who in (PEER, f"peer-nobody@{DOMAIN}", "alex")}
        assert len(said) == 1
    assert wire.say(b"VRFY \xff\xfe\x1b[2J").code == 252


# --- the boundaries of messages ----------------------------------------------------------------

BREAKS = [b"\r", b"\n", b"\0", b"\n\r", b"\r\r\n", b"\n\n", b"x\rx", b"\r\n\r"]


@pytest.mark.parametrize("part", ["header", "body", "end of header"])
@pytest.mark.parametrize("odd", BREAKS)
def test_bare_line_ends_and_nul_are_refused_in_the_session(
    wire: Wire, odd: bytes, part: str
) -> None:
    head, gap, body = signed(raw_mail(body="Hello.\r\n")).partition(b"\r\n\r\n")
    raw = {
        "header": head + b"\r\nX-Odd: a" + odd + b"b" + gap + body,
        "body": head + gap + b"a" + odd + b"b" + body,
        "end of header": head + odd + gap + body,
    }[part]
    assert wire.envelope(CASEY, PEER).code == 250
    assert wire.content(raw).code == 554


@pytest.mark.parametrize(
    "end",
    [
        *(b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\n\n.\n\n"),
        *(b"\r\n.\0\r\n", b"\r\n\0.\r\n", b"\r\n. \r\n", b"\r\n.\t\r\n", b"\r\r\n.\r\r\n"),
    ],
)
def test_nothing_but_crlf_dot_crlf_ends_a_message(world: World, wire: Wire, end: bytes) -> None:
    inner = marker()
    smuggled = (
        f"MAIL FROM:<ghost@mailer.test>\r\nRCPT TO:<{PEER}>\r\nDATA\r\nSubject: {inner}\r\n\r\n"
    ).encode()
    assert wire.envelope(CASEY, PEER).code == 250
    assert wire.say("DATA").code == 354
    wire.send(raw_mail(body="one") + end + smuggled + b"\r\n.\r\nNOOP\r\n")
    replies = [wire.read().code, wire.read().code]
    assert replies[0] in (250, 550, 554)
    assert replies[1] == 250, "the reply to NOOP is the second"
    assert not any(inner in str(mail.message["Subject"]) for mail in world.mails(ALEX))


def test_what_goes_out_is_stuffed_and_has_crlf_alone(world: World) -> None:
    word = marker()
    body = f"{word}\r\n.\r\n..\r\n.hidden\r\nMAIL FROM:<x@y.test>\r\n.\r\n"
    raw = signed(raw_mail(body=body, Message_ID=f"<{word}@mailer.test>"))
    with Wire(world.port) as wire:
        wire.hello()
        wire.envelope(CASEY, PEER)
        assert wire.content(raw).code == 250
    world.arrived(ALEX, word)
    sent = next(one.content for one in world.smarthost.arrived if word.encode() in one.content)
    assert b"\r\n..\r\n...\r\n..hidden\r\n" in sent
    assert sent.count(b"\r") == sent.count(b"\n") == sent.count(b"\r\n")


def test_an_encoded_part_cannot_bring_its_own_line_ends(world: World) -> None:
    word = marker()
    body = f"{word}=0D.=0D=0A.=0D=0Ax=0A.=0AMAIL FROM:<x@y.test>=0A\r\n"
    raw = signed(raw_mail(body=body, Content_Transfer_Encoding="quoted-printable"))
    with Wire(world.port) as wire:
        wire.hello()
        wire.envelope(CASEY, PEER)
        assert wire.content(raw).code == 250
    world.arrived(ALEX, word)
    sent = next(one.content for one in world.smarthost.arrived if word.encode() in one.content)
    assert b"\r\n.\r\n" not in sent
    assert sent.count(b"\r") == sent.count(b"\n") == sent.count(b"\r\n")


# --- the dialogue ------------------------------------------------------------------------------


def test_commands_out_of_order_lead_nowhere(world: World) -> None:
    with Wire(world.port, greeted=False) as wire:
        wire.send(f"MAIL FROM:<a@evil.test>\r\nRCPT TO:<{PEER}>\r\nDATA\r\nNOOP\r\n".encode())
        codes = [wire.read().code for _ in range(5)]
    assert codes[0] == 220
    assert all(code // 100 == 5 for code in codes[1:4])
    assert codes[4] == 250


def test_a_lone_line_feed_ends_no_command(wire: Wire) -> None:
    wire.send(b"MAIL FROM:<a@evil.test>\nRCPT TO:<" + PEER.encode() + b">\nDATA\n\r\nNOOP\r\n")
    assert wire.read().refused
    assert wire.read().code == 250


def test_nothing_said_in_clear_survives_starttls(wire: Wire) -> None:
    wire.send(b"STARTTLS\r\nEHLO inject.evil.test\r\nMAIL FROM:<inject@evil.test>\r\n")
    assert wire.read().code == 220
    with contextlib.suppress(OSError):
        wire.secure()
        wire.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            wire.socket.recv(100)
        wire.socket.settimeout(10)
        assert wire.say(f"RCPT TO:<{PEER}>").refused
        assert wire.say("MAIL FROM:<a@evil.test>").refused, "EHLO is to be said again"


def test_a_transaction_begun_in_clear_is_forgotten_with_tls(wire: Wire) -> None:
    assert wire.envelope("a@evil.test", PEER).code == 250
    assert wire.say("STARTTLS").code == 220
    wire.secure()
    assert wire.say("DATA").refused
    assert "STARTTLS" not in wire.hello().text
    assert wire.say("DATA").refused


@pytest.mark.parametrize(
    "name",
    ["", " ", "a b", "\x1b[2J", "evil\x00", "x" * 300, "mäil.test", "<script>", "a\tb", "\udcff"],
)
def test_a_name_that_is_no_word_is_refused(world: World, name: str) -> None:
    with Wire(world.port) as wire:
        said = wire.say(b"EHLO " + name.encode("utf-8", "surrogateescape"))
        assert said.code == 501
        assert wire.envelope("a@evil.test", PEER).refused


@pytest.mark.parametrize(
    "line",
    [
        b"x" * 3_000_000,
        b"EHLO " + b"x" * 70_000,
        b"MAIL FROM:<" + b"a" * 100_000 + b"@evil.test>",
        b"RCPT TO:<" + b"(" * 1500 + b">",
        b"MAIL FROM:<" + b"<" * 1500,
        b'MAIL FROM:<"' + b'\\"' * 700 + b'"@evil.test>',
        b"MAIL FROM:<a@evil.test> " + b"X=Y " * 5000,
        b"NOOP " + b"\xff" * 3000,
    ],
)
def test_an_over_long_command_is_refused_and_the_next_is_heard(wire: Wire, line: bytes) -> None:
    wire.send(line + b"\r\n")
    assert wire.read().refused
    assert wire.say("NOOP").code == 250


@pytest.mark.parametrize(
    "size", ["99999999999999999999999", "-1", "1e3", "2000000", "0x10", "", "١٢"]
)
def test_an_absurd_size_is_refused(wire: Wire, size: str) -> None:
    assert wire.say(f"MAIL FROM:<boss@evil.test> SIZE={size}").refused


def test_the_size_is_what_comes_and_not_what_was_said(wire: Wire) -> None:
    assert wire.envelope(CASEY, PEER, more=" SIZE=10").code == 250
    assert wire.content(raw_mail(body=b"x" * 70 + b"\r\n" + b"y" * 1_100_000)).code == 552
    assert wire.say("NOOP").code == 250


def test_of_many_recipients_a_hundred_are_taken_and_one_person_gets_one_copy(world: World) -> None:
    word = marker()
    with Wire(world.port, "127.0.0.20") as wire:
        wire.hello()
        wire.say(f"MAIL FROM:<{CASEY}>")
        codes = [wire.say(f"RCPT TO:<peer-alex+tag{n}@{DOMAIN}>").code for n in range(102)]
        codes.append(wire.say(f"RCPT TO:<peer-alex+tag0@{DOMAIN}>").code)
        assert codes == [250] * 100 + [452, 452, 250]
        assert wire.content(signed(raw_mail(body=f"{word}\r\n"))).code == 250
    world.arrived(ALEX, word)
    is_served(world)
    assert len(world.mails(ALEX, word)) == 1


def test_who_guesses_addresses_is_slowed_and_then_told_nothing(world: World) -> None:
    codes = []
    with Wire(world.port, "127.0.3.1") as wire:
        wire.hello()
        wire.say("MAIL FROM:<boss@evil.test>")
        for number in range(300):
            codes.append(wire.say(f"RCPT TO:<peer-guess{number}@{DOMAIN}>").code)
            if codes[-1] in (0, 421):
                break
    assert codes[0] == 550
    assert codes.count(550) <= 100
    assert codes[-1] in (0, 421)
    with Wire(world.port, "127.0.3.1") as wire:
        wire.hello()
        assert wire.envelope("boss@evil.test", PEER).code == 450, "nor what exists"
    is_served(world)


# --- slow and many -----------------------------------------------------------------------------


def test_slow_sessions_from_one_client_hinder_nobody(world: World) -> None:
    with contextlib.ExitStack() as ends:
        slow = [ends.enter_context(Wire(world.port)) for _ in range(120)]
        for wire in slow[:60]:
            wire.send(b"E")
        for wire in slow[60:]:
            wire.hello()
            wire.envelope(CASEY, PEER)
            wire.say("DATA")
            wire.send(b"Subject: slow\r\n")
        is_served(world)


def test_a_client_gets_no_more_than_its_share_of_connections(world: World) -> None:
    with contextlib.ExitStack() as ends:
        codes = [
            ends.enter_context(Wire(world.port, "127.0.4.1")).greeting.code for _ in range(170)
        ]
        assert codes.count(220) == 150
        assert set(codes[150:]) <= {0, 421}
        is_served(world)


def test_half_a_message_is_not_carried(world: World) -> None:
    word = marker()
    raw = signed(raw_mail(body=f"{word}\r\nThis goes on"))
    for end in ("shutdown", "close", "reset"):
        wire = Wire(world.port)
        wire.hello()
        wire.envelope(CASEY, PEER)
        wire.say("DATA")
        wire.send(raw + b"\r\n.\r")
        if end == "shutdown":
            wire.socket.shutdown(socket.SHUT_WR)
            assert wire.read().code != 250
        elif end == "reset":
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        wire.socket.close()
    is_served(world)
    assert not world.mails(ALEX, word)


def test_bytes_at_random_in_place_of_commands_end_no_session_badly(world: World) -> None:
    for lines in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with Wire(world.port) as wire:
            wire.send(lines + b"\r\n")
            assert wire.read().refused
    began = time.monotonic()
    with contextlib.suppress(smtplib.SMTPException):
        is_served(world)
    assert time.monotonic() - began < 30
