"""Nothing is written to who did not write, and loops end after one hop."""

from __future__ import annotations

import contextlib
import email.utils
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import PEER, Talk, forge, is_served, talk, written_to
from mails import key_record, raw_mail, signed
from smarthost import Session
from wire import Wire
from world import ALEX, DOMAIN, World, a_world, eventually, marker

MARKS = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; x=y",
    "Auto-Submitted: auto-notified",
    "Auto-Submitted: (comment) auto-replied",
    "Precedence: bulk",
    "Precedence: junk",
    "Precedence: list",
    "Precedence: auto_reply",
    "X-Auto-Response-Suppress: All",
    "X-Auto-Response-Suppress: DR, OOF, AutoReply",
    "X-Autoreply: yes",
    "X-Autorespond: hello",
    "X-Vacation: yes",
    "X-Autoresponder: yes",
    "X-Mail-Autoreply: on",
    "X-AutoReply-From: x@y.test",
    "X-Auto-Response: yes",
    "X-FC-MachineGenerated: true",
    "X-POST-MessageClass: 9; Autoresponder",
    "Delivered-To: Autoresponder",
    "List-Id: <list.mailer.test>",
    "List-Unsubscribe: <mailto:x@mailer.test>",
    "List-Post: <mailto:list@mailer.test>",
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    "Content-Type: message/disposition-notification",
    "Subject: Automatic reply: hello",
    "Subject: Automatische Antwort: hallo",
    "Subject: Réponse automatique : bonjour",
]


@pytest.fixture(scope="module")
def attacked(world: World) -> Talk:
    return talk(world)


@pytest.mark.parametrize("mark", MARKS)
def test_what_a_machine_wrote_crosses_to_nobody_and_is_not_answered(
    world: World, attacked: Talk, mark: str
) -> None:
    word, (name, _, value) = marker(), mark.partition(": ")
    fields = {"From": ALEX, "To": attacked.guest, "Message_ID": f"<{word}@corp.example.test>"}
    raw = signed(raw_mail(body=f"{word}\r\n", **{**fields, name: value}), "corp.example.test")
    said = forge(world, ALEX, attacked.guest, raw)
    assert said.code == 250 or said.refused
    is_served(world)
    assert not world.mails("", word)


def test_mail_with_the_null_sender_is_never_answered(world: World, attacked: Talk) -> None:
    before = written_to(world, attacked.candidate, "casey@mailer.test", "MAILER-DAEMON@mailer.test")
    for to in (PEER, attacked.peer, attacked.guest, attacked.path, f"desk@{DOMAIN}"):
        for author in ("casey@mailer.test", attacked.candidate):
            forge(world, "", to, signed(raw_mail(From=author, To=to)))
    after = written_to(world, attacked.candidate, "casey@mailer.test", "MAILER-DAEMON@mailer.test")
    assert after == before


def test_who_is_not_proven_is_never_written_to(world: World) -> None:
    world.names.records[("bare.test", "TXT")] = ("no policy here",)
    stranger = f"{marker()}@bare.test"
    for to, body in (
        (PEER, "Hello, a question.\r\n"),
        (PEER, f"My other address is {stranger}, by the way.\r\n"),
        (f"desk@{DOMAIN}", "status\r\n"),
        (f"desk@{DOMAIN}", "forget\r\n"),
        (f"desk@{DOMAIN}", "nonsense\r\n"),
    ):
        forge(world, stranger, to, raw_mail(From=stranger, To=to, body=body))
    assert written_to(world, stranger) == 0


def test_a_refusal_behind_a_250_is_told_once_a_day_and_to_no_machine(world: World) -> None:
    other = talk(world)

    def send(author: str, code: int, *top: str) -> None:
        raw = raw_mail(*top, From=author, To=PEER, Message_ID=f"<{marker()}@mailer.test>")
        with Wire(world.port) as wire:
            wire.hello()
            assert wire.envelope(author, PEER, other.peer).code == 250
            assert wire.content(signed(raw)).code == code

    person, machine = f"{marker()}@mailer.test", f"{marker()}@mailer.test"
    send(machine, 550, "Auto-Submitted: auto-replied")
    for _ in range(3):
        send(person, 250)
    world.arrived(person)
    assert written_to(world, person) == 1
    assert written_to(world, machine) == 0


def test_what_cannot_be_delivered_is_told_once_a_day_in_a_thread(world: World) -> None:
    author = f"{marker()}@mailer.test"
    refused = world.smarthost.answers
    refused["RCPT"] = lambda s: b"550 5.7.1 no\r\n" if ALEX.encode() in s.line else None
    try:
        for _ in range(4):
            assert world.send(author, PEER, f"{marker()}\r\n")[0] == 250
        world.arrived(author)
        world.settled()
    finally:
        del refused["RCPT"]
    assert written_to(world, author) == 1


def test_every_mail_of_our_own_says_that_it_is_automatic(world: World) -> None:
    author, desk = f"{marker()}@mailer.test", f"desk@{DOMAIN}"
    forge(world, author, desk, signed(raw_mail(From=author, To=desk, body="nonsense\r\n")))
    notice = world.arrived(author)
    assert notice.sender == ""
    assert notice.message["Auto-Submitted"] == "auto-generated"


