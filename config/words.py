"""From written settings to names, addresses, URLs and keys; parsers as in values.py."""

from __future__ import annotations

import base64
import re
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

from config.values import HostPort, host_port

KEY_BYTES = 32  # AES-256

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_DOMAIN_WANTED = "a domain name such as peers.example.com"
_ADDRESS_WANTED = "one mail address such as hr@example.com"


def line(value: object) -> str:
    """One line of text: it goes into headers, so no control characters, and something in it."""
    found = value.strip() if isinstance(value, str) else ""
    if not found or any(unicodedata.category(character)[0] == "C" for character in found):
        raise ValueError("one line of text")
    return found


def domain(value: object) -> str:
    """A domain name of two labels or more, as lower-case A-labels (RFC 5890)."""
    written = value.strip().rstrip(".") if isinstance(value, str) else ""
    found = written.lower() if written.isascii() else _a_labels(written)
    labels = found.split(".")
    if len(found) > 253 or len(labels) < 2 or labels[-1].isdigit():
        raise ValueError(_DOMAIN_WANTED)
    if not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(_DOMAIN_WANTED)
    return found


def _a_labels(written: str) -> str:
    """Python's codec knows IDNA 2003 only; where IDNA 2008 differs (ß, ς), we do not guess."""
    name = unicodedata.normalize("NFC", written).lower()
    try:
        found = name.encode("idna")
        same = found.decode("idna") == name
    except UnicodeError:
        raise ValueError(_DOMAIN_WANTED) from None
    if not same:
        raise ValueError("the domain in its ASCII form, xn--…")
    return found.decode("ascii").lower()


def address(value: object) -> str:
    """A bare mail address with a domain; the mailbox's own rules are its host's affair."""
    try:
        found = line(value)
        local, _, host = found.rpartition("@")
        domain(host)
    except ValueError:
        raise ValueError(_ADDRESS_WANTED) from None
    if not re.fullmatch(r'[^\s@<>()\[\]\\,;:"]{1,64}', local):
        raise ValueError(_ADDRESS_WANTED)
    return found


def language(value: object) -> str:
    """A language code, which is also the name of a folder of templates."""
    found = value.strip().lower() if isinstance(value, str) else ""
    if not re.fullmatch(r"[a-z]{2,3}", found):
        raise ValueError("a language code such as en or de")
    return found


def selector(value: object) -> str:
    """A DKIM selector (RFC 6376 section 3.1): one label or more."""
    found = value.strip().lower() if isinstance(value, str) else ""
    if not all(map(_LABEL.fullmatch, found.split("."))):
        raise ValueError("a DKIM selector such as peerpost")
    return found


def path(value: object) -> Path:
    """A path; a relative one is still relative."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError("a path such as var/peerpost")
    try:
        return Path(value.strip()).expanduser()
    except RuntimeError:
        raise ValueError("a path; there is no such user's home") from None


def web_url(value: object) -> str:
    """An http or https URL."""
    found = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", found):
        raise ValueError("a URL such as https://example.com/careers")
    return found


def scanner_url(value: object) -> str:
    """Where rspamd answers: a URL, or host:port, which is then one."""
    if isinstance(value, str) and "://" in value:
        return web_url(value)
    return f"http://{host_port(value)}"


def scanner_address(value: object) -> HostPort:
    """Where clamd answers: host:port, with or without tcp:// in front."""
    return host_port(value.removeprefix("tcp://") if isinstance(value, str) else value)


def storage_url(value: object) -> str:
    """A SQLAlchemy URL of one of the two databases that we know."""
    found = value.strip() if isinstance(value, str) else ""
    file = found.startswith("sqlite:///") and ":memory:" not in found and len(found) > 10
    if not file and not found.startswith("postgresql+psycopg://"):
        raise ValueError("sqlite:///var/peerpost.db or postgresql+psycopg://user@host/peerpost")
    return found


def broker_url(value: object) -> str:
    """A URL; which schemes there are is known where brokers are opened."""
    found = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S*", found) or not urlsplit(found).scheme:
        raise ValueError("embedded://, redis://host:6379 or amqp://host:5672")
    return found


def sealing_key(value: object) -> bytes:
    """32 random bytes, written in base64."""
    if isinstance(value, bytes) and len(value) == KEY_BYTES:
        return value
    try:
        found = base64.b64decode(value if isinstance(value, str) else "", validate=True)
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES:
        raise ValueError("32 random bytes in base64 (`openssl rand -base64 32` makes some)")
    return found
