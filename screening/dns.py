"""Lookup, the one function screening is given to ask DNS: bounded in time, cached by TTL."""

from __future__ import annotations

import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import dns.exception
import dns.name
import dns.resolver
from dns.rdata import Rdata
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT

from config.settings import HostPort

TRY = 2.0  # seconds for one try
LOOK_UP = 5.0  # seconds for all tries of one look-up
MESSAGE = 10.0  # seconds for all look-ups of one message
MOST = 40  # look-ups for one message; an honest one takes fewer than 20

_LONGEST = 3600.0  # seconds an answer is kept at most
# What does not exist, or could not be asked, is kept just long enough that a flood from one domain
# costs few look-ups and a dead server does not hold up every message (RFC 2308 section 7).
_BRIEF = 5.0
_ENTRIES = 5000
_KEPT = 8192  # characters; longer answers are not kept, so that nobody can fill the memory

# (name, "TXT" | "A" | "AAAA" | "MX" | "PTR") -> answers; () where there is none. An MX reads
# "10 host". Raises Undecided.
Lookup = Callable[[str, str], tuple[str, ...]]


class Undecided(Exception):
    """DNS gave no answer: time-out, SERVFAIL, or a message asked too much. Nobody can know now."""


def resolver(server: HostPort | None) -> Lookup:
    """A look-up through that server (the system's where None), for any number of threads.

    It answers or raises Undecided within LOOK_UP seconds. The cache belongs to it.
    """
    return _Resolver(server).look_up


def budget(
    lookup: Lookup,
    most: int = MOST,
    seconds: float = MESSAGE,
    clock: Callable[[], float] = time.monotonic,
) -> Lookup:
    """The same look-up for one message, which raises Undecided once it has asked enough."""
    asked, end = 0, clock() + seconds

    def bounded(name: str, kind: str) -> tuple[str, ...]:
        nonlocal asked
        asked += 1
        if asked > most or clock() > end:
            raise Undecided("the message asks too much of DNS")
        return lookup(name, kind)

    return bounded


@dataclass(frozen=True, slots=True)
class _Entry:
    expires: float
    answers: tuple[str, ...] | None  # None: undecided


@dataclass(slots=True)
class _Resolver:
    server: HostPort | None
    _cache: OrderedDict[tuple[str, str], _Entry] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _resolver: dns.resolver.Resolver = field(init=False)

    def __post_init__(self) -> None:
        self._resolver = dns.resolver.Resolver(configure=self.server is None)
        if self.server is not None:
            self._resolver.nameservers = [_address(self.server)]
            self._resolver.port = self.server.port
        self._resolver.timeout, self._resolver.lifetime = TRY, LOOK_UP
        self._resolver.use_edns(0, 0, 1232)

    def look_up(self, name: str, kind: str) -> tuple[str, ...]:
        key = name.rstrip(".").lower(), kind
        now = time.monotonic()
        with self._lock:
            entry = self._cache.get(key)
        if entry is None or entry.expires <= now:
            entry = self._ask(*key)
            self._keep(key, entry)
        if entry.answers is None:
            raise Undecided(f"{kind} look-up failed")
        return entry.answers

    def _keep(self, key: tuple[str, str], entry: _Entry) -> None:
        if sum(map(len, entry.answers or ())) > _KEPT:
            return
        with self._lock:
            self._cache[key] = entry
            self._cache.move_to_end(key)
            if len(self._cache) > _ENTRIES:
                self._cache.popitem(last=False)

    def _ask(self, name: str, kind: str) -> _Entry:
        try:
            asked = dns.name.from_text(name)
            answer = self._resolver.resolve(asked, kind, search=False, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            return _entry((), _BRIEF)
        except (dns.exception.SyntaxError, dns.name.NameTooLong, dns.name.IDNAException):
            return _entry((), _BRIEF)  # no name that DNS could know
        except (dns.exception.DNSException, OSError):
            return _entry(None, _BRIEF)
        if answer.rrset is None:
            return _entry((), _BRIEF)
        return _entry(tuple(map(_text, answer.rrset)), min(_LONGEST, answer.rrset.ttl))


def _entry(answers: tuple[str, ...] | None, ttl: float) -> _Entry:
    return _Entry(time.monotonic() + ttl, answers)


def _text(rdata: Rdata) -> str:
    if isinstance(rdata, TXT):
        return b"".join(rdata.strings).decode("latin-1")  # every byte stays what it is
    if isinstance(rdata, MX):
        return f"{rdata.preference} {rdata.exchange.to_text(omit_final_dot=True)}"
    if isinstance(rdata, PTR):
        return rdata.target.to_text(omit_final_dot=True)
    return rdata.to_text()


def _address(server: HostPort) -> str:
    """The server's IP address; dnspython wants no name. Raises OSError if it has none."""
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])
