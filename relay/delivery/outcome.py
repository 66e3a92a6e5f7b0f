"""What goes out, and what became of it: each outcome with the next host's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one mailbox, as it goes over the wire.

    An empty sender is the null reverse path. `smtputf8` says that the header needs RFC 6532; an
    address that is not ASCII needs the extension whatever it says.
    """

    sender: str
    recipient: str
    content: bytes
    smtputf8: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """The next host has taken the message, and with it the duty to deliver or report."""

    reply: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not this time: try again later. The message may even have been taken (RFC 1047)."""

    reply: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: the next host said a 5xx to this message, or it cannot be carried there at all."""

    reply: str


Outcome = Delivered | Deferred | Refused


class Transport(Protocol):
    """A way to hand letters to the next host. Any number of threads may send at once."""

    def send(self, letter: Letter) -> Outcome:
        """One attempt, within a bounded time. What can go wrong is an Outcome, not an exception."""

    def close(self) -> None:
        """Let go of what is kept open; an attempt under way still ends as it will."""
