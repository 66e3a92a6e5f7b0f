"""Mailboxes, as flanker's address parser reads them."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import idna
from ply.lex import LexError
from ply.yacc import YaccError

from screening import decoding, parsers

MAX_LIST = 64 * 1024  # characters; flanker takes some 20 microseconds for every ten of them
MAX_MAILBOXES = 1000

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# A name that is no RFC 5322 phrase, in front of an angle address that can only be read one way.
_LOOSE = re.compile(r'(?P<name>[^<>@,:;"\\]*)<(?P<spec>[^<>]*)>')
_TWICE = re.compile(r"\s*(?P<name>[^\s<>]+)\s*<(?P<spec>[^<>]*)>\s*")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_QUOTED_LOCAL = re.compile(r'"[A-Za-z0-9!#$%&\'*+/=?^_`{|}~. -]+"')
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with the name beside it (RFC 5322 section 3.4).

    In what this module reads, `address` has its local part as written and its domain in lower
    case as A-labels, and `name` is decoded and free of control characters.
    """

    address: str
    name: str = ""


def parse_list(text: str) -> tuple[Mailbox, ...] | None:
    """The mailboxes of an address list (unfolded, encoded words still in code), all or None.

    Strict: groups, comments inside addresses and whatever could be read in two ways are None.
    """
    text = text.strip()
    if not text or len(text) > MAX_LIST or text.count(",") >= MAX_MAILBOXES:
        return None
    grammar, lexer = parsers.addresses()
    try:
        parsed = grammar.mailbox_or_url_list_parser.parse(text, lexer.clone())
        return tuple(_mailbox(one) for one in parsed)
    except (LexError, YaccError, SyntaxError, ValueError):
        return None


@functools.lru_cache(maxsize=2048)
def exactly_one(text: str) -> Mailbox:
    """The one mailbox of a From field. Raises ValueError, in plain words, for anything else.

    Kept for the next message: who writes once writes again, and the grammar takes 0.2 ms.
    """
    if len(text) > 2000:
        raise ValueError("is too long")
    found = parse_list(text) or _forgiven(text)
    if found is None:
        raise ValueError("holds no address, or one that cannot be read without doubt")
    # flanker takes `a@x;` and `a@x,` for one address; other programs do not.
    if len(found) != 1 or text.rstrip().endswith((",", ";")):
        raise ValueError("must hold exactly one address")
    if not _plain(found[0].address):
        raise ValueError("must hold a plain address at a domain name")
    return found[0]


def _plain(address: str) -> bool:
    """No invisible character, nothing special in quotes, no literal: what it looks like, it is."""
    local, _, domain = address.rpartition("@")
    visible = all(unicodedata.category(sign)[0] not in "CZ" for sign in local)
    quoted = _QUOTED_LOCAL.fullmatch(local) is not None
    return (quoted or (visible and '"' not in local)) and _HOST.fullmatch(domain) is not None


def normal(address: str) -> str:
    """The address with its domain in lower case and as A-labels (RFC 5890).

    Raises ValueError if it has no such domain.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain):
        raise ValueError("is no address")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain in lower case, as A-labels and without the last dot. Raises ValueError."""
    domain = domain.rstrip(".").lower()
    if domain.isascii():
        return domain
    # IDNAError is a ValueError; mapping first, so that full-width letters are what they look like
    return idna.encode(domain, uts46=True).decode("ascii").lower()


def plausible(address: str) -> bool:
    """Whether mail to this address can be meant: a plain local part at a domain name with a dot."""
    try:
        local, _, domain = normal(address).rpartition("@")
    except ValueError:
        return False
    labels = domain.split(".")
    return (
        len(local.encode()) <= 64
        and len(domain) <= 253
        and len(local) + len(domain) < 254
        and (_PLAIN_LOCAL.fullmatch(local) is not None or not local.isascii())
        and (local.isascii() or parse_list(f"{local}@{domain}") is not None)
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )


def _mailbox(parsed: Any) -> Mailbox:
    if not isinstance(parsed, parsers.addresses()[0].Mailbox):
        raise ValueError("is a web address")
    if "\ufffd" in parsed.local_part or "\ufffd" in parsed.domain:
        raise ValueError("is in no known character set")
    local = _unquoted(parsed.local_part)
    # `"jane"@x` and `jane@x` are one mailbox (RFC 5322 section 3.4.1).
    local = local if _PLAIN_LOCAL.fullmatch(local) else parsed.local_part
    name = decoding.words(_unquoted(parsed.display_name))
    return Mailbox(normal(f"{local}@{parsed.domain}"), name)


def _unquoted(phrase: str) -> str:
    return _QUOTED.sub(lambda quoted: _ESCAPED.sub(r"\1", quoted[1]), phrase)


def _forgiven(text: str) -> tuple[Mailbox, ...] | None:
    """What programs write against the grammar although nobody can read it in two ways.

    `Jane [HR] <j@x>`, `J. Doe (Acme) <j@x>`, and `j@x <j@x>`, an address as its own name.
    """
    text = text.strip()
    twice = _TWICE.fullmatch(text)
    if twice and twice["name"].strip("\"'").lower() == twice["spec"].strip().lower():
        return parse_list(twice["spec"])
    loose = _LOOSE.fullmatch(text)
    if loose is None or loose["name"].count("(") != loose["name"].count(")"):
        return None
    found = parse_list(loose["spec"])
    if found is None or len(found) != 1:
        return None
    return (Mailbox(found[0].address, decoding.words(loose["name"])),)
