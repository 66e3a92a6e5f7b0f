"""The wiring: from settings to a running service, and its orderly end."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import random
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import dramatiq

from config import logs
from config.settings import Settings, Transport
from relay.brokers import is_embedded, open_broker
from relay.delivery import outcome
from relay.delivery.courier import RENEWED_EVERY, Courier
from relay.delivery.signing import Signer
from relay.delivery.transports import maildir, mx, smtp
from relay.intake.limits import Connections
from relay.intake.receiver import Receiver
from relay.intake.server import Handler, listen
from relay.masking.addresses import Plan
from relay.notices import House
from relay.rounds import Rounds
from relay.tasks import Tasks
from screening.dns import Lookup, resolver
from storage import outbox
from storage.database import Database
from storage.mint import Mint
from storage.writer import Writer
from templates.render import Templates

log = logs.get(__name__)

TRANSPORTS: dict[Transport, Callable[..., outcome.Transport]] = {
    Transport.MAILDIR: maildir.open,
    Transport.SMTP: smtp.open,
    Transport.MX: mx.open,
}

SESSIONS_AT_WORK = 32  # messages that are decided on at a time
COURIERS = 24  # deliveries at a time
GRACE = 12.0  # seconds for what is in hand when the service ends
SWEEP_EVERY = 1.0
PURGE_EVERY = 3600.0


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_house(settings: Settings) -> House:
    """What mails of ours say and in which words; a template that does not compile is found here."""
    templates = Templates(settings.relay.templates)
    templates.check()
    relay = settings.relay
    return House(Plan(relay.domain), relay.company, relay.language, templates)


def open_database(settings: Settings) -> Database:
    """The database with its tables up to date."""
    database = Database(settings.storage.url, settings.storage.key, settings.storage.spool)
    database.migrate()
    return database


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
    rounds: Rounds
    house: House
    lookup: Lookup
    mint: Mint


def open_service(settings: Settings, ends: ExitStack) -> Service:
    """Opens the database, the broker and the transport; `ends` closes them in reverse order."""
    house, mint = open_house(settings), Mint(secrets.token_bytes)
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
    courier = Courier(
        database=database,
        writer=writer,
        transport=transport,
        signer=_signer(settings),
        house=house,
        delivery=settings.delivery,
        keep_bodies=settings.privacy.keep_bodies,
        mint=mint,
        clock=utc_now,
        jitter=random.random,
        owner=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        wake=tasks.wake,
    )
    ends.callback(courier.release)
    rounds = Rounds(database, writer, settings, house, mint, utc_now, tasks.wake, tasks.follow_up)
    tasks.employ(courier, rounds)
    return Service(settings, database, writer, tasks, courier, rounds, house, lookup, mint)


def _signer(settings: Settings) -> Signer | None:
    key, delivery = settings.delivery.dkim_key, settings.delivery
    if key is None:
        return None
    return Signer(key.read_bytes(), delivery.dkim_selector, settings.relay.domain)


def serve(settings: Settings) -> None:
    """SMTP server, and the workers where the broker is embedded, until SIGTERM or SIGINT."""
    with ExitStack() as ends:
        service = open_service(settings, ends)
        if is_embedded(settings.broker.url):
            with service.database.write() as connection:
                # Nobody but this process could have known of them, and it has just begun.
                outbox.tell_again(connection, utc_now())
            _work(service, ends)
        else:
            _tick(service, ends)
        asyncio.run(_listen(service))


def work(settings: Settings) -> None:
    """The workers alone, until SIGTERM or SIGINT."""
    with ExitStack() as ends:
        service = open_service(settings, ends)
        _work(service, ends)
        log.info("worker ready", pid=os.getpid())
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()


def _work(service: Service, ends: ExitStack) -> None:
    """Couriers and the ticker; at the end what is in hand is finished."""
    sys.setswitchinterval(0.001)
    worker = dramatiq.Worker(service.tasks.broker, worker_threads=COURIERS, worker_timeout=100)
    worker.start()
    ends.callback(worker.stop, timeout=int(GRACE * 1000))
    _tick(service, ends)


def _tick(service: Service, ends: ExitStack) -> None:
    ended = threading.Event()
    clocks = (
        (service.tasks.tick, SWEEP_EVERY),
        (service.courier.renew, RENEWED_EVERY),
        (service.rounds.purge, PURGE_EVERY),
    )
    for action, seconds in clocks:
        thread = threading.Thread(target=_every, args=(seconds, action, ended), daemon=True)
        thread.start()
        ends.callback(thread.join, GRACE)
    ends.callback(ended.set)


def _every(seconds: float, action: Callable[[], None], ended: threading.Event) -> None:
    while not ended.wait(seconds):
        try:
            action()
        except Exception:
            log.exception("failed at a tick")


async def _listen(service: Service) -> None:
    """Takes mail until a signal comes; then finishes the messages that are being answered."""
    settings = service.settings
    receiver = Receiver(
        database=service.database,
        writer=service.writer,
        settings=settings,
        house=service.house,
        lookup=service.lookup,
        mint=service.mint,
        clock=utc_now,
        trace=trace_of(settings),
        wake=service.tasks.wake,
    )
    workers = ThreadPoolExecutor(SESSIONS_AT_WORK, "session")
    connections = Connections(settings.relay.max_connections, settings.relay.connections_per_client)
    handler = Handler(receiver, workers)
    server = await listen(settings.relay, handler, connections)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    log.info("ready", listen=str(settings.relay.listen), domain=settings.relay.domain)
    await ended.wait()
    server.close()
    await handler.finish(GRACE)
    workers.shutdown(wait=True, cancel_futures=True)
    log.info("ended")
