"""Large contents take turns; one alone may always go."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from relay.delivery.scales import Scales


def test_only_so_much_is_held_at_a_time() -> None:
    scales, held, peak, lock = Scales(30), 0, 0, threading.Lock()

    def deliver(size: int) -> None:
        nonlocal held, peak
        with scales.holding(size):
            with lock:
                held += size
                peak = max(peak, held)
            with lock:
                held -= size

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, [10, 20, 5] * 50))
    assert peak <= 30
    assert held == 0


def test_what_is_larger_than_the_limit_goes_alone_and_is_given_back_when_it_fails() -> None:
    scales = Scales(30)
    for _ in range(2):
        with pytest.raises(OSError, match="hung up"), scales.holding(100):
            raise OSError("the host hung up")
    with scales.holding(100), scales.holding(0):
        pass
