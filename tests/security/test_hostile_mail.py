"""Whatever arrives: a clear answer, in bounded time and memory, and the next message is served."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attacks import PEER, forge, is_served
from bombs import FILES, HTML, STRUCTURE, TEXT, Bomb, attached
from mails import raw_mail, signed
from wire import Wire
from world import World, marker

PROCESSOR = 2.0  # seconds of it that one message may take
MEMORY = 256  # MiB above what was used before
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def bounded(world: World, name: str) -> Iterator[None]:
    assert world.process is not None
    folder, over = Path(f"/proc/{world.process.pid}"), threading.Event()

    def spent() -> float:
        stat = (folder / "stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS

    def resident() -> int:
        return int((folder / "statm").read_text().split()[1]) * _PAGE >> 20

    before, began, peak = resident(), spent(), 0

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.02):
            peak = max(peak, resident())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
    assert spent() - began <= PROCESSOR, name
    assert peak - before <= MEMORY, name


def _files() -> dict[str, Bomb]:
    return {
        name: (lambda file=file, content=content: attached(content(), file))  # type: ignore[misc]
        for name, (file, content) in FILES.items()
    }


@pytest.mark.parametrize(
    "bombs", [STRUCTURE, TEXT, HTML, _files()], ids=["structure", "text", "html", "files"]
)
def test_no_message_costs_more_than_two_seconds_and_its_memory(
    world: World, bombs: dict[str, Bomb]
) -> None:
    for name, bomb in bombs.items():
        author = f"{marker()}@mailer.test"
        raw = signed(bomb().replace(b"casey@mailer.test", author.encode()))
        with bounded(world, name):
            said = forge(world, author, PEER, raw, "127.0.0.20")
        assert said.code // 100 in (2, 5), f"{name}: {said}"
    is_served(world)


def test_others_are_served_while_many_are_at_work(world: World) -> None:
    wires = [Wire(world.port, f"127.0.8.{n + 1}") for n in range(12)]
    bait = signed(TEXT["400 000 combining marks"]())
    for wire in wires:
        wire.hello()
        wire.envelope("casey@mailer.test", PEER)
        wire.say("DATA")
        wire.send(bait + b"\r\n.\r\n")
    is_served(world)
    for wire in wires:
        assert wire.read().code // 100 in (2, 5)
        wire.socket.close()


def test_a_name_server_that_says_nothing_holds_up_nobody_else(world: World) -> None:
    wires = []
    for number in range(40):
        domain = f"silent{number}.test"
        world.names.silent |= {domain, f"_dmarc.{domain}", f"s1._domainkey.{domain}"}
        wire = Wire(world.port, f"127.0.9.{number + 1}")
        wire.hello()
        wire.envelope(f"casey@{domain}", PEER)
        wire.say("DATA")
        wire.send(signed(raw_mail(From=f"casey@{domain}"), domain) + b"\r\n.\r\n")
        wires.append(wire)
    is_served(world)
    waiting = sum(not wire.rest and not _readable(wire) for wire in wires)
    assert waiting, "they still wait for an answer, and the honest message does not"
    for wire in wires:
        assert wire.read().code // 100 == 4
        wire.socket.close()


def _readable(wire: Wire) -> bool:
    wire.socket.setblocking(False)
    try:
        wire.rest += wire.socket.recv(1000)
    except BlockingIOError:
        return False
    finally:
        wire.socket.settimeout(30)
    return True


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\r\n\r\n\r\n",
        b"just a line of text\r\n",
        b" folded: first\r\n\r\nhi\r\n",
        b":\r\n\r\n",
        b"Subject\r\n\r\n",
        b"From\r\n\r\n",
        b"From: casey@mailer.test",
        b"From : casey@mailer.test\r\n\r\nhi\r\n",
        b"\xef\xbb\xbfFrom: casey@mailer.test\r\n\r\nhi\r\n",
        b"From: casey@mailer.test\r\n\x01\x02: x\r\n\r\nhi\r\n",
        b".\r\n",
        b"." * 1000,
    ],
)
def test_hardly_a_message_gets_a_clear_answer(world: World, raw: bytes) -> None:
    assert forge(world, "casey@mailer.test", PEER, raw).refused


@pytest.mark.parametrize(
    "author",
    [
        "",
        "<>",
        "nobody",
        "@",
        "casey@",
        "undisclosed-recipients:;",
        ",",
        "a@b.test, c@d.test",
        "(" * 900,
    ],
)
def test_a_from_that_names_nobody_is_refused(world: World, author: str) -> None:
    assert forge(world, "casey@mailer.test", PEER, raw_mail(From=author)).code == 554
