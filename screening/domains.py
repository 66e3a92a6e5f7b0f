"""Which domains belong together: organisational domains over the public suffix list."""

from __future__ import annotations

import functools

from publicsuffixlist import PublicSuffixList


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@functools.lru_cache(maxsize=4096)
def organisational(domain: str) -> str:
    """The domain below a public suffix that this one belongs to (RFC 7489 section 3.2), or itself.

    Takes a domain in lower case and A-labels. Suffixes that anyone may register under, such as
    `eu.org`, count as public.
    """
    return _suffixes().privatesuffix(domain) or domain


def aligned(one: str, other: str, *, strict: bool = False) -> bool:
    """Whether one domain may vouch for the other (RFC 7489 section 3.1)."""
    if strict:
        return one == other
    return organisational(one) == organisational(other)
