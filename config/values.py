"""From the written forms of the settings ("36h", "25MiB", "host:port") to typed values.

Every parser takes what TOML or the environment gave, or a value that has its type already. What it
cannot read raises a ValueError whose text says what to write instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar

Network = IPv4Network | IPv6Network
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_SHOWN = 80  # characters of an unusable value that an error repeats
_LONGEST = timedelta(days=100 * 365)  # more would leave the calendar when added to a time
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_BYTES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_BYTES |= {"kib": 2**10, "mib": 2**20, "gib": 2**30}


class Unusable(Exception):
    """A setting or an argument that cannot be used: its key, its value, what to write instead.

    `value` None means that it is missing; an empty one is not repeated. `origin` says where it was
    written, if that helps.
    """

    def __init__(
        self,
        key: str,
        value: object,
        wanted: str,
        *,
        origin: str = "",
        problem: str = "cannot be used",
    ) -> None:
        super().__init__(key, value, wanted)
        self.key, self.value, self.wanted = key, value, wanted
        self.origin, self.problem = origin, problem

    def __str__(self) -> str:
        where = f" ({self.origin})" if self.origin else ""
        if self.value is None:
            return f"{self.key} is missing{where}; write {self.wanted}"
        written = f" = {_shown(self.value)}" if self.value != "" else ""
        return f"{self.key}{written}{where} {self.problem}; write {self.wanted}"


def _shown(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= _SHOWN else written[: _SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class HostPort:
    """A TCP address. `host` is a name or an IP address, an IPv6 address without brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def duration(value: object) -> timedelta:
    """`90s`, `15m`, `36h`, `3d` or `2w`; never negative, and at most a hundred years."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([smhdw])", _text(value))
    if not found or float(found[1]) * _SECONDS[found[2]] > _LONGEST.total_seconds():
        raise ValueError("a duration such as 90s, 15m, 36h or 3d")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def positive_duration(value: object) -> timedelta:
    """A duration that is not zero."""
    found = duration(value)
    if not found:
        raise ValueError("a duration above zero, such as 90s, 15m, 36h or 3d")
    return found


def size(value: object) -> int:
    """Bytes, from `25MiB`, `500KB` or a bare number of bytes; above zero."""
    written = str(value) if type(value) is int else _text(value)
    found = re.fullmatch(r"([0-9]{1,15})\s?([a-z]{0,3})", written.lower())
    if not found or found[2] not in _BYTES or int(found[1]) == 0:
        raise ValueError("a size such as 25MiB or 500KiB")
    return int(found[1]) * _BYTES[found[2]]


def host_port(value: object) -> HostPort:
    """`host:port`, with an IPv6 address in brackets: `[::1]:8025`. Port 0 is any free one."""
    if isinstance(value, HostPort):
        return value
    found = re.fullmatch(r"(\[[^\[\]]+\]|[^:\[\]]+):([0-9]{1,5})", _text(value))
    if not found or int(found[2]) > 65535:
        raise ValueError("host:port such as 127.0.0.1:8025 or [::1]:8025")
    return HostPort(host(found[1]), int(found[2]))


def host(value: object) -> str:
    """A host name or an IP address; the brackets of an IPv6 address are taken off."""
    written = _text(value)
    bare = written[1:-1] if written.startswith("[") and written.endswith("]") else written
    if ":" in bare:
        return str(_as(ip_address, bare, "a host name or an IP address such as 127.0.0.1 or ::1"))
    if bare != written or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}", bare):
        raise ValueError("a host name or an IP address such as 127.0.0.1 or [::1]")
    return bare


def network(value: object) -> Network:
    """A CIDR block, or one address. Bits set behind the prefix are refused: they are a mistake."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    return _as(ip_network, _text(value), "a network such as 10.0.0.0/8 or 2001:db8::/32")


def boolean(value: object) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    written = _text(value).lower()
    if written not in ("true", "false"):
        raise ValueError("true or false")
    return written == "true"


def number(lowest: int, highest: int = 10**9) -> Callable[[object], int]:
    """A parser of whole numbers from `lowest` to `highest`."""

    def parse(value: object) -> int:
        written = str(value) if type(value) is int else _text(value)
        if not re.fullmatch(r"[0-9]{1,10}", written) or not lowest <= int(written) <= highest:
            reach = f" to {highest}" if highest < 10**9 else " or more"
            raise ValueError(f"a whole number, {lowest}{reach}")
        return int(written)

    return parse


def choice(kind: type[E]) -> Callable[[object], E]:
    """A parser of the words of an enum."""

    def parse(value: object) -> E:
        *others, last = kind
        return _as(kind, _text(value).lower(), f"{', '.join(others)} or {last}")

    return parse


def listing(parse: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """A parser of lists: TOML's, JSON in a string, or words separated by commas."""

    def parse_all(value: object) -> tuple[T, ...]:
        return tuple(parse(one) for one in _items(value))

    return parse_all


def optional(parse: Callable[[object], T]) -> Callable[[object], T | None]:
    """A parser that reads an empty string as None."""

    def parse_some(value: object) -> T | None:
        return None if value is None or value == "" else parse(value)

    return parse_some


def _items(value: object) -> list[object]:
    if isinstance(value, list | tuple):
        return list(value)
    wanted = 'a list such as ["one", "two"], or words separated by commas'
    if not isinstance(value, str):
        raise ValueError(wanted)
    if not value.strip().startswith("["):
        return [word.strip() for word in value.split(",") if word.strip()]
    return list(_as(json.loads, value, wanted))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _as(parse: Callable[[str], T], written: str, wanted: str) -> T:
    try:
        return parse(written)
    except (ValueError, RecursionError):
        raise ValueError(wanted) from None
