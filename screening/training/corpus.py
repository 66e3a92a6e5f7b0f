"""The labelled mails, written for this project one by one, as screening sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from importlib.resources import files

from screening import message
from screening.authentication import Authentication, Result, Wish
from screening.case import Addressee, Case
from screening.message import Envelope

# Who is written to in the training mails, with their topics.
ADDRESSEES = {
    "robin": ("Robin", ("python", "postgres", "infra")),
    "kim": ("Kim", ("reliability", "kubernetes", "on-call")),
    "elena": ("Elena", ("data", "streaming")),
    "lars": ("Lars", ("embedded", "rust", "motor control")),
    "aisha": ("Aisha", ("frontend", "accessibility")),
    "mateo": ("Mateo", ("security", "detection")),
    "hana": ("Hana", ("search", "machine learning")),
    "judit": ("Judit", ("finance", "audit")),
    "viktor": ("Viktor", ("manufacturing", "moulding")),
    "noor": ("Noor", ("usability", "medical devices")),
}
_DOMAIN = "relay.example"
_FIRST = re.compile(r"@ (?P<name>.*?) ?<(?P<address>[^>]+)> -> (?P<to>\w+) \[(?P<language>\w+)\]$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One mail and what it is; `language` is an ISO 639-1 code."""

    label: str
    language: str
    case: Case


@cache
def corpus() -> tuple[Labelled, ...]:
    """Every mail in `mails`; a file's name begins with its label."""
    folder = files("screening.training") / "mails"
    sources = sorted((file for file in folder.iterdir()), key=lambda file: file.name)
    return tuple(
        mail
        for file in sources
        if file.name.endswith(".txt")
        for mail in _mails(file.name.partition(".")[0], file.read_text("utf-8"))
    )


def _mails(label: str, source: str) -> Iterator[Labelled]:
    for block in re.split(r"^(?=@ )", source, flags=re.MULTILINE):
        if block.strip():
            yield _labelled(label, block)


def _labelled(label: str, block: str) -> Labelled:
    first, _, rest = block.partition("\n")
    found = _FIRST.match(first)
    if found is None:
        raise ValueError(f"not the first line of a mail: {first}")
    head, body, files_ = _parted(rest)
    raw = _raw(found, head, body, files_)
    name, topics = ADDRESSEES[found["to"]]
    masked = f"peer-{found['to']}@{_DOMAIN}"
    sender = found["address"]
    case = Case(
        message=message.read(raw),
        envelope=Envelope(sender, (masked,), "mail.example", "192.0.2.1"),
        authentication=Authentication(sender, Result.PASS, True, (), Result.PASS, Wish.REJECT),
        addressee=Addressee(name, topics, masked),
        domain=_DOMAIN,
    )
    return Labelled(label, found["language"], case)


def _parted(rest: str) -> tuple[dict[str, str], str, list[str]]:
    """Fields, body and attachments; `Attach: name type` may stand above the body or below it."""
    above, _, body = rest.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in above.splitlines())
    attached = re.findall(r"^Attach: (.+)$", rest, re.MULTILINE)
    fields.pop("Attach", None)
    return fields, re.sub(r"^Attach: .+\n?", "", body, flags=re.MULTILINE).strip(), attached


def _raw(found: re.Match[str], fields: dict[str, str], body: str, attached: list[str]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    local, _, domain = found["address"].partition("@")
    mail["From"] = Address(found["name"], local, domain)
    mail["To"] = fields.pop("To", f"peer-{found['to']}@{_DOMAIN}")
    for name, value in fields.items():
        mail[name] = value
    mail["Message-ID"] = f"<{abs(hash(found['address']))}@{domain}>"
    mail.set_content(body + "\n", cte="8bit" if body.isascii() else "base64")
    for one in attached:
        name, _, kind = one.rpartition(" ")
        main, _, sub = kind.partition("/")
        mail.add_attachment(b"%inert", maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()
