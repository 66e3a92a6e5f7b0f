"""One installation driven from outside: its console script, real SMTP in and out, real DNS."""

from __future__ import annotations

import atexit
import contextlib
import email
import email.utils
import functools
import itertools
import json
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from mails import key_record, raw_mail, signed
from names import Names, name_server
from ports import free_port
from smarthost import Arrived, Smarthost

PEERPOST = Path(sys.executable).with_name("peerpost")
DOMAIN = "peers.example.test"
ALEX = "alex.chen@corp.example.test"
PATIENCE = 30.0

_numbers = itertools.count(1)


def eventually(
    condition: Callable[[], Any], what: str | Callable[[], str], patience: float = PATIENCE
) -> Any:
    """The first true value of the condition, looked at again and again."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"did not happen within {patience:g} s: {said}")
        time.sleep(0.02)
    return found


def marker() -> str:
    """A word that occurs nowhere else."""
    return f"mark{os.getpid()}n{next(_numbers)}x"


@dataclass(frozen=True)
class Mailbox:
    """One mail as it stands in somebody's mailbox."""

    sender: str  # reverse path
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=default)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def answers_to(self) -> str:
        field_ = self.message["Reply-To"] or self.message["From"]
        return field_.addresses[0].addr_spec


@dataclass
class World:
    """An installation in `folder`; settings are "section.key" and go in by the environment."""

    folder: Path
    names: Names
    smarthost: Smarthost
    settings: dict[str, object] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    port: int = 0

    def __post_init__(self) -> None:
        self.port = free_port()
        self.settings = {
            "relay.listen": f"127.0.0.1:{self.port}",
            "relay.one_core": False,  # several tests share few cores
            "storage.url": f"sqlite:///{self.folder}/peerpost.db",
            "delivery.transport": "smtp",
            "delivery.host": "127.0.0.1",
            "delivery.port": self.smarthost.port,
            "delivery.retry_after": "1s",
            "delivery.retry_max": "2s",
            "dns.resolver": str(self.names.server),
            "screening.policy": "open",
            "followup.acknowledge": False,
            "followup.business_hours": False,
            "ambassador.weekly_threads": 0,
            **self.settings,
        }

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PEERPOST_")}
        return clean | {
            "PEERPOST_" + key.upper().replace(".", "__"): value
            if isinstance(value, str)
            else json.dumps(value)
            for key, value in self.settings.items()
        }

    # the command line

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PEERPOST, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def do(self, *arguments: str) -> str:
        """A call that must succeed; what it prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def listed(self, *arguments: str) -> list[dict[str, Any]]:
        return json.loads(self.do(*arguments, "--json"))

    # the service

    def start(self, *more: str) -> None:
        with open(self.folder / "serve.log", "ab") as log:
            self.process = subprocess.Popen(
                [PEERPOST, "serve", *more],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(self._greets, lambda: f"220 on the port\n{self.log}")

    @property
    def log(self) -> str:
        path = self.folder / "serve.log"
        return path.read_text() if path.exists() else ""

    def _greets(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"serve ended:\n{self.log}"
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 2) as s,
        ):
            return s.recv(3) == b"220"
        return False

    def stop(self, within: float = PATIENCE) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(within)
        self.process = None
        return status

    def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    # the people

    def publish(self, domain: str, dmarc: str = "v=DMARC1; p=reject") -> None:
        """The domain signs with the kit's key and lets nobody speak for it."""
        self.names.records |= {
            (f"s1._domainkey.{domain}", "TXT"): (key_record(),),
            (domain, "TXT"): ("v=spf1 -all",),
            (f"_dmarc.{domain}", "TXT"): (dmarc,),
        }

    def send(
        self, author: str, to: str, body: str | bytes = "Hello.\r\n", **fields: str | None
    ) -> tuple[int, str]:
        """A signed mail of an honest author; the reply to its content, or the refusal before it."""
        domain = author.rpartition("@")[2].strip(">")
        fields = {"From": author, "To": to, "Message_ID": f"<{marker()}@{domain}>", **fields}
        return self.hand_in(author, to, signed(raw_mail(body=body, **fields), domain))

    def hand_in(self, author: str, to: str, content: bytes) -> tuple[int, str]:
        """These very bytes, in an envelope of this author."""
        sender = email.utils.parseaddr(author)[1]
        with smtplib.SMTP("127.0.0.1", self.port, "mail.test", timeout=PATIENCE) as client:
            client.ehlo()
            code, said = client.mail(sender)
            if code == 250:
                code, said = client.rcpt(to)
            if code == 250:
                code, said = client.data(content)
            return code, said.decode()

    def arrived(self, mailbox: str, word: str = "", count: int = 1) -> Mailbox:
        """The count-th mail to this mailbox that holds the word, waited for if need be."""
        found = eventually(
            lambda: len(mails := self.mails(mailbox, word)) >= count and mails,
            lambda: (
                f"{count} mails with {word!r} to {mailbox}; there is {self.mails()}\n{self.log}"
            ),
        )
        return found[count - 1]

    def mails(self, mailbox: str = "", word: str = "") -> list[Mailbox]:
        """What has arrived so far."""
        everything = [_mail(one) for one in self.smarthost.arrived]
        return [
            mail
            for mail in everything
            if mailbox in ("", mail.recipient) and (not word or word in _readable(mail))
        ]

    def settled(self) -> None:
        """Nothing is on its way any more."""
        eventually(
            lambda: all(item["state"] == "failed" for item in self.listed("queue")), "an idle queue"
        )


# Looked through again and again by those who wait for one, while others write thousands.
@functools.lru_cache(maxsize=4096)
def _mail(arrived: Arrived) -> Mailbox:
    sender, recipient = (re.search(rb"<(.*?)>", line) for line in (arrived.mail, arrived.rcpt))
    assert sender
    assert recipient
    content = arrived.content.replace(b"\r\n..", b"\r\n.")
    return Mailbox(sender[1].decode(), recipient[1].decode(), content)


@functools.lru_cache(maxsize=4096)
def _readable(mail: Mailbox) -> str:
    return mail.content.decode("utf-8", "replace") + str(mail.message["Subject"]) + mail.text


@functools.cache
def _template() -> Path:
    """An initialised installation with one ambassador, made once in a process by its commands."""
    folder = Path(tempfile.mkdtemp(prefix="peerpost-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with name_server() as names, Smarthost().running() as smarthost:
        _founded(World(folder, names, smarthost))
    return folder


def _founded(world: World) -> None:
    world.do("init", "--domain", DOMAIN)
    world.do("ambassador", "add", "alex", "--name", "Alex Chen", "--email", ALEX)


@contextlib.contextmanager
def a_world(folder: Path, **settings: object) -> Iterator[World]:
    """An initialised installation with one ambassador; `a__b` in place of a dot in settings."""
    chosen = {key.replace("__", "."): value for key, value in settings.items()}
    with name_server() as names, Smarthost().running() as smarthost:
        world = World(folder, names, smarthost, chosen)
        try:
            world.publish("corp.example.test")
            world.publish("mailer.test")
            if chosen.keys().isdisjoint({"storage.url", "storage.key", "relay.domain"}):
                shutil.copytree(_template(), folder, dirs_exist_ok=True)
            else:
                _founded(world)
            yield world
        finally:
            world.kill()
