"""SPF (RFC 7208): may this client send for that domain? pyspf's machine over our own look-ups."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import spf

from screening.dns import Lookup, Undecided
from screening.signatures import Result

LONGEST_RECORD = 4096  # characters; pyspf's time grows with the square
_KEPT = 8192  # characters of answers; what asked for more is weighed anew each time

_RESULTS = {
    "pass": Result.PASS,
    "fail": Result.FAIL,
    "softfail": Result.NEUTRAL,
    "neutral": Result.NEUTRAL,
    "none": Result.NONE,
    "temperror": Result.TEMPERROR,
    "permerror": Result.PERMERROR,
}


@dataclass(slots=True)
class _Asked:
    """A look-up that asks nothing twice, and knows what it was answered."""

    lookup: Lookup
    answers: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, name: str, kind: str) -> tuple[str, ...]:
        found = self.answers.get((name, kind))
        if found is None:
            found = self.answers[name, kind] = self.lookup(name, kind)
        return found

    @property
    def lasting(self) -> bool:
        """Whether they say the same for every sender of a domain (no macro), and are not long."""
        texts = [text for answers in self.answers.values() for text in answers]
        names = [name for name, _ in self.answers]
        return sum(map(len, names + texts)) <= _KEPT and not any("%" in text for text in texts)


@dataclass(frozen=True, slots=True)
class _Memory:
    """The last result for a client and a domain, and all that DNS had answered."""

    result: Result = Result.NONE
    answers: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def holds(self, lookup: Lookup) -> bool:
        """Whether DNS still answers so. Raises Undecided."""
        before = self.answers.items()
        return bool(before) and all(lookup(*key) == answer for key, answer in before)


@lru_cache(maxsize=2048)
def _memories(client: str, domain: str) -> list[_Memory]:
    """A place for one."""
    return [_Memory()]


def check(client: str, sender: str, helo: str, lookup: Lookup) -> Result:
    """The result for MAIL FROM, or for HELO where the reverse path is null (section 2.4).

    At most 10 look-ups by mechanisms and 2 of names that do not exist (section 4.6.4). A client
    that comes again has its last result as long as DNS answers the same: pyspf takes far longer to
    weigh the answers than a cache to give them.
    """
    asked = _Asked(lookup)
    place = _memories(client, sender.partition("@")[2] if "@" in sender else sender or helo)
    try:
        if place[0].holds(asked):
            return place[0].result
        query = _Query(str(ip_address(client)), sender, helo, asked)
        result = _RESULTS[query.check()[0]]
    except Undecided:
        return Result.TEMPERROR
    except (spf.PermError, ValueError, AssertionError):
        return Result.PERMERROR  # an address, name or macro that pyspf cannot take
    if result is not Result.TEMPERROR and asked.lasting:
        place[0] = _Memory(result, asked.answers)
    return result


class _Query(spf.query):  # type: ignore[misc]
    """A query that asks the injected look-up, which caches, follows aliases and is bounded."""

    def __init__(self, client: str, sender: str, helo: str, lookup: Lookup) -> None:
        super().__init__(client, sender, helo, strict=True)
        self._lookup = lookup

    def dns(
        self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False
    ) -> list[Any]:
        """The answers as pyspf's mechanisms want them."""
        name = name.rstrip(".").lower()
        if not all(0 < len(label) < 64 for label in name.split(".")):
            return []
        try:
            found = [_answer(text, qtype) for text in self._lookup(name, qtype)]
        except Undecided as error:
            raise spf.TempError(str(error)) from error
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many names that do not exist")
        return found


def _answer(text: str, qtype: str) -> object:
    if qtype == "TXT":
        record = text.encode("latin-1", "replace")
        if len(record) > LONGEST_RECORD and spf.RE_SPF.match(record):
            raise spf.PermError("the record is too long")
        return (record,)
    if qtype == "MX":
        preference, _, host = text.partition(" ")
        return int(preference), host
    return text
