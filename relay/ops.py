"""/metrics (Prometheus) and /healthz on `ops.listen`, for whoever watches over the service."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Metric,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config import logs
from config.values import HostPort
from relay.failures import Failed
from relay.meters import SHARED
from storage import outbox
from storage.database import Database
from storage.failures import Unavailable

log = logs.get(__name__)

TIMEOUT = 5.0  # seconds for a request


def watch(listen: HostPort, database: Database, ends: ExitStack) -> None:
    """Serve both in a thread of their own until `ends`. Raises Failed if the port is taken."""
    registry = _registry(database)
    try:
        server = Server(listen, partial(Page, registry, database))
    except OSError as error:
        raise Failed(f"ops.listen = {listen}: {error.strerror or error}") from error
    thread = threading.Thread(target=server.serve_forever, name="ops", daemon=True)
    thread.start()
    ends.callback(server.server_close)
    ends.callback(server.shutdown)
    log.info("watched", listen=str(listen))


class Queue(Collector):
    """What the database knows, asked for at each look."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        try:
            with self._database.read() as connection:
                waiting, held = outbox.waiting(connection), len(outbox.held(connection))
        except Unavailable:
            return
        yield GaugeMetricFamily("peerpost_waiting", "Messages on their way out.", waiting)
        yield GaugeMetricFamily("peerpost_held", "Messages that wait for a decision.", held)


class Server(ThreadingHTTPServer):
    """Several processes may listen on its port: each knows the counts of all."""

    daemon_threads = True

    def __init__(self, listen: HostPort, page: type | partial[Page]) -> None:
        self.address_family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
        super().__init__((listen.host, listen.port), page)

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


class Page(BaseHTTPRequestHandler):
    """Answers GET for the two pages; says nothing about who it is, and logs nothing."""

    timeout = TIMEOUT
    server_version = "peerpost"
    sys_version = ""

    def __init__(
        self, registry: CollectorRegistry, database: Database, *connection: object
    ) -> None:
        self._registry, self._database = registry, database
        super().__init__(*connection)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/metrics":
                self._say(HTTPStatus.OK, generate_latest(self._registry), CONTENT_TYPE_LATEST)
            case "/healthz":
                self._say(*self._health())
            case _:
                self._say(HTTPStatus.NOT_FOUND, b"there are /metrics and /healthz\n")

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _health(self) -> tuple[HTTPStatus, bytes]:
        """Well as long as mail can be taken: for that it takes the database, and no broker."""
        try:
            with self._database.read() as connection:
                waiting = outbox.waiting(connection)
        except Unavailable as problem:
            return HTTPStatus.SERVICE_UNAVAILABLE, f"{problem}\n".encode()
        return HTTPStatus.OK, f"ok, {waiting} on their way\n".encode()

    def _say(self, status: HTTPStatus, text: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _registry(database: Database) -> CollectorRegistry:
    """The counts of this process, or of all that share a port; and what the database knows."""
    registry = REGISTRY
    if os.environ.get(SHARED):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Queue(database))
    return registry
