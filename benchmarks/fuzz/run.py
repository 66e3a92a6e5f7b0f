"""Feeds changed mail to every reader for a while: python benchmarks/fuzz/run.py [SECONDS [TARGET]].

With atheris installed (pip install atheris) each target is guided by the coverage of our own code,
and keeps what led it further in `corpus-TARGET`, from which the next run goes on. Without, it
changes, cuts and joins the mails of tests/messages at random, from a seed that it prints. What
breaks or is slow lies in `broken-TARGET-*`, and does not end the search.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import sys
import time
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "tests" / "kit")]

watched = atheris.instrument_imports(include=["relay", "screening"]) if atheris else None
with watched or contextlib.nullcontext():
    from fuzzing import TARGETS, seeds

SLOW = 2.0  # seconds of processor that no input may take
LARGEST = 200_000  # octets


def tried(name: str, data: bytes) -> tuple[bool, bool]:
    """Whether the input was taken, and whether it broke the target or took too long."""
    began = time.process_time()
    try:
        taken = TARGETS[name](data)
        slow = time.process_time() - began
        if slow > SLOW:
            raise TimeoutError(f"{slow:.1f} s")
    except Exception as error:  # noqa: BLE001 - each is a finding
        file = Path(f"broken-{name}-{hashlib.sha256(data).hexdigest()[:16]}.eml")
        file.write_bytes(data)
        print(f"{name}: {type(error).__name__}: {error}; see {file}", flush=True)
        return False, True
    return taken, False


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
    return bytes(data[:LARGEST])


def blind(name: str, seconds: float) -> bool:
    """Random changes; whether anything broke."""
    seed = random.randrange(10**9)
    chance, corpus = random.Random(seed), list(seeds())
    end, answers = time.monotonic() + seconds, []
    while time.monotonic() < end:
        answers.append(tried(name, changed(chance, corpus)))
    taken, broken = (sum(column) for column in zip(*answers, strict=True))
    print(f"{name:10} {len(answers):8} inputs, {taken} taken, {broken} broken, seed {seed}")
    return broken > 0


def guided(name: str, seconds: float) -> bool:
    """Guided by coverage, in a process of its own, for the search ends its process."""
    corpus = Path(f"corpus-{name}")
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={int(seconds)}", f"-max_len={LARGEST}", "-print_final_stats=1"]
    if not (child := os.fork()):
        atheris.Setup([sys.argv[0], str(corpus), *limits], lambda data: tried(name, data) and None)
        atheris.Fuzz()
    _, status = os.waitpid(child, 0)
    kept = [tried(name, file.read_bytes()) for file in sorted(corpus.iterdir())]
    taken, broken = (sum(column) for column in zip(*kept, strict=True))
    print(f"{name:10} corpus of {len(kept)}, {taken} taken, {broken} broken", flush=True)
    return status != 0 or any(Path().glob(f"broken-{name}-*"))


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    names = sys.argv[2:] or list(TARGETS)
    search = guided if atheris else blind
    found = [search(name, seconds / len(names)) for name in names]
    return int(any(found))


if __name__ == "__main__":
    sys.exit(main())
