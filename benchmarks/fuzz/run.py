"""Feeds changed mail to every reader for a while: python benchmarks/fuzz/run.py [SECONDS [TARGET]].

With atheris installed (pip install atheris) it is guided by coverage; without, it changes, cuts
and joins the mails of tests/messages at random, from a seed that it prints.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "tests" / "kit")]

from fuzzing import TARGETS, seeds  # noqa: E402

SLOW = 2.0  # seconds of processor that no input may take


def changed(chance: random.Random, corpus: list[bytes]) -> bytes:
    """A mail with bytes changed, a part doubled or cut out, or two halves of two mails."""
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(data) + 1), chance.randint(1, 200)
        match chance.randrange(4):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size] * chance.randint(1, 20)
            case _:
                other = chance.choice(corpus)
                data[at:] = other[chance.randrange(len(other)) :]
        if not data:
            data = bytearray(b"\r\n")
    return bytes(data[:200_000])


def search(name: str, seconds: float, seed: int) -> tuple[int, int, int]:
    """How many inputs were tried, were taken, and broke the target or took too long."""
    chance, corpus, tried, taken, broken = random.Random(seed), list(seeds()), 0, 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data, began = changed(chance, corpus), time.process_time()
        tried += 1
        try:
            taken += TARGETS[name](data)
            slow = time.process_time() - began
            if slow > SLOW:
                raise TimeoutError(f"{slow:.1f} s")
        except Exception as error:  # noqa: BLE001 - each is a finding
            broken += 1
            file = Path(f"broken-{name}-{seed}-{tried}.eml")
            file.write_bytes(data)
            print(f"{name}: {type(error).__name__}: {error}; see {file}")
    return tried, taken, broken


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    names = sys.argv[2:] or list(TARGETS)
    try:
        import atheris
    except ImportError:
        seed = random.randrange(10**9)
        found = 0
        for name in names:
            tried, taken, broken = search(name, seconds / len(names), seed)
            found += broken
            print(f"{name:10} {tried:8} inputs, {taken} taken, {broken} broken, seed {seed}")
        return min(found, 1)
    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}"], TARGETS[names[0]])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
