"""The address plan: which address in our domain means what, and how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Public:
    """An ambassador (or a pool) as the public knows them, and where the address was found."""

    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """An ambassador in one thread, as the candidate knows them."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A candidate in one thread, as the ambassador knows them."""

    token: str


@dataclass(frozen=True, slots=True)
class Return:
    """The reverse path of one message that we sent; delivery reports come here."""

    token: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Commands by mail; with a token, the answer to one question of ours."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """`postmaster` or `abuse` (RFC 2142); `local` says which."""

    local: str


Destination = Public | Peer | Guest | Return | Desk | Postmaster

# A token is told from a source tag by `t.`: tags hold no dot, so a cut-off token is never a tag.
_NAME = r"(?P<name>[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?)"
_TOKEN = r"(?P<token>[a-z2-7]{16,40})"
_PEER = re.compile(rf"peer-{_NAME}\+t\.{_TOKEN}")
_PUBLIC = re.compile(rf"peer-{_NAME}(?:\+(?P<source>[a-z0-9-]{{1,15}}))?")
_GUEST = re.compile(rf"guest-{_TOKEN}")
_RETURN = re.compile(rf"bounce\+{_TOKEN}")
_QUESTION = re.compile(rf"desk\+t\.{_TOKEN}")


_SECRET = re.compile(r"[a-z2-7]{16,40}$")


def secret(address: str) -> str:
    """What nobody could guess of an address of ours: the token, or else all before the domain."""
    local = address.lower().partition("@")[0]
    found = _SECRET.search(local)
    return found[0] if found else local


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan in one domain. Case never matters."""

    domain: str

    def ours(self, address: str) -> bool:
        """Whether the address is in our domain, of whatever form."""
        return _domain(address.rpartition("@")[2]) == _domain(self.domain)

    def read(self, address: str) -> Destination | None:
        """What an address means; None if it has no form that exists in this domain."""
        if not self.ours(address):
            return None
        local = address.rpartition("@")[0].lower()
        if local == "desk":
            return Desk()
        if local in ("postmaster", "abuse"):
            return Postmaster(local)
        if found := _PEER.fullmatch(local):
            return Peer(found["name"], found["token"])
        if found := _PUBLIC.fullmatch(local):
            return Public(found["name"], found["source"] or "")
        if found := _GUEST.fullmatch(local):
            return Guest(found["token"])
        if found := _QUESTION.fullmatch(local):
            return Desk(found["token"])
        found = _RETURN.fullmatch(local)
        return Return(found["token"]) if found else None

    def write(self, destination: Destination) -> str:
        """The address of a destination; `read` gives it back."""
        match destination:
            case Public(name, source):
                local = f"peer-{name}+{source}" if source else f"peer-{name}"
            case Peer(name, token):
                local = f"peer-{name}+t.{token}"
            case Guest(token):
                local = f"guest-{token}"
            case Return(token):
                local = f"bounce+{token}"
            case Desk(token):
                local = f"desk+t.{token}" if token else "desk"
            case Postmaster(local):
                pass
        return f"{local}@{self.domain}"


@lru_cache(maxsize=1024)
def _domain(name: str) -> str:
    """Lower case and A-labels; a name that has no A-labels stays as it is."""
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.lower()
