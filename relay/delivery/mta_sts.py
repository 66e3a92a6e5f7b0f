"""MTA-STS (RFC 8461): what a domain says about its exchangers and TLS, over HTTPS."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from screening.dns import Lookup, Undecided

Fetch = Callable[[str], bytes]  # a domain's policy file; OSError if it cannot be had
LARGEST = 64 * 1024  # bytes of a policy (section 3.3)
_LONGEST = 31_557_600  # seconds; a year is the most that max_age may say
_AGAIN = 300.0  # seconds between two fetches for one domain, whatever became of the first
_RENEW = 86_400.0  # seconds; so that an attacker who waits for the end of a policy meets a new one
_DOMAINS = 2000
_RECORD = re.compile(r"v=STSv1\s*;(?:[^;]*;)*\s*id=([A-Za-z0-9]{1,32})\s*(?:;.*)?")


class Mode(StrEnum):
    ENFORCE = "enforce"
    TESTING = "testing"  # deliver whatever happens
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """`hosts` are names, or `*.name` for any one label before it."""

    mode: Mode
    hosts: tuple[str, ...] = ()
    max_age: int = 0  # seconds

    def allows(self, host: str) -> bool:
        """Whether mail may go to this exchanger."""
        parent = "*." + host.partition(".")[2]
        return self.mode is not Mode.ENFORCE or host in self.hosts or parent in self.hosts


NO_POLICY = Policy(Mode.NONE)


def parse(file: bytes) -> Policy:
    """The policy of a file. Raises ValueError if it is none."""
    if len(file) > LARGEST:
        raise ValueError("too large")
    keys: dict[str, str] = {}
    hosts: list[str] = []
    for line in file.decode().splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip() == "mx":
            hosts.append(value.strip().lower().rstrip("."))
        elif colon:
            keys.setdefault(key.strip(), value.strip())
    if keys.get("version") != "STSv1" or not re.fullmatch("[0-9]{1,10}", keys.get("max_age", "")):
        raise ValueError("no STSv1 policy with a max_age")
    mode = Mode(keys.get("mode", ""))
    if mode is not Mode.NONE and not hosts:
        raise ValueError("names no mx")
    return Policy(mode, tuple(hosts), min(int(keys["max_age"]), _LONGEST))


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    policy: Policy
    expires: float
    renew: float  # from then on it is fetched again although its id is the same
    ask_again: float  # and in no case before this


class Policies:
    """Thread-safe. Keeps each policy as long as it says, also while it cannot be had again."""

    def __init__(
        self, lookup: Lookup, fetch: Fetch, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lookup = lookup
        self._fetch = fetch
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def policy(self, domain: str) -> Policy:
        """Never raises: a domain whose policy cannot be had, and never was, has none."""
        now = self._clock()
        with self._lock:
            known = self._known.get(domain)
        id = self._id(domain)
        changed = not known or known.id != id or known.renew <= now
        if id and changed and (not known or known.ask_again <= now):
            known = self._fetched(domain, id, known or _Known("", NO_POLICY, now, now, now), now)
            self._keep(domain, known)
        return known.policy if known and known.expires > now else NO_POLICY

    def _id(self, domain: str) -> str:
        """The id of the one policy record in DNS; empty if there is none to be had."""
        try:
            records = self._lookup(f"_mta-sts.{domain}", "TXT")
        except Undecided:
            return ""
        found = [record for record in records if record.startswith("v=STSv1")]
        match = _RECORD.fullmatch(found[0]) if len(found) == 1 else None
        return match[1] if match else ""

    def _fetched(self, domain: str, id: str, known: _Known, now: float) -> _Known:
        try:
            policy = parse(self._fetch(domain))
        except (OSError, ValueError):
            return replace(known, ask_again=now + _AGAIN)
        renew = now + min(policy.max_age, _RENEW)
        return _Known(id, policy, now + policy.max_age, renew, now + _AGAIN)

    def _keep(self, domain: str, known: _Known) -> None:
        with self._lock:
            self._known[domain] = known
            self._known.move_to_end(domain)
            if len(self._known) > _DOMAINS:
                self._known.popitem(last=False)
