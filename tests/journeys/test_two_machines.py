"""Two machines with one database and one broker: either takes what the other gave out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from workers import a_worker
from world import ALEX, DOMAIN, World, a_world, eventually, marker

PEER = f"peer-alex@{DOMAIN}"
LARGE = "So much to tell.\r\n" * 6000  # more than is kept in the database


@contextlib.contextmanager
def another(world: World, folder: Path) -> Iterator[World]:
    """A second machine with the settings and the key of the first."""
    folder.mkdir()
    made = World(folder, world.names, world.smarthost)
    made.settings = world.settings | {"relay.listen": made.settings["relay.listen"]}
    for file in ("peerpost.toml", "peerpost-dkim.pem"):
        with contextlib.suppress(FileNotFoundError):
            (folder / file).write_bytes((world.folder / file).read_bytes())
            (folder / file).chmod(0o600)
    try:
        yield made
    finally:
        made.kill()


def test_a_conversation_crosses_machines_and_survives_one(
    tmp_path: Path, postgresql_url: str, redis_url: str
) -> None:
    shared = {
        "storage__url": postgresql_url,
        "storage__spool": str(tmp_path / "spool"),
        "broker__url": redis_url,
    }
    with a_world(tmp_path, **shared) as first, another(first, tmp_path / "second") as second:
        first.start()
        second.start()
        with a_worker(first), a_worker(second):
            asked, answered = marker(), marker()
            assert first.send("dana@mailer.test", PEER, f"{asked}\r\n")[0] == 250
            guest = first.arrived(ALEX, asked).answers_to
            assert second.send(ALEX, guest, f"{answered}\r\n")[0] == 250
            second.arrived("dana@mailer.test", answered)
            words = [marker() for _ in range(6)]
            for number, word in enumerate(words):
                machine = (first, second)[number % 2]
                assert machine.send(f"{word}@mailer.test", PEER, f"{word}\r\n{LARGE}")[0] == 250
            for word in words:
                first.arrived(ALEX, word)
            first.kill()
            last = marker()
            assert second.send("dana@mailer.test", PEER, f"{last}\r\n")[0] == 250
            second.arrived(ALEX, last)
            eventually(lambda: not second.listed("queue"), "an idle queue")
            assert all(len(second.mails(ALEX, word)) == 1 for word in (asked, *words, last))
        assert second.stop() == 0
