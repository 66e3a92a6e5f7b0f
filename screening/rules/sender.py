"""Does the author's domain pretend to be the company's, or is it one to be thrown away?"""

from __future__ import annotations

from disposable_email_domains import blocklist

from screening.case import Case, Disposition, Finding
from screening.disguise import undisguised
from screening.domains import organisational

_SHORTEST = 4  # letters of a name that is known again as a part of another
_TYPED = 6  # and of one that is known again with a slip in it
_ALIKE = (("0", "o"), ("1", "l"), ("rn", "m"), ("vv", "w"))


def lookalike(case: Case) -> Finding | None:
    """The domain is written almost like the company's."""
    author = _organisation(case.authentication.author)
    ours = {organisational(domain) for domain in (case.domain, *case.company) if domain}
    if not author or author in ours:
        return None
    name = _name(author)
    if any(_imitates(name, _name(own)) for own in ours):
        reason = "its domain is written like the company's and is another one"
        return Finding("lookalike", Disposition.HOLD, reason, weight=1.0)
    return None


def disposable(case: Case) -> Finding | None:
    """The address is one to be thrown away (the list of the disposable-email-domains package)."""
    domain = case.authentication.author.rpartition("@")[2]
    if domain not in blocklist and organisational(domain) not in blocklist:
        return None
    reason = "its address is one that people throw away"
    return Finding("disposable", Disposition.ACCEPT, reason, weight=1.0)


def _organisation(address: str) -> str:
    return organisational(address.rpartition("@")[2])


def _name(domain: str) -> str:
    """The label that names the organisation, as it looks."""
    label = domain.partition(".")[0]
    try:
        shown = label.encode("ascii").decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        shown = label
    plain = undisguised(shown).text.lower()
    for written, seen in _ALIKE:
        plain = plain.replace(written, seen)
    return plain


def _imitates(name: str, own: str) -> bool:
    if name == own or (len(own) >= _SHORTEST and own in name.split("-")):
        return True
    return len(own) >= _TYPED and _one_slip(name, own)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was left out, added, changed or swapped with the next."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    swapped = one[start + 1 : start + 2] + one[start : start + 1] + one[start + 2 :]
    rests = (
        (one[start + 1 :], other[start:]),
        (one[start:], other[start + 1 :]),
        (one[start + 1 :], other[start + 1 :]),
        (swapped, other[start:]),
    )
    return any(left == right for left, right in rests)
