"""Everything to one smarthost, over connections that are kept."""

from __future__ import annotations

from functools import partial

from config.sections import DeliverySettings
from relay.delivery.opening import Host, connect
from relay.delivery.outcome import Deferred, Letter, Outcome, Transport
from relay.delivery.pool import Limits, Pool
from relay.delivery.wire import Broken, Patience

SUBMISSIONS = 465  # the port of RFC 8314


class Smarthost:
    """A Transport. `patience` and `limits` have sensible defaults."""

    def __init__(
        self, host: Host, patience: Patience | None = None, limits: Limits | None = None
    ) -> None:
        self._pool = Pool(partial(connect, host, patience or Patience()), limits)

    def send(self, letter: Letter) -> Outcome:
        try:
            return self._pool.send(letter)
        except Broken as broken:
            return Deferred(str(broken))

    def close(self) -> None:
        self._pool.close()


def open(delivery: DeliverySettings, lookup: object, helo: str = "") -> Transport:
    """A transport to `delivery.host`, whose name the system's resolver knows."""
    return Smarthost(
        Host(
            address=delivery.host,
            port=delivery.port,
            name=delivery.host,
            tls=delivery.tls,
            implicit=delivery.port == SUBMISSIONS,
            helo=helo,
            username=delivery.username or "",
            password=delivery.password or "",
        )
    )
