"""What one client may do at most: connections at a time, and guesses at addresses."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from ipaddress import ip_address

MOST_GUESSES = 60  # unknown recipients of one client until the window has passed
MOST_GUESSES_IN_SESSION = 100  # answered at all, before the connection is closed
WINDOW = 600.0  # seconds
MOST_CLIENTS = 10_000  # whose guesses are remembered


def client_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip) if ip.version == 4 else ip.exploded[:19]


@dataclass
class Connections:
    """How many sessions are open, in all and for each client."""

    most: int
    most_each: int
    total: int = 0
    each: Counter[str] = field(default_factory=Counter)

    def enter(self, client: str) -> bool:
        """Whether one more may begin; it then counts until `leave`."""
        if self.total >= self.most or self.each[client] >= self.most_each:
            return False
        self.total += 1
        self.each[client] += 1
        return True

    def leave(self, client: str) -> None:
        self.total -= 1
        self.each[client] -= 1
        if not self.each[client]:
            del self.each[client]


@dataclass
class Guesses:
    """Unknown recipients named by each client lately. `now` is a monotonic time in seconds."""

    seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def too_many(self, client: str, now: float) -> bool:
        began, count = self.seen.get(client, (now, 0))
        return now - began < WINDOW and count >= MOST_GUESSES

    def add(self, client: str, now: float) -> None:
        began, count = self.seen.pop(client, (now, 0))
        if now - began >= WINDOW:
            began, count = now, 0
        self.seen[client] = (began, count + 1)
        while len(self.seen) > MOST_CLIENTS:
            self.seen.popitem(last=False)
