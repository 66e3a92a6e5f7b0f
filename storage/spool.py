"""Large contents: sealed files beside the database, on disk before the commit that names them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.failures import Unavailable

LARGE = 64 * 1024  # bytes; what is larger goes into a file


class Spool:
    """Files in one folder, named at random. Raises Unavailable where the disk does not obey."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> None:
        """Make the folder if it is missing; only its owner may look inside."""
        with _translated():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, parts: Iterable[bytes]) -> str:
        """Put `parts` into a file and return its name; it is there even if the power fails now."""
        name = secrets.token_hex(16)
        with _translated():
            descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(descriptor)
            _flush_folder(self.folder)
        return name

    def read(self, name: str) -> bytes:
        """What `write` put there."""
        with _translated():
            return (self.folder / name).read_bytes()

    def head(self, name: str) -> bytes:
        """The first 4 bytes of a file; none if it is gone."""
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(4)
        except FileNotFoundError:
            return b""

    def remove(self, names: Iterable[str]) -> None:
        """Delete files that nothing names any more; one that stays behind is swept later."""
        for name in names:
            with suppress(OSError):
                (self.folder / name).unlink()

    def older_than(self, moment: float) -> tuple[str, ...]:
        """The names of the files last written before `moment`, in seconds since 1970."""
        with _translated():
            entries = os.scandir(self.folder)
            with entries:
                return tuple(one.name for one in entries if one.stat().st_mtime < moment)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise Unavailable(f"the spool: {problem.strerror or problem}") from problem
