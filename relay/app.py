"""The wiring: from settings to everything a process of the relay works with."""

from __future__ import annotations

import hashlib
import hmac
import random
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from config.settings import Settings, Transport
from config.values import Unusable
from relay.brokers import open_broker
from relay.delivery import outcome
from relay.delivery.courier import Courier
from relay.delivery.dispatch import Dispatch
from relay.delivery.owners import new_owner
from relay.delivery.signing import Signer, Signers, Signing
from relay.delivery.transports import maildir, mx, smtp
from relay.foundation import check_templates, open_database, open_house, utc_now
from relay.notices import House
from relay.rounds import Rounds
from relay.tasks import Staff, Tasks
from screening.dns import Lookup, resolver
from storage.database import Database
from storage.mint import Mint
from storage.writer import Writer

T = TypeVar("T")

TRANSPORTS: dict[Transport, Callable[..., outcome.Transport]] = {
    Transport.MAILDIR: maildir.open,
    Transport.SMTP: smtp.open,
    Transport.MX: mx.open,
}

COURIERS = 24  # deliveries at a time
GRACE = 12.0  # seconds for what is in hand when the service ends


def trace_of(settings: Settings) -> str:
    """This relay's loop mark: the same in all its processes, and nobody else's."""
    return hmac.new(settings.storage.key, b"peerpost-trace", hashlib.sha256).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Service:
    """Everything a process of the relay works with."""

    settings: Settings
    database: Database
    writer: Writer
    tasks: Tasks
    courier: Courier
    dispatch: Dispatch
    rounds: Rounds
    house: House
    lookup: Lookup
    mint: Mint


def open_service(settings: Settings, ends: ExitStack) -> Service:
    """Opens the database, the broker and the transport; `ends` closes them in reverse order."""
    house, mint = open_house(settings), Mint(secrets.token_bytes)
    check_templates(house, settings)
    database = open_database(settings)
    ends.callback(database.close)
    writer = Writer(database)
    ends.callback(writer.close)
    lookup = resolver(settings.dns.resolver)
    transport = TRANSPORTS[settings.delivery.transport](
        settings.delivery, lookup, settings.relay.domain
    )
    ends.callback(transport.close)
    tasks = Tasks(open_broker(settings.broker.url))
    ends.callback(tasks.close, 2.0)
    courier = Courier(
        database=database,
        transport=transport,
        signer=_signing(settings),
        house=house,
        delivery=settings.delivery,
        keep_bodies=settings.privacy.keep_bodies,
        mint=mint,
        clock=utc_now,
        jitter=random.random,
        owner=new_owner(),
    )
    ends.callback(courier.release)
    dispatch = Dispatch(courier, writer, tasks.wake, COURIERS)
    ends.callback(dispatch.close, GRACE)
    rounds = Rounds(database, writer, settings, house, mint, utc_now, tasks.wake, tasks.follow_up)
    tasks.employ(Staff(dispatch.take, rounds))
    return Service(
        settings, database, writer, tasks, courier, dispatch, rounds, house, lookup, mint
    )


def _signing(settings: Settings) -> Signing | None:
    domain = settings.relay.domain
    keys = of_dkim_keys(settings, lambda pem, selector: Signer(pem, selector, domain))
    return Signers(keys) if keys else None


def of_dkim_keys(settings: Settings, make: Callable[[bytes, str], T]) -> tuple[T, ...]:
    """What `make` makes of each key that signs: of its PEM, and its selector.

    Raises Unusable for a file that cannot be read, and for what `make` finds to be no such key.
    """
    delivery, made = settings.delivery, []
    for name, file, selector in (
        ("delivery.dkim_key", delivery.dkim_key, delivery.dkim_selector),
        ("delivery.next_dkim_key", delivery.next_dkim_key, delivery.next_dkim_selector),
    ):
        try:
            made += [make(file.read_bytes(), selector)] if file else []
        except (OSError, ValueError) as error:
            wanted = "the path of an RSA private key in PEM, not encrypted"
            raise Unusable(name, str(file), wanted) from error
    return tuple(made)
