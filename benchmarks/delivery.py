"""Messages a second and CPU per message to a sink on loopback, and what a signature costs.

    python -m benchmarks.delivery [--messages 2000] [--threads 1 4 20]

The sink is a process of its own; CPU time is ours alone.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from relay.delivery.opening import Host
from relay.delivery.outcome import Delivered, Letter
from relay.delivery.pool import Limits
from relay.delivery.signing import Signer
from relay.delivery.transports.smtp import Smarthost

SIZES = {"2 KB": 2_000, "20 KB": 20_000, "1 MB": 1_000_000}
OFFER = b"250-sink.test\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
ANSWERS = {b"EHLO": OFFER, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Sink(asyncio.Protocol):
    """Takes everything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.buffer, self.content = transport, bytearray(), False
        transport.write(b"220 sink.test ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        out = b""
        while True:
            end = b"\r\n.\r\n" if self.content else b"\r\n"
            start = max(0, len(self.buffer) - len(data) - 4) if self.content else 0
            found = self.buffer.find(end, start)
            if found < 0:
                break
            verb = bytes(self.buffer[:4])
            del self.buffer[: found + len(end)]
            out += b"250 ok\r\n" if self.content else ANSWERS.get(verb, b"250 ok\r\n")
            self.content = not self.content and verb == b"DATA"
        if out:
            self.transport.write(out)


def sink(pipe: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def message(size: int) -> bytes:
    head = (
        b"From: Dana <guest-abc@peers.example.test>\r\nTo: alex@corp.example.test\r\n"
        b"Subject: a question\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n"
        b"Message-ID: <1@peers.example.test>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    line = b"Thank you for taking the time to talk about the role, and about the team.\r\n"
    return head + line * ((size - len(head)) // len(line))


def measure(what: str, work: Callable[[], object], count: int, threads: int = 1) -> None:
    def share() -> None:
        for _ in range(count // threads):
            work()

    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(share) for _ in range(threads)]:
            done.result()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    print(f"{what:44} {count / wall:9.0f}/s {1000 * cpu / count:9.3f} ms CPU")


def sending(host: Host, limits: Limits, size: int, count: int, threads: int, what: str) -> None:
    transport = Smarthost(host, limits=limits)
    letter = Letter("bounce+x@peers.example.test", "alex@corp.example.test", message(size))

    def send() -> None:
        assert isinstance(transport.send(letter), Delivered)

    measure(what, send, count, threads)
    transport.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=2000)
    options.add_argument("--threads", type=int, nargs="+", default=[1, 4, 20])
    chosen = options.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=sink, args=(theirs,), daemon=True)
    server.start()
    host = Host("127.0.0.1", ours.recv(), "sink.test")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = Signer(pem, "peerpost", "peers.example.test")
    for name, size in SIZES.items():
        count = max(50, chosen.messages * 2_000 // size if size > 20_000 else chosen.messages)
        for threads in chosen.threads:
            what = f"{name}, kept connections, {threads} thread(s)"
            sending(host, Limits(), size, count, threads, what)
        sending(host, Limits(age=0), size, count, 1, f"{name}, a new connection each, 1 thread")
        content = message(size)
        measure(f"{name}, DKIM signature", lambda content=content: signer.sign(content), count)
    server.terminate()


if __name__ == "__main__":
    main()
