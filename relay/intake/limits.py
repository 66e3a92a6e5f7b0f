"""What one client may do at most: connections at a time, and guesses at addresses."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

MOST_GUESSES = 60  # unknown recipients of one client until the window has passed
MOST_GUESSES_IN_SESSION = 100  # answered at all, before the connection is closed
FREE_GUESSES = 15  # answered at once; people mistype
SLOWED_BY = 0.1  # seconds by which the answers to further ones are delayed
WINDOW = 600.0  # seconds
MOST_CLIENTS = 10_000  # whose guesses are remembered in memory; storage knows the others

IDLE = 5.0  # seconds without a message, after which a session may have to make room
MANY = 10  # sessions of one client, of which any may have to make room at once


@lru_cache(maxsize=4096)
def client_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 one.

    An IPv4 client that came over IPv6 (RFC 4291 section 2.5.5.2) is the IPv4 client.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped) if ip.ipv4_mapped else ip.exploded[:19]
    return str(ip)


@dataclass(eq=False)
class Seat:
    """One open session. `since` is when it began, or last handed in a message; monotonic."""

    client: str
    since: float
    dismiss: Callable[[], None]  # shows the client out
    busy: bool = False  # a message of it is being decided on: it must be answered


@dataclass
class Connections:
    """How many sessions are open, in all and for each client.

    When all seats are taken, the client who holds most of them gives one up to a newcomer: the
    one that has gone longest without handing in a message.
    """

    most: int
    most_each: int
    seats: set[Seat] = field(default_factory=set)
    each: Counter[str] = field(default_factory=Counter)

    def enter(self, client: str, now: float, dismiss: Callable[[], None]) -> Seat | None:
        """A seat until `leave`; None if there is none for this client."""
        if self.each[client] >= self.most_each:
            return None
        if len(self.seats) >= self.most and not self._make_room(client, now):
            return None
        seat = Seat(client, now, dismiss)
        self.seats.add(seat)
        self.each[client] += 1
        return seat

    def leave(self, seat: Seat) -> None:
        """Give the seat back; a second time changes nothing."""
        if seat not in self.seats:
            return
        self.seats.discard(seat)
        self.each[seat.client] -= 1
        if not self.each[seat.client]:
            del self.each[seat.client]

    def _make_room(self, client: str, now: float) -> bool:
        idle = [seat for seat in self.seats if not seat.busy]
        if not idle:
            return False
        last = max(idle, key=lambda seat: (self.each[seat.client], now - seat.since))
        held = self.each[last.client]
        if held <= self.each[client] and client != "":
            return False  # it holds as many itself
        if now - last.since < IDLE and held < MANY:
            return False
        self.leave(last)
        last.dismiss()
        return True


@dataclass
class Room:
    """Memory, in bytes, for the content of large messages until they are answered."""

    most: int
    used: int = 0

    def take(self, size: int) -> bool:
        """Whether there is room for so much more; it is taken then, until `give`."""
        if self.used + size > self.most:
            return False
        self.used += size
        return True

    def give(self, size: int) -> None:
        self.used -= size


@dataclass
class Guesses:
    """Unknown recipients named by each client lately. `now` is in seconds since 1970."""

    seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def knows(self, client: str, now: float) -> bool:
        """Whether this client's count is in memory."""
        return client in self.seen and now - self.seen[client][0] < WINDOW

    def count(self, client: str, now: float) -> int:
        return self.seen[client][1] if self.knows(client, now) else 0

    def set(self, client: str, count: int, now: float) -> None:
        """From now on the client has guessed so often, until the window has passed."""
        began = self.seen.pop(client)[0] if self.knows(client, now) else now
        self.seen[client] = (began, count)
        self.seen.move_to_end(client)
        while len(self.seen) > MOST_CLIENTS:
            self.seen.popitem(last=False)
