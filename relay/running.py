"""A process of the relay at work: from its start until SIGTERM or SIGINT, in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import dramatiq

from config import logs
from config.settings import Settings
from relay import memory, ops
from relay.app import GRACE, Service, open_service, trace_of
from relay.brokers import is_embedded
from relay.cores import keep_to_one
from relay.delivery.courier import RENEWED_EVERY
from relay.foundation import utc_now
from relay.intake.limits import Connections
from relay.intake.listening import Door, listen, open_door
from relay.intake.receiver import Receiver
from relay.intake.server import Handler
from relay.privileges import confine
from relay.rehearsal import rehearse
from storage import outbox

log = logs.get(__name__)

SESSIONS_AT_WORK = 128  # messages that are decided on at a time; most of them wait for DNS
CLERKS = 8  # addresses that are looked up at a time
TASKS = 4  # that are done at a time; deliveries have threads of their own
SWEEP_EVERY = 1.0
PURGE_EVERY = 3600.0
REPORT_EVERY = 300.0  # looked for, not mailed


def serve(settings: Settings) -> None:
    """SMTP server, and the workers where the broker is embedded, until SIGTERM or SIGINT."""
    with ExitStack() as ends:
        # First what may take privileges, then nothing that needs them.
        door = open_door(settings.relay, ends)
        if settings.relay.user is not None:
            rehearse(settings)
        confine(settings.relay.user, settings.relay.max_connections)
        memory.give_back()
        _stay(settings)
        service = open_service(settings, ends)
        _watched(service, ends)
        if is_embedded(settings.broker.url):
            with service.database.write() as connection:
                # Nobody but this process could have known of them, and it has just begun.
                outbox.tell_again(connection, utc_now())
            _work(service, ends)
        else:
            _tick(service, ends)
        asyncio.run(_listen(service, door))


def work(settings: Settings) -> None:
    """The workers alone, until SIGTERM or SIGINT."""
    with ExitStack() as ends:
        confine(settings.relay.user)
        memory.give_back()
        _stay(settings)
        service = open_service(settings, ends)
        _watched(service, ends)
        _work(service, ends)
        log.info("worker ready", pid=os.getpid())
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()


def _stay(settings: Settings) -> None:
    if settings.relay.one_core:
        keep_to_one(os.getpid())


def _watched(service: Service, ends: ExitStack) -> None:
    if service.settings.ops.listen is not None:
        ops.watch(service.settings.ops.listen, service.database, ends)


def _work(service: Service, ends: ExitStack) -> None:
    """Couriers and the ticker; at the end what is in hand is finished."""
    service.courier.take_over()
    sys.setswitchinterval(0.001)
    worker = dramatiq.Worker(service.tasks.broker, worker_threads=TASKS, worker_timeout=100)
    service.dispatch.start()
    worker.start()
    ends.callback(worker.stop, timeout=int(GRACE * 1000))
    _tick(service, ends)


def _tick(service: Service, ends: ExitStack) -> None:
    ended = threading.Event()
    clocks = (
        (service.tasks.tick, SWEEP_EVERY),
        (service.courier.renew, RENEWED_EVERY),
        (service.rounds.purge, PURGE_EVERY),
        (service.tasks.report, REPORT_EVERY),
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


async def _listen(service: Service, door: Door) -> None:
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
        ease=service.dispatch.backlog.ease,
    )
    workers = ThreadPoolExecutor(SESSIONS_AT_WORK, "session")
    connections = Connections(settings.relay.max_connections, settings.relay.connections_per_client)
    clerks = ThreadPoolExecutor(CLERKS, "clerk")
    handler = Handler(receiver, workers, clerks)
    servers = await listen(door, settings.relay, handler, connections)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    log.info("ready", listen=str(settings.relay.listen), domain=settings.relay.domain)
    await ended.wait()
    for server in servers:
        server.close()
    await handler.finish(GRACE)
    for pool in (workers, clerks):
        pool.shutdown(wait=True, cancel_futures=True)
    log.info("ended")
