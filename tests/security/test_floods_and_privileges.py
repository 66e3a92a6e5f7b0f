"""Budgets that survive a restart, and a process that may do and show as little as possible."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import PEER, forge, is_served
from mails import raw_mail, signed
from wire import Wire
from world import ALEX, DOMAIN, World, a_world, eventually, marker

ROOT = os.geteuid() == 0
STRANGERS = 5


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service for few: 20 seats, and 5 unproven messages a minute."""
    folder = tmp_path_factory.mktemp("small")
    settings: dict[str, object] = {"relay__max_connections": 20, "limits__strangers": STRANGERS}
    with a_world(folder, ambassador__weekly_threads=0, **settings) as made:
        made.names.records[("bare.test", "TXT")] = ("no policy here",)
        made.start()
        yield made


def stranger(world: World, source: str, to: str = PEER, domain: str = "bare.test") -> int:
    author = f"{marker()}@{domain}"
    raw = raw_mail(From=author, To=to, Message_ID=f"<{marker()}@{domain}>")
    said = forge(world, author, to, raw, source)
    assert said.code != 451 or "please try again" in said.text
    return said.code


def test_a_flood_of_unproven_mail_waits_and_proven_mail_does_not(small: World) -> None:
    codes = [stranger(small, "127.0.0.66") for _ in range(STRANGERS + 3)]
    assert codes == [250] * STRANGERS + [451] * 3
    is_served(small)
    word = marker()
    raw = signed(raw_mail(From=f"{word}@mailer.test", body=f"{word}\r\n"))
    assert forge(small, f"{word}@mailer.test", PEER, raw, "127.0.0.66").code == 250
    small.stop()
    small.start()
    # A minute may have begun meanwhile, in which some of them count for less; but not for nothing.
    codes = [stranger(small, "127.0.0.66") for _ in range(STRANGERS)]
    assert 451 in codes, "a restart forgets nothing"
    is_served(small)


def test_guesses_at_addresses_are_remembered_over_a_restart(small: World) -> None:
    for _ in range(2):
        with Wire(small.port, "127.0.3.9") as wire:
            wire.hello()
            wire.say("MAIL FROM:<boss@evil.test>")
            codes = {wire.say(f"RCPT TO:<peer-{n}x@{DOMAIN}>").code for n in range(32)}
    assert codes == {550, 450}
    small.stop()
    small.start()
    with Wire(small.port, "127.0.3.9") as wire:
        wire.hello()
        assert wire.envelope("boss@evil.test", PEER).code == 450
    is_served(small)


def test_a_newcomer_is_served_though_all_seats_are_taken(small: World) -> None:
    with contextlib.ExitStack() as ends:
        for _ in range(19):
            ends.enter_context(Wire(small.port, "127.0.4.9"))
        ends.enter_context(Wire(small.port, "127.0.4.10"))
        is_served(small)


def confined(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What a process that confined itself sees of itself."""
    code = (
        "import sys; from relay.privileges import confine; confine(*sys.argv[1:] or [None]);"
        "print(open('/proc/self/status').read(), open('/proc/self/limits').read());"
        "import os; print('core by', os.stat('/proc/self/mem').st_uid); os.setuid(0)"
    )
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not ROOT, reason="only root has something to give up")
def test_root_becomes_somebody_else_for_good() -> None:
    done, wanted = confined("nobody"), pwd.getpwnam("nobody")
    for name, number in (("Uid", wanted.pw_uid), ("Gid", wanted.pw_gid)):
        assert re.search(rf"^{name}:(\t{number}){{4}}$", done.stdout, re.MULTILINE), done
    assert re.search(r"^CapEff:\t0+$", done.stdout, re.MULTILINE)
    assert re.search(r"^CapPrm:\t0+$", done.stdout, re.MULTILINE)
    assert "PermissionError" in done.stderr, "there is no way back"
    assert "core by 0" in done.stdout, "and nobody else of that user may look into it"


@pytest.mark.skipif(not ROOT, reason="only root can start it as somebody else")
@pytest.mark.parametrize("more", [(), ("--processes", "2")], ids=["one process", "two"])
def test_what_root_starts_serves_as_another_user_and_shows_itself_to_nobody(
    more: tuple[str, ...],
) -> None:
    nobody = pwd.getpwnam("nobody")
    # Not below pytest's folder, which is for root alone.
    with (
        tempfile.TemporaryDirectory(prefix="peerpost-nobody-") as made,
        a_world(Path(made), relay__user="nobody") as world,
    ):
        for path in (world.folder, *world.folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        world.start(*more)
        is_served(world)
        assert world.process is not None
        for pid in _family(world.process.pid)[1 if more else 0 :]:
            status = Path(f"/proc/{pid}/status")
            changed = re.compile(rf"^Uid:(\t{nobody.pw_uid}){{4}}$", re.MULTILINE)
            eventually(lambda: changed.search(status.read_text()), "another user")  # noqa: B023
            assert re.search(r"^CapEff:\t0+$", status.read_text(), re.MULTILINE)
            for secret in ("environ", "mem", "maps"):
                command = ["head", "-c1", f"/proc/{pid}/{secret}"]
                looked = subprocess.run(command, user="nobody", capture_output=True, check=False)
                assert looked.returncode != 0, secret
        for path in world.folder.rglob("*"):
            assert path.name == "serve.log" or path.stat().st_uid == nobody.pw_uid, path


def _family(pid: int) -> list[int]:
    """A process and its children, the oldest first."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def test_no_core_is_left() -> None:
    assert re.search(r"Max core file size\s+0\s+0\s", confined().stdout)


def test_the_service_is_confined(small: World) -> None:
    assert re.search(r"Max core file size\s+0\s+0\s", _process(small, "limits"))


def test_no_secret_stands_in_the_arguments(small: World) -> None:
    settings = (small.folder / "peerpost.toml").read_text()
    found = re.search(r'^key = "(.+)"', settings, re.MULTILINE)
    assert found
    assert found[1] not in _process(small, "cmdline")
    assert found[1] not in small.log


def test_what_is_made_is_for_its_owner_alone(small: World) -> None:
    for path in small.folder.rglob("*"):
        if path.is_file() and path.name != "serve.log":
            assert path.stat().st_mode & 0o077 == 0, path


def test_the_log_names_nobody_and_repeats_nothing(small: World) -> None:
    stranger(small, "127.0.5.9")
    with Wire(small.port, "127.0.5.9") as wire:
        wire.hello()
        wire.say("WHATEVER topsecret@secret.test")
        wire.say("topsecret@secret.test")
        wire.say("VRFY topsecret")
        wire.envelope("topsecret@secret.test", "topsecret@secret.test")
    is_served(small)
    for word in ("secret", "alex", "mailer.test", "bare.test", "corp.example.test", ALEX):
        assert word not in small.log.replace(DOMAIN, "")


def test_settings_that_everybody_can_read_are_refused(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        (tmp_path / "peerpost.toml").chmod(0o644)
        done = world.run("serve")
    assert done.returncode == 2
    assert "chmod 600" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("more", [(), ("--processes", "2")] if ROOT else [()])
def test_a_user_who_does_not_exist_is_refused(tmp_path: Path, more: tuple[str, ...]) -> None:
    with a_world(tmp_path, relay__user="no-such-user-here") as world:
        done = world.run("serve", *more)
    assert done.returncode == 2
    assert "relay.user" in done.stderr


def _process(world: World, file: str) -> str:
    assert world.process is not None
    return Path(f"/proc/{world.process.pid}/{file}").read_text()
