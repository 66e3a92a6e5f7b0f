"""Straight to the recipient's exchangers."""

from __future__ import annotations

import random
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from config.choices import Tls
from config.sections import DeliverySettings
from relay.delivery.exchangers import Order, Usable, abroad, addresses, exchangers
from relay.delivery.mta_sts import Fetch, Mode, Policies
from relay.delivery.opening import Host, connect
from relay.delivery.outcome import Deferred, Letter, Outcome, Refused, Transport
from relay.delivery.policy_file import fetcher
from relay.delivery.pool import Limits, Pool
from relay.delivery.wire import Broken, Patience
from screening.addresses import ascii_domain
from screening.dns import Lookup

SMTP_PORT = 25
LIMITS = Limits(connections=20, wait=10, hold_off=30)
_ATTEMPTS = 6  # addresses that one letter tries
_POOLS = 500  # addresses whose connections are kept


def _shuffled(hosts: Sequence[str]) -> Sequence[str]:
    return random.sample(hosts, len(hosts))


class Exchangers:
    """A Transport. An address that cannot be reached is passed over; the first that talks decides.

    TLS is opportunistic, as between strangers it must be, except where the domain's MTA-STS policy
    or the settings demand more.
    """

    def __init__(
        self,
        lookup: Lookup,
        fetch: Fetch,
        terms: Host,
        *,
        order: Order = _shuffled,
        usable: Usable = abroad,
        patience: Patience | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        """`terms` holds what is the same for all hosts: port, TLS and our name."""
        self._lookup = lookup
        self._policies = Policies(lookup, fetch)
        self._terms = terms
        self._order = order
        self._usable = usable
        self._patience = patience or Patience()
        self._limits = limits
        self._lock = threading.Lock()
        self._pools: OrderedDict[Host, Pool] = OrderedDict()

    def send(self, letter: Letter) -> Outcome:
        domain = letter.recipient.rpartition("@")[2]
        hosts = exchangers(domain, self._lookup, self._order, self._terms.helo)
        if isinstance(hosts, Refused | Deferred):
            return hosts
        policy = self._policies.policy(ascii_domain(domain))
        tls = Tls.REQUIRED if policy.mode is Mode.ENFORCE else self._terms.tls
        outcome = Deferred("4.4.4 no exchanger of the domain has an address to connect to")
        allowed = [host for host in hosts if policy.allows(host)]
        if not allowed:
            outcome = Deferred("4.7.5 the MTA-STS policy of the domain allows none of its hosts")
        for host in islice(self._reachable(allowed, tls), _ATTEMPTS):
            try:
                return self._pool(host).send(letter)
            except Broken as broken:
                outcome = Deferred(str(broken))
        return outcome

    def close(self) -> None:
        with self._lock:
            pools, self._pools = tuple(self._pools.values()), OrderedDict()
        for pool in pools:
            pool.close()

    def _reachable(self, names: Sequence[str], tls: Tls) -> Iterator[Host]:
        for name in names:
            for address in addresses(name, self._lookup, self._usable):
                yield replace(self._terms, address=address, name=name, tls=tls)

    def _pool(self, host: Host) -> Pool:
        dropped = None
        with self._lock:
            pool = self._pools.get(host)
            if pool is None:
                pool = Pool(partial(connect, host, self._patience), self._limits)
                self._pools[host] = pool
            self._pools.move_to_end(host)
            if len(self._pools) > _POOLS:
                _, dropped = self._pools.popitem(last=False)
        if dropped:
            dropped.close()
        return pool


def open(
    delivery: DeliverySettings, lookup: Lookup, helo: str = "", port: int = SMTP_PORT
) -> Transport:
    """A transport by the MX records that `lookup` finds."""
    terms = Host(address="", port=port, name="", tls=delivery.tls, helo=helo)
    return Exchangers(lookup, fetcher(lookup), terms)
