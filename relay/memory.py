"""How this process deals with memory: what large messages needed is given back afterwards."""

from __future__ import annotations

import ctypes
import sys

# mallopt(3) of glibc.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8

_LARGE = 4 * 2**20  # bytes of a block that is mapped, and so returned as soon as it is freed
_SPARE = 16 * 2**20  # bytes that are kept for what comes next
_ARENAS = 4  # heaps; with one for each of some hundred threads, each would keep its own scraps


def give_back() -> None:
    """Have glibc return freed memory to the system. Elsewhere nothing is done.

    By itself it learns from the first freed block of 24 MiB to keep all of them.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _SPARE)
        mallopt(_ARENA_MAX, _ARENAS)
