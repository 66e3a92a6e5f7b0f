"""A message in a file, as it would come over SMTP."""

from __future__ import annotations

from pathlib import Path

from config.values import Unusable

MOST_BYTES = 64 * 2**20


def read(file: Path) -> bytes:
    """Its bytes with CRLF at the end of every line. Raises Unusable if they are too many."""
    if file.stat().st_size > MOST_BYTES:
        raise Unusable("FILE", file.name, "a message of at most 64 MiB")
    return file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
