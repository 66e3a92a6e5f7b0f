"""Which hosts take mail for a domain (RFC 5321 section 5.1, RFC 7505)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import groupby

from relay.delivery.outcome import Deferred, Refused
from screening.addresses import ascii_domain
from screening.dns import Lookup, Undecided

Order = Callable[[Sequence[str]], Sequence[str]]  # of hosts with one preference
Usable = Callable[[IPv4Address | IPv6Address], bool]
_PER_KIND = 2  # addresses of one host that are tried, of either family


def exchangers(
    domain: str, lookup: Lookup, order: Order, own: str = ""
) -> tuple[str, ...] | Refused | Deferred:
    """The hosts to try, best first; a domain without MX is its own. `own` is our name among them.

    Refused: nobody takes mail there. Deferred: DNS did not say.
    """
    try:
        name = ascii_domain(domain)
        if name.startswith("["):
            return Refused("5.1.2 mail goes to domains, not to address literals")
        answers = lookup(name, "MX")
        if not answers:
            return (name,) if _has_address(name, lookup) else Refused("5.1.2 no such mail domain")
    except ValueError:
        return Refused("5.1.2 the domain has no form that DNS knows")
    except Undecided:
        return Deferred("4.4.3 DNS did not say who takes mail for the domain")
    found = sorted(_parsed(answers))
    if [host for _, host in found] == [""]:
        return Refused("5.1.10 the domain takes no mail (null MX)")
    return _before_us(found, order, own.lower()) or Refused(
        "5.4.6 this relay is itself the best exchanger of the domain"
    )


def addresses(host: str, lookup: Lookup, usable: Usable) -> Iterator[str]:
    """The IP addresses of a host, as far as DNS says, that may be connected to."""
    # IPv4 first: far more relays have a reverse name and an SPF record for that one.
    for kind in ("A", "AAAA"):
        try:
            found = lookup(host, kind)
        except Undecided:
            continue
        yield from [address for address in found if usable(ip_address(address))][:_PER_KIND]


def abroad(address: IPv4Address | IPv6Address) -> bool:
    """It can be another host. What names this one or its link is no exchanger, but a loop.

    A stranger's MX record may name anything, and the mail server of this machine trusts loopback.
    """
    inner = getattr(address, "ipv4_mapped", None) or address
    return not (
        inner.is_loopback or inner.is_link_local or inner.is_multicast or inner.is_unspecified
    ) and (inner.version == 6 or not inner.is_reserved)


def _parsed(answers: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for answer in answers:
        preference, _, host = answer.partition(" ")
        yield int(preference), host.rstrip(".").lower()


def _before_us(found: list[tuple[int, str]], order: Order, own: str) -> tuple[str, ...]:
    """Hosts by preference, none of them as far away as we are, since that would be a loop."""
    best: list[str] = []
    for _, group in groupby(found, key=lambda pair: pair[0]):
        hosts = [host for _, host in group if host]
        if own and own in hosts:
            break
        best.extend(order(hosts))
    return tuple(best)


def _has_address(name: str, lookup: Lookup) -> bool:
    return bool(lookup(name, "A") or lookup(name, "AAAA"))
