"""What it costs to read, authenticate and screen a message: CPU milliseconds.

    python benchmarks/screening_cost.py [--rounds N]

DNS answers as its cache does. The texts are those of the training mails, put together.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening import canonical
from screening.authentication import authenticate
from screening.case import Addressee, Case
from screening.message import Envelope, read
from screening.screen import screen
from screening.training.corpus import corpus

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
MASKED = "peer-alex@peers.example.test"
ENVELOPE = Envelope("casey@mailer.test", (MASKED,), "mail.mailer.test", "192.0.2.20")
FIELDS = [b"From: Casey <casey@mailer.test>", b"To: " + MASKED.encode(), b"Subject: hello"]

PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
RECORDS = {
    "s1._domainkey.mailer.test": (f"v=DKIM1; k=rsa; p={base64.b64encode(PUBLIC).decode()}",),
    "mailer.test": ("v=spf1 ip4:192.0.2.20 -all",),
    "_dmarc.mailer.test": ("v=DMARC1; p=reject",),
}

MEGABYTE = 1_000_000
# Bodies that make some program or other slow.
HOSTILE = {
    "words": b"we can help you with our team and ",
    "letters": b"a",
    "quotes": b"> > > On Monday Alex wrote:\r\n",
    "look-alikes": "pаypаl αccount ".encode(),
    "signs": "我们的团队".encode(),
    "invisible": "a\u200b\u0301\u0301".encode(),
    "tags": b"<a href='http://x.test'><div style='display:none'>",
    "links": b"http://x.test/?a=b www.y.test ",
    "numbers": b"1.2.3.4,5 ",
    "spaced": b"f r e e ",
}


def message(body: bytes, kind: str = "text/plain") -> bytes:
    """A message of about that many bytes with an honest relaxed signature."""
    typed = b"Content-Type: " + kind.encode() + b"; charset=utf-8"
    digest = base64.b64encode(hashlib.sha256(canonical.relaxed_body(body)).digest())
    own = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mailer.test; s=s1;"
    own += b" h=from:to:subject; bh=" + digest + b"; b="
    to_sign = b"\r\n".join(canonical.relaxed_header(field) for field in (*FIELDS, own))
    proof = base64.b64encode(KEY.sign(to_sign, padding.PKCS1v15(), SHA256()))
    return b"\r\n".join([own + proof, *FIELDS, b"MIME-Version: 1.0", typed, b"", body])


def lookup(name: str, kind: str) -> tuple[str, ...]:
    """DNS as the cache answers it."""
    return RECORDS.get(name, ()) if kind == "TXT" else ()


def prose(size: int, english: bool) -> bytes:
    """So many bytes of what serious people write."""
    texts = (
        mail.case.message.text.replace("\n", "\r\n").encode() + b"\r\n\r\n"
        for mail in itertools.cycle(corpus())
        if mail.label == "serious" and (mail.language == "en") is english
    )
    found = b""
    while len(found) < size:
        found += next(texts)
    return found[:size].decode("utf-8", "ignore").encode() + b"\r\n"


def cost(work: Callable[[], object], rounds: int) -> float:
    """CPU milliseconds of one call, the best of five runs."""
    work()
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, (time.process_time() - began) / rounds)
    return best * 1000


def judged(case: Case) -> object:
    """The verdict; a new case each time, since a case remembers what it has read."""
    return screen(replace(case))


def row(name: str, body: bytes, rounds: int, kind: str = "text/plain") -> list[float]:
    raw, now = message(body, kind), datetime.now(UTC)
    found = read(raw)
    author = found.author.address
    proven = authenticate(ENVELOPE, raw, author, lookup, now=now)
    first = Case(found, ENVELOPE, proven, addressee=Addressee("Alex", ("python",), MASKED))
    figures = [
        cost(partial(read, raw), rounds),
        cost(partial(authenticate, ENVELOPE, raw, author, lookup, now=now), rounds),
        cost(partial(judged, first), rounds),
        cost(partial(judged, replace(first, first_contact=False)), rounds),
    ]
    print(f"{name:26}" + "".join(f"{one:14.2f}" for one in figures))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    names = ("read", "authenticate", "first contact", "in a thread")
    print(f"{'CPU ms':26}" + "".join(f"{name:>14}" for name in names))
    for size in (2_000, 10_000):
        for english in (True, False):
            language = "English" if english else "many languages"
            row(f"{size // 1000} KB, {language}", prose(size, english), rounds)
        page = b"<html><body><p>%s</p></body></html>" % prose(size, True).replace(
            b"\r\n\r\n", b"</p>\r\n<p>"
        )
        row(f"{size // 1000} KB, HTML", page, rounds, "text/html")
    worst = 0.0
    for name, piece in HOSTILE.items():
        for kind in ("text/plain", "text/html"):
            body = piece * (MEGABYTE // len(piece)) + b"\r\n"
            worst = max(worst, sum(row(f"1 MB of {name}, {kind[5:]}", body, 1, kind)))
    print(f"\nthe worst megabyte took {worst / 1000:.2f} s in all")


if __name__ == "__main__":
    main()
