"""`peerpost demo`: one whole conversation through the real service on loopback.

A service of its own is started in a scratch folder, with SQLite, the embedded broker and the
maildir transport, and gets its mail by SMTP as any mail program would send it. Loopback counts as
an authenticated network there, since the demo's people have no DNS records.
"""

from __future__ import annotations

import contextlib
import email
import email.utils
import json
import os
import re
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

from relay.delivery.transports.maildir import folder_name
from relay.failures import Failed

DOMAIN = "peers.example.test"
ALEX = "alex.chen@corp.example.test"
DANA = "dana.k@mailer.example.test"
KIM = "kim@freemail.example.test"
PATIENCE = 30.0  # seconds to wait for a mail

Say = Callable[[str], object]


@dataclass
class Stage:
    """The scratch installation: its folder, its settings, and what was read from the mailboxes."""

    folder: Path
    port: int
    say: Say
    seen: set[Path] = field(default_factory=set)

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PEERPOST_")}
        return clean | {
            "PEERPOST_RELAY__LISTEN": f"127.0.0.1:{self.port}",
            "PEERPOST_RELAY__COMPANY": "Example Corp",
            "PEERPOST_SCREENING__TRUSTED_NETWORKS": "127.0.0.0/8",
            "PEERPOST_SCREENING__ASK_BACK": "false",
            "PEERPOST_FOLLOWUP__BUSINESS_HOURS": "false",
            "PEERPOST_FOLLOWUP__NUDGE_AFTER": "3s",
            "PEERPOST_FOLLOWUP__ESCALATE_AFTER": "1h",
            "PEERPOST_LOG__LEVEL": "warning",
        }

    def run(self, *arguments: str) -> str:
        """One call of the command line; what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "relay.cli.main", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"peerpost {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def show(self, *arguments: str) -> None:
        """The same, as it would look in a terminal."""
        self.say(f"\n$ peerpost {' '.join(arguments)}")
        self.say(self.run(*arguments).rstrip())

    @contextlib.contextmanager
    def service(self) -> Iterator[None]:
        """`peerpost serve`, ended by SIGTERM."""
        process = subprocess.Popen(
            [sys.executable, "-m", "relay.cli.main", "serve"],
            cwd=self.folder,
            env=self.environment,
        )
        try:
            self._wait_for_greeting(process)
            yield
        finally:
            process.terminate()
            status = process.wait(PATIENCE)
        if status:
            raise Failed(f"peerpost serve ended with status {status}")

    def _wait_for_greeting(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.1)
        raise Failed("peerpost serve did not start")

    def send(
        self, author: str, to: str, subject: str, text: str, answers: str = "", **more: str
    ) -> None:
        """Somebody's mail program sends a mail; `more` are further header fields."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = author, to, subject
        mail["Message-ID"] = f"<{time.time_ns()}@laptop.{author.rpartition('@')[2].strip('>')}>"
        mail["Date"] = email.utils.formatdate()
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        for name, value in more.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        address = email.utils.parseaddr(author)[1]
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail(address, [to], mail.as_bytes(policy=SMTP))

    def arrived(self, mailbox: str, what: str) -> EmailMessage:
        """The next mail in a mailbox, shown as its owner would see it."""
        folder = self.folder / "var" / "outbox" / folder_name(mailbox) / "new"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for path in sorted(folder.glob("*"), key=lambda one: one.stat().st_mtime_ns):
                if path not in self.seen:
                    self.seen.add(path)
                    mail = email.message_from_bytes(path.read_bytes(), policy=default)
                    _show(mail, mailbox, what, self.say)
                    return mail
            time.sleep(0.1)
        raise Failed(f"nothing came for {mailbox}: {what}")


def play(say: Say) -> None:
    """Plays the conversation and shows each mail as its recipient sees it. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="peerpost-demo-") as folder:
        stage = Stage(Path(folder), _free_port(), say)
        say(f"A scratch installation for {DOMAIN}, with one ambassador.")
        stage.show("init", "--domain", DOMAIN)
        stage.show("ambassador", "add", "alex", "--name", "Alex Chen", "--email", ALEX)
        with stage.service():
            _conversation(stage)
            _held(stage)
            _nudge(stage)
            stage.show("threads")
            stage.show("report")
    say("\nThat was the whole way. Nobody saw anybody's real address.")


def _conversation(stage: Stage) -> None:
    stage.say(f"\n=== Dana, at {DANA}, writes to Alex's masked address.")
    text = (
        "Hi Alex,\n\nyour talk on moving a monolith to event sourcing is close to what we do: we\n"
        "split a 400k line Python service last year and still fight with replaying two years of\n"
        "events after each schema change. How did you keep projections rebuildable, and would\n"
        "you do it again?\n\nDana Keller\n"
        f"-- \n{DANA}\n"
    )
    subject = "Your event sourcing talk"
    stage.send(f"Dana Keller <{DANA}>", f"peer-alex@{DOMAIN}", subject, text)
    first = stage.arrived(ALEX, "what Alex gets")
    stage.arrived(DANA, "what Dana gets at once")
    stage.say("\n=== Alex answers with Reply in an ordinary mail program.")
    answer = (
        "Hi Dana,\n\nsnapshots plus one upcaster per version. Happy to talk it through.\n\n"
        f"Alex\n\nOn Monday, Dana wrote:\n> Hi Alex,\n> your talk on moving a monolith\n> {ALEX}\n"
    )
    reply_to = first["Reply-To"].addresses[0].addr_spec
    stage.send(f"Alex Chen <{ALEX}>", reply_to, f"Re: {subject}", answer, first["Message-ID"])
    stage.arrived(DANA, "what Dana gets")


def _held(stage: Stage) -> None:
    stage.say(f"\n=== Kim, at {KIM}, writes with a newsletter tool: a person should look first.")
    text = (
        "Hi Alex,\n\nI maintain the ingest side of a metrics store and we have to choose between\n"
        "log compaction and snapshots. Which of the two did you regret less?\n\nKim\n"
    )
    unsubscribe = f"<mailto:{KIM}?subject=off>"
    peer = f"peer-alex@{DOMAIN}"
    stage.send(f"Kim <{KIM}>", peer, "Compaction?", text, List_Unsubscribe=unsubscribe)
    stage.arrived(KIM, "what Kim gets at once")
    stage.show("held")
    item = json.loads(stage.run("held", "--json"))[0]["id"]
    stage.show("approve", item)
    stage.arrived(ALEX, "what Alex gets after the approval")


def _nudge(stage: Stage) -> None:
    stage.say("\n=== Alex forgets to answer Kim. (The demo waits three seconds, not a day.)")
    stage.arrived(ALEX, "the reminder that Alex gets")


def _show(mail: EmailMessage, mailbox: str, what: str, say: Say) -> None:
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    say(f"\n--- {what} ({mailbox})")
    for name in ("From", "Reply-To", "To", "Subject"):
        if mail[name] and (name != "Reply-To" or mail[name] != mail["From"]):
            say(f"| {name}: {mail[name]}")
    say("|")
    for line in re.sub(r"\n{3,}", "\n\n", text.strip()).splitlines():
        say(f"| {line}".rstrip())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
