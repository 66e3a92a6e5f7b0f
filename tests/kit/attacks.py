"""What attacks are made of: a conversation to attack, delivery reports, and who is written to."""

from __future__ import annotations

from dataclasses import dataclass

from mails import raw_mail, signed
from wire import Said, Wire
from world import ALEX, DOMAIN, World, marker

PEER = f"peer-alex@{DOMAIN}"


@dataclass(frozen=True)
class Talk:
    """A conversation as both sides know it."""

    candidate: str
    guest: str  # where alex answers
    peer: str  # where the candidate answers
    path: str  # the reverse path of what alex got
    answer: bytes  # alex's answer as it was handed in


def talk(world: World) -> Talk:
    """A candidate writes and alex answers, both honestly."""
    word, reply = marker(), marker()
    candidate = f"{word}@mailer.test"
    code, said = world.send(candidate, PEER, f"{word}\r\n")
    assert code == 250, said
    first = world.arrived(ALEX, word)
    guest = first.answers_to
    answer = by_alex(guest, f"{reply}\r\n")
    assert forge(world, ALEX, guest, answer).code == 250
    got = world.arrived(candidate, reply)
    return Talk(candidate, guest, got.answers_to, first.sender, answer)


def by_alex(to: str, body: str, **fields: str | None) -> bytes:
    """Alex's own mail, signed by his company."""
    usual = {"From": ALEX, "To": to, "Message_ID": f"<{marker()}@corp.example.test>"}
    return signed(raw_mail(body=body, **{**usual, **fields}), "corp.example.test")


def forge(
    world: World, sender: str, to: str, raw: bytes, source: str = "127.0.0.66", more: str = ""
) -> Said:
    """These bytes from a stranger's address; the reply to the content, or the refusal before."""
    with Wire(world.port, source) as wire:
        wire.hello()
        said = wire.envelope(sender, to, more=more)
        return wire.content(raw) if said.code == 250 else said


def report(to: str, action: str = "failed", status: str = "5.1.1", **fields: str | None) -> bytes:
    """A delivery report of the usual form (RFC 3464)."""
    body = (
        "--dsn\r\nContent-Type: text/plain\r\n\r\nThe mailbox is gone.\r\n"
        "--dsn\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.corp.example.test\r\n\r\n"
        f"Final-Recipient: rfc822; {ALEX}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--dsn--\r\n"
    )
    usual: dict[str, str | None] = {
        "From": "MAILER-DAEMON@corp.example.test",
        "To": to,
        "Subject": "Undelivered Mail Returned to Sender",
        "Content_Type": "multipart/report; report-type=delivery-status; boundary=dsn",
        "Auto_Submitted": "auto-replied",
    }
    return raw_mail(body=body, **{**usual, **fields})


def is_served(world: World) -> None:
    """An honest message goes through, right now."""
    word = marker()
    code, said = world.send(f"{word}@mailer.test", PEER, f"{word}\r\n")
    assert code == 250, said
    world.arrived(ALEX, word)


def written_to(world: World, *addresses: str) -> int:
    """How many mails these have got, when an honest one sent after all others has arrived.

    That one goes to alex, and counts twice for him.
    """
    is_served(world)
    is_served(world)
    return sum(mail.recipient in addresses for mail in world.mails())
