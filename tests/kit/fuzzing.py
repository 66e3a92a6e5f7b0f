"""What may be said of any bytes: which exceptions they may cause, and what holds of the results."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from attacks import report as failure
from mails import NOW, raw_mail
from masks import a_view

from relay.intake import dsn, orders, returning, times, yes
from relay.intake.paths import path_of
from relay.masking.mask import mask
from relay.masking.values import Unmaskable
from screening import addresses
from screening.fields import Unreadable
from screening.message import read

Target = Callable[[bytes], bool]  # whether the input was taken, and so tried all of the reader


def address(data: bytes) -> bool:
    """One plain address comes out, or a ValueError; what comes out is read the same again."""
    lines = data.decode("utf-8", "replace").splitlines() or [""]
    named = next((line for line in lines if line.lower().startswith("from:")), lines[0])
    try:
        found = addresses.exactly_one(named.partition(":")[2] or named)
    except ValueError:
        return False
    assert addresses.exactly_one(found.address).address == found.address
    assert found.address.isprintable()
    kinds = {unicodedata.category(sign) for sign in found.name}
    assert kinds.isdisjoint({"Cc", "Cs", "Zl", "Zp"})  # what ends a line or cannot be sent
    return True


def path(data: bytes) -> bool:
    """An address that is taken holds nothing that could end a command or name a second one."""
    text = data.decode("utf-8", "surrogateescape")
    start = max(text.find("<"), 0)
    found, _ = path_of(text[start : start + 300].partition("\r\n")[0])
    assert found is None or (found.isprintable() and "\r" not in found and "\n" not in found)
    return found is not None


def message(data: bytes) -> bool:
    """Read, or refused as unreadable; never anything else."""
    try:
        found = read(data)
    except Unreadable:
        return False
    assert "@" in found.author.address
    assert "\0" not in found.header("Subject")
    orders.found(found)
    orders.typed(found)
    return True


def commands(data: bytes) -> bool:
    """What is typed is commands or prose, and each command is a word and one line."""
    found = read(raw_mail(body=_lines(data)))
    given = orders.found(found)
    heads = orders.heads(found)
    text = orders.typed(found)
    assert max(len(given.given), len(heads)) <= 10
    assert all(order.word.isalpha() and "\n" not in order.words for order in given.given)
    for order in given.given:
        times.moment(order.words, NOW, "Europe/Berlin")
        times.meeting(order.words, NOW, "Europe/Berlin")
    returning.day_of_return("away", text, NOW.date())
    yes.yes_or_no(text)
    return bool(given.given)


def masking(data: bytes) -> bool:
    """What is carried has CRLF alone and one of each field of ours; else it is Unmaskable."""
    raw = _lines(data)
    try:
        read(raw)
        content = mask(raw, a_view()).content
    except (Unreadable, Unmaskable):
        return False
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    head = b"\r\n" + content.partition(b"\r\n\r\n")[0].lower()
    assert all(head.count(b"\r\n" + name + b":") == 1 for name in (b"from", b"to", b"subject"))
    assert b"\r\nbcc:" not in head
    return True


def report(data: bytes) -> bool:
    """A report, or none; never an exception."""
    found = dsn.read(data)
    assert found is None or found.action in tuple(dsn.Action)
    return found is not None


def _lines(data: bytes) -> bytes:
    """The same with CRLF alone: what else there is ends at the gate."""
    return data.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"\r\n")


TARGETS: dict[str, Target] = {
    one.__name__: one for one in (address, path, message, commands, masking, report)
}


def seeds() -> Iterator[bytes]:
    """Where a search begins: real mail of many programs, and a delivery report."""
    for file in sorted((Path(__file__).parents[1] / "messages").glob("*.eml")):
        yield _lines(file.read_bytes())
    yield b"/later 3d\r\n/coffee Thursday 15:00\r\n\r\nSee you.\r\n"
    yield failure("bounce+abcdefghij234567@peers.example.test")
