"""A service of its own in a scratch folder, and the mail programs of those who write through it.

It has SQLite, the embedded broker and the maildir transport, and gets its mail by SMTP as any mail
program would send it. Loopback counts as an authenticated network there, since the demo's people
have no DNS records.
"""

from __future__ import annotations

import contextlib
import email
import email.utils
import os
import re
import shlex
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

from relay.delivery.transports.maildir import folder_name
from relay.failures import Failed

PATIENCE = 30.0  # seconds to wait for a mail

Say = Callable[[str], object]


@dataclass
class Scratch:
    """The scratch installation: its folder, its settings, and what was read from the mailboxes."""

    folder: Path
    hiring_team: str
    say: Say
    port: int = field(default_factory=lambda: _free_port())
    seen: set[Path] = field(default_factory=set)
    explained: bool = False  # whether somebody has read why notices are sent

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PEERPOST_")}
        return clean | {
            "PEERPOST_RELAY__LISTEN": f"127.0.0.1:{self.port}",
            "PEERPOST_RELAY__COMPANY": "Example Corp",
            "PEERPOST_RELAY__HIRING_TEAM": self.hiring_team,
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
        self.say(f"\n$ peerpost {shlex.join(arguments)}")
        if said := self.run(*arguments).rstrip():
            self.say(said)

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
        self, author: str, to: str, subject: str, text: str, answers: str = "", page: str = ""
    ) -> None:
        """Somebody's mail program sends a mail, if wished with a page (HTML) as an attachment."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = author, to, subject
        mail["Message-ID"] = f"<{time.time_ns()}@laptop.{author.rpartition('@')[2].strip('>')}>"
        mail["Date"] = email.utils.formatdate()
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        mail.set_content(text)
        if page:
            mail.add_attachment(page, subtype="html", filename="figures.html")
        address = email.utils.parseaddr(author)[1]
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail(address, [to], mail.as_bytes(policy=SMTP))

    def arrived(self, mailbox: str, what: str, word: str = "") -> EmailMessage:
        """The next mail in a mailbox that has this word in its subject or text, as it is read.

        Others stay where they are. What every notice of ours ends with is shown once.
        """
        folder = self.folder / "var" / "outbox" / folder_name(mailbox) / "new"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for path in sorted(folder.glob("*"), key=lambda one: one.stat().st_mtime_ns):
                if path in self.seen:
                    continue
                mail = email.message_from_bytes(path.read_bytes(), policy=default)
                if word in f"{mail['Subject']}\n{_text(mail)}":
                    self.seen.add(path)
                    self._show(mail, mailbox, what)
                    return mail
            time.sleep(0.1)
        raise Failed(f"nothing came for {mailbox}: {what}")

    def _show(self, mail: EmailMessage, mailbox: str, what: str) -> None:
        self.say(f"\n--- {what} ({mailbox})")
        for name in ("From", "Reply-To", "To", "Subject"):
            if mail[name] and (name != "Reply-To" or mail[name] != mail["From"]):
                self.say(f"| {name}: {mail[name]}")
        self.say("|")
        text, ours = _text(mail), mail["Auto-Submitted"] is not None
        if ours and self.explained:
            text = text.partition("\n-- \n")[0]
        self.explained = self.explained or ours
        for line in re.sub(r"\n{3,}", "\n\n", text.strip()).splitlines():
            self.say(f"| {line}".rstrip())
        for line in _invitation(mail):
            self.say(f"| [invitation] {line}")
        for part in mail.iter_attachments():
            self.say(f"| [attached] {part.get_filename()}")


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""


def _invitation(mail: EmailMessage) -> list[str]:
    """The lines of an iCalendar part that say when, and who."""
    parts = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    text = "".join(str(part.get_content()) for part in parts).replace("\r", "").replace("\n ", "")
    lines = (line for line in text.splitlines() if re.match("DTSTART|ORGANIZER|ATTENDEE", line))
    return [re.sub(";[^:]*", "", line) for line in lines]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
