"""What goes over the wire to a smarthost, and what is never sent to it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from letters import a_letter
from smarthost import ALL, Smarthost
from transports import outcome

from relay.delivery.lines import canonical, stuffed
from relay.delivery.outcome import Delivered, Refused


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