def test_nobody_writes_from_our_own_domain(world: World, attacked: Talk) -> None:
    for own in (PEER, attacked.guest, attacked.peer, attacked.path, f"desk@{DOMAIN}"):
        for sender in (own, "boss@evil.test", ""):
            raw = signed(raw_mail(From=own, To=PEER), "evil.test")
            said = forge(world, sender, PEER, raw)
            assert said.refused or (sender == "" and said.code == 250)
        assert forge(world, own, PEER, signed(raw_mail(From="boss@evil.test"), "evil.test")).refused
    assert written_to(world, attacked.guest, attacked.peer, attacked.path, PEER) == 0


@pytest.mark.parametrize("hops", [101, 500])
def test_mail_that_has_been_everywhere_is_refused(world: World, hops: int) -> None:
    received = [
        f"Received: from a{n}.test by b{n}.test; Mon, 2 Mar 2026 12:00:00 +0000"
        for n in range(hops)
    ]
    assert forge(world, "casey@mailer.test", PEER, signed(raw_mail(*received))).code == 554


# --- machines that say nothing of what they are ------------------------------------------------


def responding(world: World, owners: dict[str, str], subject: str, body: str) -> None:
    """From now on these mailboxes answer everything at once, in their owner's name, unmarked."""

    def answer(rcpt: bytes, content: bytes) -> None:
        owner = rcpt.partition(b"<")[2].partition(b">")[0].decode()
        if owner not in owners:
            return
        head = content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        reply_to = next((line for line in head.split("\r\n") if line.startswith("Reply-To: ")), "")
        to = email.utils.parseaddr(reply_to.removeprefix("Reply-To: "))[1]
        raw = raw_mail(
            From=owner, To=to, Subject=subject, body=body, Message_ID=f"<{marker()}@x.test>"
        )
        if to:
            forge(world, owner, to, signed(raw, owners[owner]))

    def on_content(session: Session) -> None:
        threading.Timer(0.02, answer, (session.rcpt, session.content)).start()

    world.smarthost.answers["CONTENT"] = on_content


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Out of office", "I am away.\r\n"),
        ("Thank you", "We have got your message and will come back to you.\r\n"),
        ("Re: hello", "Your ticket was opened.\r\n> hello\r\n"),
    ],
)
def test_two_machines_that_mark_nothing_come_to_rest(world: World, subject: str, body: str) -> None:
    author = f"{marker()}@mailer.test"
    before = len(world.smarthost.arrived)
    owners = {author: "mailer.test", ALEX: "corp.example.test"}
    responding(world, owners, subject, body)
    try:
        assert world.send(author, PEER, f"{marker()}\r\n")[0] == 250
        quiet = 0
        while quiet < 4:
            count = len(world.smarthost.arrived)
            threading.Event().wait(0.3)
            quiet = quiet + 1 if len(world.smarthost.arrived) == count else 0
            assert len(world.smarthost.arrived) - before <= 10
    finally:
        del world.smarthost.answers["CONTENT"]


# --- two relays in a ring ------------------------------------------------------------------------


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[tuple[World, World]]:
    """Two relays: each one's ambassador has a mask of the other for a mailbox."""
    here, there = "peers.example.test", "relay.other.test"
    with contextlib.ExitStack() as ends:
        one = ends.enter_context(a_world(_made(tmp_path / "one")))
        two = ends.enter_context(a_world(_made(tmp_path / "two"), relay__domain=there))
        for world in (one, two):
            world.names.records |= {
                ("s1._domainkey.mailer.test", "TXT"): (key_record(),),
                ("mailer.test", "TXT"): ("v=spf1 ip4:127.0.0.0/8 -all",),
                (here, "TXT"): ("v=spf1 ip4:127.0.0.0/8 -all",),
                (there, "TXT"): ("v=spf1 ip4:127.0.0.0/8 -all",),
            }
        one.do("ambassador", "add", "loop", "--name", "Loop", "--email", f"peer-loop@{there}")
        two.do("ambassador", "add", "loop", "--name", "Loop", "--email", f"peer-loop@{here}")
        one.start()
        two.start()
        yield one, two


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_ring_of_two_relays_ends_after_one_round(ring: tuple[World, World]) -> None:
    one, two = ring
    word = marker()
    assert one.send("casey@mailer.test", f"peer-loop@{DOMAIN}", f"{word}\r\n")[0] == 250
    first = one.arrived("peer-loop@relay.other.test", word)
    said = forge(two, first.sender, first.recipient, first.content)
    assert said.code == 250, said
    second = two.arrived(f"peer-loop@{DOMAIN}", word)
    assert second.content != first.content
    back = forge(one, second.sender, second.recipient, second.content)
    assert back.code == 554
    assert "5.4.6" in back.text
    eventually(lambda: len(one.mails("", word)) == 1, "one mail and no more")
