"""What the header of a message says about where it came from: addresses, names, hosts, IPs, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from relay.masking import words

_HEADER_LIMIT = 1 << 18  # octets; screening refuses more

# Fields in which a program writes an address of the author's.
_AUTHOR_FIELDS = """
autocrypt delivered-to disposition-notification-to envelope-from envelope-to errors-to from
generate-delivery-report list-owner list-post list-unsubscribe mail-followup-to mail-reply-to
original-from received-spf reply-to resent-from resent-sender return-path return-receipt-to sender
x-apparently-from x-authenticated-sender x-authenticated-user x-confirm-reading-to x-delivered-to
x-envelope-from x-forwarded-for x-forwarded-to x-gm-original-to x-google-original-from x-mailfrom
x-mail-from x-ms-exchange-crosstenant-fromentityheader x-ms-exchange-messagesentrepresentingtype
x-original-from x-original-sender x-original-to x-receipt-to x-sasl-user x-sender x-sender-id
x-smtp-sender x-yahoo-user
"""
_AUTHOR = frozenset(_AUTHOR_FIELDS.split())
_IDS = frozenset(("message-id", "references", "in-reply-to", "resent-message-id", "content-id"))
_PLACES = frozenset(
    ("received", "x-received", "x-originating-ip", "x-originating-host", "x-client-ip", "x-mailer",
     "x-sender-ip", "x-source-ip", "x-real-ip", "x-remote-ip", "x-forwarded-client", "user-agent",
     "x-originatororg", "x-ms-exchange-organization-authsource", "authentication-results",
     "arc-authentication-results", "x-source-auth", "x-source-dir")
)  # fmt: skip

_ADDRESS = re.compile(
    r"(?:\"[^\"\n]{1,80}\"|[^\s<>,;:\"()\[\]@=]{1,80})"
    r"@(?:[^\s<>,;:\"()\[\]@/]{1,255}|\[[\da-zA-Z.:]{2,60}\])"
)
_FOR = re.compile(r"\bfor\s{1,4}<?[^\s<>;]{1,320}>?")
_HOST = re.compile(r"(?<![@\w.=+-])(?:[A-Za-z0-9_-]{1,63}\.){1,9}[A-Za-z][A-Za-z0-9-]{1,62}\b(?!@)")
_BARE_HOST = re.compile(
    r"\b(?:from |helo[= ]|ehlo[= ])([a-z][\w-]{3,62})(?=[ );])|\(([a-z][\w-]{3,62}) \[",
    re.IGNORECASE,
)
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w.:])"
)
_NAMED = re.compile(r"([^<>\",;@]{1,100})\"?\s{0,9}<([^<>\s]{3,320})>")
_LONGEST_LIST = 20_000  # characters
_ID = re.compile(r"<[^<>\s]{3,500}>")
_NOWHERE = frozenset(("localhost", "localhost.localdomain", "unknown"))


@dataclass(frozen=True, slots=True)
class Trail:
    """All of it, as written, in order of appearance."""

    addresses: tuple[str, ...]
    names: tuple[str, ...]
    hosts: tuple[str, ...]
    ips: tuple[str, ...]
    message_ids: tuple[str, ...]
    recipients: tuple[tuple[str, str], ...]  # name and address


def trail(raw: bytes) -> Trail:
    """What the header of a raw message tells. Never raises; linear in the header."""
    addresses: list[str] = []
    names: list[str] = []
    hosts: list[str] = []
    ips: list[str] = []
    ids: list[str] = []
    recipients: list[tuple[str, str]] = []
    for name, value in fields(raw):
        if name in _AUTHOR:
            addresses += _ADDRESS.findall(value)
        if name in ("from", "sender", "reply-to"):
            names += _names(value)
        if name in ("to", "cc", "bcc"):
            recipients += _NAMED.findall(value[:_LONGEST_LIST])
        if name in _PLACES:
            route = _FOR.sub(" ", value)
            addresses += _ADDRESS.findall(route) if "@" in route else ()
            hosts += _HOST.findall(route)
            hosts += [one or other for one, other in _BARE_HOST.findall(route)]
            ips += _IP.findall(route)
        if name in _IDS:
            found = _ID.findall(value)
            ids += found
            hosts += [one.rpartition("@")[2].rstrip(">") for one in found if "@" in one]
    return Trail(
        tuple(dict.fromkeys(addresses)),
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(host.lower() for host in hosts if host.lower() not in _NOWHERE)),
        tuple(dict.fromkeys(ips)),
        tuple(dict.fromkeys(ids)),
        tuple(recipients),
    )


def fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """The header fields: names in lower case, values unfolded and decoded (RFC 5322, 2047)."""
    head = raw[:_HEADER_LIMIT].replace(b"\r\n", b"\n")
    head = head.partition(b"\n\n")[0]
    unfolded = re.sub(rb"\n[ \t]+", b" ", head)
    for line in unfolded.split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            text = words.decoded(value.decode("utf-8", "replace").strip())
            yield name.strip().decode("latin-1").lower(), text


def _names(value: str) -> list[str]:
    """The display names of an address field."""
    found = (name.strip(" ,") for name, _ in _NAMED.findall(value[:_LONGEST_LIST]))
    return [name for name in found if name]
