"""A real DNS server on loopback, which can fail, keep silent, and count what it is asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dnslib
from dnslib.server import DNSLogger, DNSServer

from config.settings import HostPort


@dataclass
class Names:
    """What the server knows. Unknown names do not exist; TXT values may be of any length."""

    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    ttl: int = 300
    server: HostPort = field(default=HostPort("127.0.0.1", 0))
    released: threading.Event = field(default_factory=threading.Event)

    def resolve(self, request: dnslib.DNSRecord, handler: Any) -> dnslib.DNSRecord:
        name = str(request.q.qname).rstrip(".").lower()
        kind = dnslib.QTYPE[request.q.qtype]
        self.asked.append((name, kind))
        reply = request.reply()
        if name in self.silent:
            self.released.wait(30)
            raise dnslib.DNSError("no answer")
        if name in self.failing:
            reply.header.rcode = dnslib.RCODE.SERVFAIL
            return reply
        for text in self.records.get((name, kind), ()):
            code = getattr(dnslib.QTYPE, kind)
            reply.add_answer(dnslib.RR(name, code, rdata=_rdata(kind, text), ttl=self.ttl))
        if not any(known == name for known, _ in self.records):
            reply.header.rcode = dnslib.RCODE.NXDOMAIN
        return reply


def _rdata(kind: str, text: str) -> dnslib.RD:
    if kind == "TXT":
        raw = text.encode("latin-1")
        return dnslib.TXT([raw[at : at + 255] for at in range(0, len(raw), 255)])
    if kind == "MX":
        preference, _, host = text.partition(" ")
        return dnslib.MX(host, int(preference))
    return getattr(dnslib, kind)(text)


def _bound(names: Names, quiet: DNSLogger) -> tuple[DNSServer, DNSServer]:
    """Both on one port: what is free for UDP may be taken for TCP, so it may need a few tries."""
    while True:
        udp = DNSServer(names, address="127.0.0.1", port=0, logger=quiet)
        port = udp.server.server_address[1]
        try:
            return udp, DNSServer(names, address="127.0.0.1", port=port, tcp=True, logger=quiet)
        except OSError:
            udp.server.server_close()


@contextlib.contextmanager
def name_server() -> Iterator[Names]:
    """A running one, over UDP and TCP on one free port."""
    names, quiet = Names(), DNSLogger(logf=lambda text: None)
    udp, tcp = _bound(names, quiet)
    names.server = HostPort("127.0.0.1", udp.server.server_address[1])
    # Not by `start_thread`, whose threads look only twice a second whether they are to end.
    threads = [
        threading.Thread(target=one.server.serve_forever, args=(0.01,)) for one in (udp, tcp)
    ]
    for thread in threads:
        thread.start()
    try:
        yield names
    finally:
        names.released.set()
        for server in (udp.server, tcp.server):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
