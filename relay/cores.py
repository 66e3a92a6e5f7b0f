"""Keeps a process to one core.

Of the threads of a Python process one runs at a time. On several cores each hand-over wakes
another core, and a message has many: on two cores that took 60 % more CPU for each message than
on one, and cost a third of the throughput (docs/performance.md). Several processes use several.
"""

from __future__ import annotations

import os
import sys


def keep_to_one(number: int, process: int = 0) -> None:
    """Binds a process, or this one, to the core of that number among those it may use, counted
    round. Its threads that begin later stay there as well. Where the system has no such thing,
    nothing happens."""
    if sys.platform == "linux":
        allowed = sorted(os.sched_getaffinity(process))
        os.sched_setaffinity(process, {allowed[number % len(allowed)]})
