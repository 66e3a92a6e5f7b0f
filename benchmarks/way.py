"""The way of one message through a process: CPU milliseconds to take it in, and to deliver it.

python -m benchmarks.way [--messages N] [--profile]

Everything that protects is on: DKIM, SPF and DMARC are checked (DNS answers from memory), the
message is screened, masked, sealed and signed. One first contact to four messages in existing
threads. The SMTP server and the next host are left out; docs/performance.md has the whole.
"""

from __future__ import annotations

import argparse
import base64
import cProfile
import hashlib
import json
import pstats
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config import logs
from config.scaffold import dkim_key
from config.settings import load
from relay.app import Service, open_service, trace_of
from relay.delivery.outcome import Delivered, Letter, Outcome
from relay.foundation import utc_now
from relay.intake.receiver import Receiver
from relay.masking.addresses import Public
from screening import canonical
from screening.message import Envelope
from storage import outbox
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.people import Ambassador

DOMAIN, PEER = "peers.example.test", "peer-alex@peers.example.test"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
RECORDS = {
    "s1._domainkey.mailer.test": (f"v=DKIM1; k=rsa; p={base64.b64encode(PUBLIC).decode()}",),
    "mailer.test": ("v=spf1 ip4:192.0.2.20 -all",),
    "_dmarc.mailer.test": ("v=DMARC1; p=reject",),
}
PROSE = "I would like to know how the team plans its releases, and what a week looks like there.\n"
PER_THREAD = 5  # messages
LEASED = 8  # items together


def lookup(name: str, kind: str) -> tuple[str, ...]:
    """DNS as the cache answers it."""
    return RECORDS.get(name, ()) if kind == "TXT" else ()


class NextHost:
    """Takes everything."""

    def send(self, letter: Letter) -> Outcome:
        return Delivered("250 ok")

    def close(self) -> None:
        pass


def message(size: str, number: int, author: str) -> bytes:
    """2 KB of text, 20 KB with HTML, or 1 MB with a file; signed by its author's domain."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"Casey Candidate <{author}>", PEER
    mail["Subject"], mail["Message-ID"] = f"Question {number}", f"<{number}@mx.mailer.test>"
    mail["Date"] = "Mon, 02 Nov 2026 10:00:00 +0100"
    mail.set_content(f"Hello,\n\n{PROSE * 20}")
    if size != "2 KB":
        page = "".join(f'<p style="margin:0">{PROSE}&mdash; {n}</p>\n' for n in range(110))
        mail.add_alternative(f"<html><body>{page}</body></html>", subtype="html")
    if size == "1 MB":
        noise = bytes((n * 2654435761 >> 13) & 255 for n in range(730_000))
        mail.add_attachment(noise, maintype="application", subtype="pdf", filename="resume.pdf")
    return signed(mail.as_bytes())


def signed(raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    names = (b"from", b"to", b"subject", b"date", b"message-id")
    fields = [line for line in head.split(b"\r\n") if line.partition(b":")[0].lower() in names]
    digest = base64.b64encode(hashlib.sha256(canonical.relaxed_body(body)).digest())
    listed = b":".join(line.partition(b":")[0] for line in fields)
    own = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mailer.test; s=s1; "
    own += b"h=" + listed + b"; bh=" + digest + b"; b="
    to_sign = b"\r\n".join(canonical.relaxed_header(field) for field in (*fields, own))
    proof = base64.b64encode(KEY.sign(to_sign, padding.PKCS1v15(), SHA256()))
    return own + proof + b"\r\n" + raw


def a_service(folder: Path, ends: ExitStack) -> Service:
    """A service on SQLite in `folder`, with one ambassador, whose mail goes nowhere."""
    (folder / "key.pem").write_bytes(dkim_key())
    written = {
        "RELAY__DOMAIN": DOMAIN,
        "STORAGE__KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "STORAGE__URL": f"sqlite:///{folder}/peerpost.db",
        "DELIVERY__DKIM_KEY": str(folder / "key.pem"),
        "DELIVERY__MAILDIR": str(folder / "outbox"),
        "SCREENING__POLICY": "open",
        "AMBASSADOR__WEEKLY_THREADS": json.dumps(0),
    }
    settings = load(None, {f"PEERPOST_{key}": value for key, value in written.items()})
    service = open_service(settings, ends)
    now = utc_now()
    alex = Ambassador(
        Mint(secrets.token_bytes).id(now), "alex", "Alex Chen", ("alex@corp.test",), now
    )
    service.writer.commit(Changes(ambassadors=(alex,)), now).result()
    return service


def cpu(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def measure(size: str, count: int, profile: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        service = a_service(Path(folder), ends)
        woken: list[str] = []
        receiver = Receiver(
            database=service.database,
            writer=service.writer,
            settings=service.settings,
            house=service.house,
            lookup=lookup,
            mint=service.mint,
            clock=utc_now,
            trace=trace_of(service.settings),
            wake=woken.extend,
            ease=lambda: None,
        )
        courier = replace(service.courier, transport=NextHost())
        mails = []
        for number in range(count + PER_THREAD):
            author = f"casey{number // PER_THREAD}@mailer.test"
            envelope = Envelope(author, (PEER,), "mx.mailer.test", "192.0.2.20", False)
            mails.append((envelope, message(size, number, author)))

        def take(some: list[tuple[Envelope, bytes]]) -> None:
            for envelope, raw in some:
                assert receiver.admit(PEER) == Public("alex")
                assert receiver.receive(envelope, (Public("alex"),), raw).accepted

        def deliver() -> None:
            for start in range(0, len(woken), LEASED):
                for item in courier.lease(woken[start : start + LEASED]):
                    service.writer.commit(courier.attempt(item), utc_now(), 0.003)
            service.writer.submit(lambda _: None).result()

        take(mails[:PER_THREAD])
        deliver()
        woken.clear()
        took = profiled(lambda: take(mails[PER_THREAD:]), profile)
        sent = profiled(deliver, profile)
        with service.database.read() as connection:
            assert outbox.waiting(connection) == 0
        each = (1000 * took / count, 1000 * sent / count, len(woken) / count)
        print(f"{size:>8} {each[0]:9.2f} {each[1]:9.2f} {each[2]:9.2f}")


def profiled(work: Callable[[], None], profile: bool) -> float:
    if not profile:
        return cpu(work)
    profiler = cProfile.Profile(time.thread_time)
    seconds = cpu(lambda: profiler.runcall(work))
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(150)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--sizes", nargs="*", default=["2 KB", "20 KB", "1 MB"])
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    logs.configure("warning", "text")
    print(f"{'size':>8} {'take ms':>9} {'send ms':>9} {'mails':>9}")
    for size in options.sizes:
        count = options.messages if size != "1 MB" else max(5, options.messages // 20)
        measure(size, count, options.profile)


if __name__ == "__main__":
    main()
