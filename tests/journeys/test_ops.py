"""Whoever watches over the service sees how it is, in numbers and never in names."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from ports import free_port
from world import ALEX, DOMAIN, a_world, eventually, marker

PEER = f"peer-alex@{DOMAIN}"


def page(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def number(metrics: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("processes", ["1", "2"])
def test_metrics_count_what_was_taken_and_sent(tmp_path: Path, processes: str) -> None:
    port = free_port()
    with a_world(tmp_path, ops__listen=f"127.0.0.1:{port}", ambassador__weekly_threads=0) as world:
        world.start("--processes", processes)
        eventually(lambda: page(port, "/healthz")[0] == 200, "a healthy service")
        for number_ in range(4):
            world.send(f"dana{number_}@mailer.test", PEER, f"{marker()}\r\n")
        world.arrived(ALEX, count=4)
        world.settled()
        for _ in range(4):  # whichever process answers
            metrics = page(port, "/metrics")[1]
            assert number(metrics, 'peerpost_messages_total{code="250"}') == 4
            assert number(metrics, 'peerpost_attempts_total{state="sent"}') >= 4
            assert number(metrics, "peerpost_waiting") == 0
        assert "@" not in metrics
        assert page(port, "/")[0] == 404
        assert world.stop() == 0


def test_health_says_so_when_the_database_is_gone(tmp_path: Path) -> None:
    port = free_port()
    with a_world(tmp_path, ops__listen=f"127.0.0.1:{port}") as world:
        world.start()
        assert page(port, "/healthz")[1].startswith("ok")
        (tmp_path / "peerpost.db").write_bytes(b"no database" * 1000)
        eventually(lambda: page(port, "/healthz")[0] == 503, "a sick service")
        assert page(port, "/metrics")[0] == 200
