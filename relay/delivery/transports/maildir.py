"""Into folders below `delivery.maildir`, one Maildir to a recipient: for trying it out."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from pathlib import Path

from config.sections import DeliverySettings
from relay.delivery.lines import canonical
from relay.delivery.outcome import Deferred, Delivered, Letter, Outcome, Transport

_ODD = re.compile(r"[^a-z0-9@._+=-]")
_LONGEST = 100  # characters of an address in a folder's name


class Maildir:
    """A Transport that keeps every message as it was sent, in RECIPIENT/new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter) -> Outcome:
        """On disk before it answers; a full disk or a missing permission is Deferred."""
        box = self._folder / folder_name(letter.recipient)
        name = f"{time.time_ns()}.{secrets.token_hex(4)}"
        try:
            for part in ("tmp", "new", "cur"):
                (box / part).mkdir(parents=True, exist_ok=True)
            with (box / "tmp" / name).open("xb") as file:
                file.write(canonical(letter.content))
                file.flush()
                os.fsync(file.fileno())
            (box / "tmp" / name).rename(box / "new" / name)
            _flush(box / "new")
        except OSError as error:
            return Deferred(f"4.3.1 the message could not be written: {error.strerror}")
        return Delivered(f"250 2.0.0 kept as {name}")

    def close(self) -> None:
        """Nothing is kept open."""


def folder_name(recipient: str) -> str:
    """A plain address as it is; of any other what is safe of it, and a digest of the whole."""
    address = recipient.lower()
    safe = _ODD.sub("_", address)[:_LONGEST].lstrip(".")
    if safe == address and safe:
        return safe
    return f"{safe}-{hashlib.sha256(address.encode(errors='surrogatepass')).hexdigest()[:16]}"


def open(delivery: DeliverySettings, lookup: object, helo: str = "") -> Transport:
    return Maildir(delivery.maildir)


def _flush(folder: Path) -> None:
    """A rename is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
