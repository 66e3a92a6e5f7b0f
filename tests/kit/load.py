"""Many who write at once, while something breaks; and what became of their mail."""

from __future__ import annotations

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from world import ALEX, DOMAIN, World, eventually, marker

PEER = f"peer-alex@{DOMAIN}"


class Load:
    """Candidates, each a new one, write as fast as they are served."""

    def __init__(self, world: World) -> None:
        self.world, self.taken = world, set[str]()
        self.answers: Counter[int] = Counter()
        self._ending = threading.Event()

    @contextlib.contextmanager
    def running(self, writers: int = 3) -> Iterator[None]:
        self._ending.clear()
        threads = [threading.Thread(target=self._write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ending.set()
            for thread in threads:
                thread.join()

    def taking(self, more: int) -> None:
        """Wait until so many more are answered with 250."""
        wanted = len(self.taken) + more
        eventually(lambda: len(self.taken) >= wanted, f"{more} mails are taken\n{self.world.log}")

    def _write(self) -> None:
        while not self._ending.is_set():
            word = marker()
            with contextlib.suppress(OSError, EOFError):
                code = self.world.send(f"{word}@mailer.test", PEER, f"{word}\r\n")[0]
                self.answers[code] += 1
                if code == 250:
                    self.taken.add(word)

    def missing(self) -> set[str]:
        carried = b"".join(mail.content for mail in self.world.mails(ALEX))
        return {word for word in self.taken if word.encode() not in carried}


@dataclass(frozen=True)
class Kept:
    """What came of the mails that were answered with 250, when all have arrived.

    `twice` were carried more than once with one Message-ID; `differing` with several.
    """

    kills: int
    taken: int
    twice: int
    differing: int


def killed(world: World, rounds: int, chance: random.Random) -> Kept:
    """`kill -9` under load, each time after a random number of mails, then once more to the end."""
    load = Load(world)
    for _ in range(rounds):
        world.start()
        with load.running():
            load.taking(chance.randint(1, 25))
            world.kill()
    world.start()
    eventually(lambda: not load.missing(), "all that was taken arrives", 120)
    world.settled()
    return _kept(world, rounds, load)


def _kept(world: World, rounds: int, load: Load) -> Kept:
    ids: dict[str, list[str]] = {}
    for mail in world.mails(ALEX):
        ids.setdefault(mail.text.strip(), []).append(str(mail.message["Message-ID"]))
    several = [found for found in ids.values() if len(found) > 1]
    differing = sum(len(set(found)) > 1 for found in several)
    return Kept(rounds, len(load.taken), len(several) - differing, differing)
