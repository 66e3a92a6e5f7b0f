"""`kill -9` under load, again and again: python benchmarks/kills/run.py [ROUNDS [SEED]].

Three candidates write as fast as they are served; after a random number of mails the service is
killed and started anew. In the end every mail that was answered with 250 must have arrived.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "tests" / "kit")]

from load import killed  # noqa: E402
from world import a_world  # noqa: E402


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder)) as world:
        kept = killed(world, rounds, random.Random(seed))
    print(f"seed {seed}, {time.monotonic() - started:.0f} s")
    print(f"{kept.kills} kills; {kept.taken} mails answered with 250, 0 lost")
    print(f"{kept.twice} carried more than once with one Message-ID, {kept.differing} with several")


if __name__ == "__main__":
    main()
