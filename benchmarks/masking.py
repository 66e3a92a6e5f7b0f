"""What masking and the gate cost: CPU milliseconds for one message, best of many runs.

    python benchmarks/masking.py [--rounds N]

Every run has an identity of its own, as every message has one (its Message-ID is part of it).
"""

from __future__ import annotations

import argparse
import base64
import gc
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from relay.masking.gate import residual
from relay.masking.identity import gather
from relay.masking.mask import View, mask
from screening.addresses import Mailbox

OWN = "dana.brown@corp.test"
GUEST = "guest-abcdefghij234567abcd@peers.example.test"
PEER = "peer-alex+t.zzzzzzzzzz2222222222@peers.example.test"
WORDS = "I have read about your work on the scheduler and would like to know how you test it. "
LINE = "We moved from one queue to many, and the tail latency went down by a third.\n"
HEADER = """Received: from ws-7.lan.corp.test (unknown [10.1.2.3])\r
\tby gw.corp.test (Postfix) with ESMTPSA id 4F1 for <peer-alex@peers.example.test>;\r
\tTue, 05 Mar 2024 10:00:01 +0000\r
From: Dana Brown <dana.brown@corp.test>\r
To: peer-alex@peers.example.test\r
Subject: A question about your team\r
Date: Tue, 05 Mar 2024 11:00:00 +0100\r
Message-ID: <{number}.1@ws-7.lan.corp.test>\r
User-Agent: Some Mail/7.1\r
MIME-Version: 1.0\r
"""
QUOTE = f"\n-- \nDana\n{OWN}\n\nOn Mon, 4 Mar 2024 at 9:00, Alex <{PEER}> wrote:\n> Hello\n> Dana\n"


def text(size: int, tail: str = "") -> bytes:
    body = (WORDS + "\n" + LINE) * (size // len(WORDS + LINE) + 1)
    body = body[: size - len(tail)] + tail
    head = HEADER + "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    return (head + body.replace("\n", "\r\n")).encode()


def page(size: int, tail: str = "") -> bytes:
    row = (
        '<tr><td style="padding:4px 8px;font-family:Arial,sans-serif" valign="top">'
        f'<p class="MsoNormal"><span lang="EN-GB">{LINE.strip()}&nbsp;</span></p></td>'
        '<td><a href="https://docs.example.org/a/b?page=12&amp;x=1" target="_blank">more</a></td>'
        "</tr>\n"
    )
    rows = row * (size // len(row))
    style = "<style>p.MsoNormal {margin:0}</style>"
    body = f"<html><head>{style}</head><body><table>{rows}</table>{tail}</body></html>"
    head = HEADER + "Content-Type: text/html; charset=utf-8\r\n\r\n"
    return (head + body.replace("\n", "\r\n")).encode()


def links(size: int) -> bytes:
    """A page of links as newsletters write them: each with a word that could be a coded text."""
    words = (hashlib.sha512(b"%d" % number).digest() for number in range(size // 200))
    coded = (base64.urlsafe_b64encode(one * 2).decode().rstrip("=") for one in words)
    rows = "".join(
        f'<p><a href="https://click.example.org/ls/click?upn=u001.{one}&amp;x=1">more</a></p>\n'
        for one in coded
    )
    head = HEADER + "Content-Type: text/html; charset=utf-8\r\n\r\n"
    return (head + rows[:size].replace("\n", "\r\n") + "<p>end</p>\r\n").encode()


def alternative(size: int) -> bytes:
    plain, rich = text(size // 5, QUOTE), page(size * 4 // 5, f"<div>{OWN}</div>")
    parts = [one.partition(b"\r\n\r\n")[2] for one in (plain, rich)]
    body = b"\r\n--xyz\r\nContent-Type: text/plain\r\n\r\n" + parts[0]
    body += b"\r\n--xyz\r\nContent-Type: text/html\r\n\r\n" + parts[1] + b"\r\n--xyz--\r\n"
    return HEADER.encode() + b'Content-Type: multipart/alternative; boundary="xyz"\r\n\r\n' + body


def attachment(size: int) -> bytes:
    line = (
        b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkw\r\n"
    )
    head = b'Content-Type: application/octet-stream; name="a.bin"\r\n'
    head += b"Content-Transfer-Encoding: base64\r\n\r\n"
    body = (
        b"\r\n--xyz\r\n\r\nHello\r\n--xyz\r\n" + head + line * (size // len(line)) + b"--xyz--\r\n"
    )
    return HEADER.encode() + b'Content-Type: multipart/mixed; boundary="xyz"\r\n\r\n' + body


CASES: dict[str, tuple[bytes, float]] = {
    "text, 2 KB": (text(2048), 1.0),
    "text, 2 KB, signed and quoted": (text(2048, QUOTE), 1.0),
    "HTML, 20 KB": (page(20_480), 6.0),
    "HTML, 20 KB, with an address": (page(20_480, f"<p>{OWN}</p>"), 6.0),
    "both, 20 KB, signed and quoted": (alternative(20_480), 6.0),
    "HTML, 20 KB, coded links": (links(20_480), 6.0),
    "text, 200 KB": (text(204_800, QUOTE), 0),
    "HTML, 200 KB": (page(204_800, f"<p>{OWN}</p>"), 0),
    "file, 5 MB": (attachment(5 << 20), 0),
}


def once(raw: bytes, number: int) -> tuple[float, float]:
    """CPU milliseconds of masking and of the gate."""
    raw = raw.replace(b"{number}", b"%d" % number)
    gc.collect(0)
    start = time.process_time()
    hidden = gather(raw, "gw.corp.test", "192.0.2.7", [OWN, "dana@home.test"], ["Dana Brown"])
    view = View(
        author=Mailbox(GUEST, "Dana"),
        reader=Mailbox("alex.chen@firm.example", "Alex"),
        hidden=hidden,
        message_id=f"<new.{number}@peers.example.test>",
        now=datetime(2024, 3, 5, 10, tzinfo=UTC),
        domain="peers.example.test",
        trace="0a1b2c3d",
    )
    masked = mask(raw, replace(view, swapped={}))
    middle = time.process_time()
    residual(masked.content, hidden, ["abcdefghij234567abcX"])
    return (middle - start) * 1e3, (time.process_time() - middle) * 1e3


def table(rounds: int, show: Callable[[str], None] = print) -> None:
    show(f"{'message':<34}{'mask':>8}{'gate':>8}{'both':>8}{'goal':>8}  (ms of CPU)")
    for name, (raw, goal) in CASES.items():
        count = max(2, rounds * 20_000 // max(len(raw), 20_000))
        runs = [once(raw, number) for number in range(count)]
        masking, gate = min(runs, key=sum)
        wanted = f"{goal:.1f}" if goal else ""
        show(f"{name:<34}{masking:>8.2f}{gate:>8.2f}{masking + gate:>8.2f}{wanted:>8}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    table(parser.parse_args().rounds)
