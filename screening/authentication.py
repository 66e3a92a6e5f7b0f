"""Who really sent it: SPF (RFC 7208), DKIM (RFC 6376), DMARC alignment (RFC 7489)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address

from screening import addresses, chains, dns, domain_policy, fields, sender_policy, signatures
from screening.dns import Lookup, Undecided
from screening.domain_policy import Policy, Wish
from screening.domains import aligned
from screening.message import Envelope
from screening.signatures import Result, Signature

__all__ = ["Authentication", "Result", "Signature", "Wish", "authenticate"]


@dataclass(frozen=True, slots=True)
class Authentication:
    """What is proven about the author's address of one message.

    `spf` is NONE where the envelope's domain could not vouch for the author's: nobody asks then.
    """

    author: str  # the one From mailbox, domain in lower case and as A-labels
    spf: Result
    spf_aligned: bool  # SPF passed for a domain aligned with the author's
    signatures: tuple[Signature, ...] = ()
    dmarc: Result = Result.NONE
    wish: Wish = Wish.ABSENT
    trusted: bool = False  # came from a trusted network
    # A named forwarder seals that it passed DMARC there: enough for a candidate's mail to be taken,
    # and for nothing that an ambassador's own proof is asked for.
    sealed: bool = False

    @property
    def proof(self) -> Signature | None:
        """The first aligned signature that passed."""
        return next((s for s in self.signatures if s.aligned and s.result is Result.PASS), None)

    @property
    def authenticated(self) -> bool:
        """The author's domain vouches for the message, with or without a DMARC record."""
        return self.trusted or self.spf_aligned or self.proof is not None

    @property
    def fingerprints(self) -> frozenset[str]:
        """Of every aligned signature that proves the author, or could when the message comes again.

        Who remembers these knows a replay even if it is cut down to another of its signatures.
        """
        open_ = (Result.PASS, Result.TEMPERROR, Result.NEUTRAL)
        return frozenset(s.fingerprint for s in self.signatures if s.aligned and s.result in open_)

    @property
    def undecided(self) -> bool:
        """DNS did not answer, and the answer could change the decision."""
        return not self.authenticated and Result.TEMPERROR in (
            self.spf,
            self.dmarc,
            *(s.result for s in self.signatures if s.aligned),
        )


def authenticate(
    envelope: Envelope,
    raw: bytes,
    author: str,
    lookup: Lookup,
    trusted: Sequence[IPv4Network | IPv6Network] = (),
    now: datetime | None = None,
    sealers: Sequence[str] = (),
) -> Authentication:
    """What DNS proves of `author`, the one From mailbox of a message that message.read has taken.

    `now` (aware; this moment unless given) decides which signatures have expired. ARC chains are
    looked at if nothing else proves the author, and if `sealers` made all of them. At most
    dns.MOST look-ups in dns.MESSAGE seconds; none for a client in a trusted network.
    """
    author = addresses.normal(author)
    if _within(envelope.client, trusted):
        return Authentication(author, Result.NONE, False, trusted=True)
    lookup, domain = dns.budget(lookup), author.rpartition("@")[2]
    policy = _policy(domain, lookup)
    strict = policy or Policy(strict_dkim=True, strict_spf=True)
    message, now = _opened(raw), now or datetime.now(UTC)
    own = partial(aligned, domain, strict=strict.strict_dkim)
    found = signatures.verify(message, own, lookup, now)
    spf = _spf(envelope, domain, strict, lookup)
    dmarc = _dmarc(policy, (spf, *(one.result for one in found if one.aligned)))
    chain = Result.NONE
    if dmarc is Result.FAIL and sealers:
        chain = chains.vouched(message, domain, sealers, lookup, now)
    return Authentication(
        author=author,
        spf=spf,
        spf_aligned=spf is Result.PASS,
        signatures=found,
        dmarc=Result.TEMPERROR if chain is Result.TEMPERROR else dmarc,
        wish=strict.wish,
        sealed=chain is Result.PASS,
    )


def _opened(raw: bytes) -> signatures.Signed:
    top, body = fields.split(raw)
    return signatures.Signed(top, raw[body:])


def _policy(domain: str, lookup: Lookup) -> Policy | None:
    """None while DNS does not say; until it does, only the very same domain may vouch."""
    try:
        return domain_policy.find(domain, lookup)
    except Undecided:
        return None


def _dmarc(policy: Policy | None, results: tuple[Result, ...]) -> Result:
    if policy is None:
        return Result.TEMPERROR
    if policy.wish is Wish.ABSENT:
        return Result.NONE
    if Result.PASS in results:
        return Result.PASS
    return Result.TEMPERROR if Result.TEMPERROR in results else Result.FAIL


def _spf(envelope: Envelope, domain: str, policy: Policy, lookup: Lookup) -> Result:
    """SPF of the envelope's domain, if it is aligned with the author's; else it proves nothing."""
    try:
        sender = addresses.normal(envelope.sender) if envelope.sender else ""
        helo = addresses.ascii_domain(envelope.helo)
    except ValueError:
        return Result.NONE
    vouching = sender.rpartition("@")[2] or helo
    if not aligned(vouching, domain, strict=policy.strict_spf):
        return Result.NONE
    return sender_policy.check(envelope.client, sender, helo, lookup)


def _within(client: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    if not networks:
        return False
    try:
        address = ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in networks)
