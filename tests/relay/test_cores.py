"""A process that keeps to one core."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from relay.cores import keep_to_one

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds to cores here")


@pytest.mark.parametrize("number", [0, 1, 97])
def test_a_process_keeps_to_one_of_the_cores_that_it_may_use(number: int) -> None:
    with subprocess.Popen(["sleep", "30"]) as process:
        allowed = sorted(os.sched_getaffinity(process.pid))
        keep_to_one(number, process.pid)
        assert os.sched_getaffinity(process.pid) == {allowed[number % len(allowed)]}
        process.kill()


def test_who_is_bound_already_stays_where_they_are() -> None:
    with subprocess.Popen(["sleep", "30"]) as process:
        keep_to_one(0, process.pid)
        bound = os.sched_getaffinity(process.pid)
        keep_to_one(5, process.pid)
        assert os.sched_getaffinity(process.pid) == bound
        process.kill()
