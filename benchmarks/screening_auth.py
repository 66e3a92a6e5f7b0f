"""What it costs to read and authenticate a message: CPU milliseconds, with DNS answers cached.

python -m benchmarks.screening_auth [--rounds N]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from screening import canonical
from screening.authentication import authenticate
from screening.case import Addressee, Case
from screening.message import Envelope, read
from screening.screen import screen

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
MASKED = "peer-alex@peers.example.test"
LINE = b"A line of text such as people write, with nothing special in it at all.\r\n"
SIZES = {"2 KB": 2_000, "20 KB": 20_000, "1 MB": 1_000_000, "25 MB": 25_000_000}


def message(size: int) -> bytes:
    """A message of about that many bytes with an honest relaxed signature."""
    fields = [b"From: Casey <casey@mailer.test>", b"To: " + MASKED.encode(), b"Subject: hello"]
    body = LINE * (size // len(LINE))
    digest = base64.b64encode(hashlib.sha256(canonical.relaxed_body(body)).digest())
    own = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mailer.test; s=s1;"
    own += b" h=from:to:subject; bh=" + digest + b"; b="
    to_sign = b"\r\n".join(canonical.relaxed_header(field) for field in (*fields, own))
    proof = base64.b64encode(KEY.sign(to_sign, padding.PKCS1v15(), SHA256()))
    return b"\r\n".join([own + proof, *fields, b"MIME-Version: 1.0", b"", body])


def lookup(name: str, kind: str) -> tuple[str, ...]:
    """DNS as the cache answers it."""
    return RECORDS.get(name, ()) if kind == "TXT" else ()


PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
RECORDS = {
    "s1._domainkey.mailer.test": (f"v=DKIM1; k=rsa; p={base64.b64encode(PUBLIC).decode()}",),
    "mailer.test": ("v=spf1 ip4:192.0.2.20 -all",),
    "_dmarc.mailer.test": ("v=DMARC1; p=reject",),
}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    rounds = parser.parse_args().rounds
    envelope = Envelope("casey@mailer.test", (MASKED,), "mail.mailer.test", "192.0.2.20")
    now = datetime.now(UTC)
    print(f"{'CPU ms':8}{'read':>9}{'authenticate':>14}{'screen':>9}")
    for name, size in SIZES.items():
        raw = message(size)
        found = read(raw)
        proven = authenticate(envelope, raw, found.author.address, lookup, now=now)
        case = Case(found, envelope, proven, addressee=Addressee("Alex", (), MASKED))
        few = max(1, rounds * 2_000 // size)
        figures = (
            cost(partial(read, raw), few),
            cost(partial(authenticate, envelope, raw, "casey@mailer.test", lookup, now=now), few),
            cost(partial(screen, case), rounds),
        )
        print(f"{name:8}{figures[0]:9.3f}{figures[1]:14.3f}{figures[2]:9.3f}")


if __name__ == "__main__":
    main()
