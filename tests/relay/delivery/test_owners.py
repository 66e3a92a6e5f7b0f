"""Who in a lease is known to be dead: only whoever ran on this host and is gone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from relay.delivery.owners import dead, new_owner

HOST = socket.gethostname()


def a_process_that_ended() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_two_starts_have_different_names() -> None:
    assert new_owner() != new_owner()


def test_who_has_ended_here_is_dead_and_so_is_who_had_my_number_before() -> None:
    me = new_owner()
    assert dead(f"{HOST}:{a_process_that_ended()}:0badcafe", me)
    assert dead(f"{HOST}:{os.getpid()}:0badcafe", me)


def test_i_am_not_dead_nor_is_who_runs_here_nor_anybody_elsewhere() -> None:
    me = new_owner()
    assert not dead(me, me)
    assert not dead(f"{HOST}:{os.getppid()}:0badcafe", me)
    assert not dead(f"elsewhere.test:{a_process_that_ended()}:0badcafe", me)


@pytest.mark.parametrize("owner", ["", "me", f"{HOST}:", f"{HOST}:x:y", f"{HOST}:-1:y"])
def test_of_other_names_nothing_is_known(owner: str) -> None:
    assert not dead(owner, new_owner())
