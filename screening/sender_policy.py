"""SPF (RFC 7208): may this client send for that domain? pyspf's machine over our own look-ups."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import spf

from screening.dns import Lookup, Undecided
from screening.signatures import Result

LONGEST_RECORD = 4096  # characters; pyspf's time grows with the square

_RESULTS = {
    "pass": Result.PASS,
    "fail": Result.FAIL,
    "softfail": Result.NEUTRAL,
    "neutral": Result.NEUTRAL,
    "none": Result.NONE,
    "temperror": Result.TEMPERROR,
    "permerror": Result.PERMERROR,
}


def check(client: str, sender: str, helo: str, lookup: Lookup) -> Result:
    """The result for MAIL FROM, or for HELO where the reverse path is null (section 2.4).

    At most 10 look-ups by mechanisms and 2 of names that do not exist (section 4.6.4).
    """
    try:
        query = _Query(str(ip_address(client)), sender, helo, lookup)
        return _RESULTS[query.check()[0]]
    except (spf.PermError, ValueError, AssertionError):
        return Result.PERMERROR  # an address, name or macro that pyspf cannot take


class _Query(spf.query):  # type: ignore[misc]
    """A query that asks the injected look-up, which caches, follows aliases and is bounded."""

    def __init__(self, client: str, sender: str, helo: str, lookup: Lookup) -> None:
        super().__init__(client, sender, helo, strict=True)
        self._lookup = lookup

    def dns(
        self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False
    ) -> list[Any]:
        """The answers as pyspf's mechanisms want them."""
        key = name.rstrip(".").lower(), qtype
        if not all(0 < len(label) < 64 for label in key[0].split(".")):
            return []
        if key not in self.cache:
            try:
                self.cache[key] = [_answer(text, qtype) for text in self._lookup(*key)]
            except Undecided as error:
                raise spf.TempError(str(error)) from error
        found: list[Any] = self.cache[key]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many names that do not exist")
        return list(found)


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
