"""Builders for masking: a view of Dana's mail for Alex, and what the reader's program would show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from relay.masking.identity import Identity
from relay.masking.mask import View
from screening.addresses import Mailbox

DOMAIN = "peers.example.test"
OWN = "dana.brown@corp.test"
GUEST = f"guest-abcdefghij234567abcd@{DOMAIN}"
PEER = f"peer-alex+t.zzzzzzzzzz2222222222@{DOMAIN}"
ALEX = "alex.chen@firm.example"
NOW = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)

DANA = Identity(
    (OWN, "dana@home.test"),
    ("ws-7.lan.corp.test", "gw.corp.test"),
    ("10.1.2.3", "192.0.2.7"),
    ("<first.1@ws-7.lan.corp.test>",),
    ("Brown",),
)


def a_view(**changes: object) -> View:
    """Dana, a candidate, as Alex sees her."""
    view = View(
        author=Mailbox(GUEST, "Dana"),
        reader=Mailbox(ALEX, "Alex"),
        hidden=DANA,
        message_id=f"<new.0123456789abcdef@{DOMAIN}>",
        now=NOW,
        domain=DOMAIN,
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def a_mail(
    body: str = "Hello Alex\n", *fields: str, kind: str = "text/plain; charset=utf-8"
) -> bytes:
    """A raw message of one part, in UTF-8, with CRLF line ends."""
    given = {field.partition(":")[0].lower() for field in fields}
    usual = {
        "From": f"Dana Brown <{OWN}>",
        "To": f"peer-alex@{DOMAIN}",
        "Subject": "A question",
        "Date": "Tue, 05 Mar 2024 10:30:00 +0100",
        "Message-ID": "<first.1@ws-7.lan.corp.test>",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        "Content-Transfer-Encoding": "8bit",
    }
    lines = [*fields, *(f"{k}: {v}" for k, v in usual.items() if k.lower() not in given), "", body]
    return "\n".join(lines).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def opened(content: bytes) -> EmailMessage:
    """A message as the standard library's parser reads it."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def shown(content: bytes) -> str:
    """The one text of a message, decoded."""
    part = opened(content).get_body(("plain", "html"))
    assert part is not None
    return str(part.get_content())
