"""The strings by which one mailbox is recognised: case, tags, ignored dots, quoting, IDN."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from relay.masking.providers import ALIASES, IGNORE_DOTS
from relay.masking.squeezed import squeezed

_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "gob", "gv", "ne", "net", "or", "org"))


@dataclass(frozen=True, slots=True)
class Forms:
    """The strings by which one mailbox is recognised in squeezed text."""

    locals: tuple[str, ...]
    domains: tuple[str, ...]
    ignore_dots: bool


@lru_cache(maxsize=4096)
def forms(address: str) -> Forms:
    """The forms of an address; RFC 5322 quoting and tags are taken off the local part."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    local = local.strip()
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    base = local.partition("+")[0] or local
    locals_ = {squeezed(form) for one in (local, base) for form in _normal_forms(one)}
    domains = {form for name in _same_mailboxes(domain) for form in domain_forms(name)}
    return Forms(
        tuple(sorted(filter(None, locals_), key=len, reverse=True)),
        tuple(sorted(domains, key=len, reverse=True)),
        domain.lower() in IGNORE_DOTS,
    )


@lru_cache(maxsize=4096)
def domain_forms(domain: str) -> frozenset[str]:
    """A domain as U-labels and as A-labels of both standards (RFC 3490, RFC 5891)."""
    labels = [label for label in domain.lower().strip(".").split(".") if label]
    shown = [_shown(label) for label in labels]
    found = {".".join(labels), *_normal_forms(".".join(shown))}
    if any(not label.isascii() for label in shown):
        found.add(".".join(label if label.isascii() else _coded(label) for label in shown))
        try:
            found.add(".".join(shown).encode("idna").decode("ascii"))
        except UnicodeError:
            found.discard("")
    return frozenset(filter(None, found))


def _shown(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode") if len(label) <= 63 else label
    except UnicodeError:
        return label


def _coded(label: str) -> str:
    return "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode("ascii")


def _normal_forms(text: str) -> set[str]:
    """A text in lower case and as casefolded, composed and decomposed."""
    forms = {text.lower(), text.casefold()}
    return {unicodedata.normalize(form, one) for one in forms for form in ("NFC", "NFD")}


def _same_mailboxes(domain: str) -> tuple[str, ...]:
    """The domains in which a local part means the same mailbox: aliases, and the domains above."""
    domain = domain.lower()
    labels = domain.split(".")
    above = tuple(
        ".".join(labels[start:])
        for start in range(1, len(labels) - 1)
        if labels[start] not in _SECOND_LEVEL
    )
    return ALIASES.get(domain, (domain, *above))
