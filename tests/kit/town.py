"""A whole relay in one process, with a clock of its own: mail goes in, and is read from the outbox."""

from __future__ import annotations

import contextlib
import email
import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import Any

from configs import DOMAIN, some_settings
from desks import a_working_monday
from mails import raw_mail

from config.settings import Settings
from relay import roster
from relay.intake.receiver import Receiver
from relay.intake.replies import Reply
from relay.masking.addresses import Plan
from relay.notices import House, Pen
from relay.rounds import Rounds
from screening.message import Envelope
from storage import changes, outbox, people, threads
from storage.database import Database
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.mail import Outgoing, OutgoingKind, OutgoingState, Settled
from storage.records.people import Ambassador
from storage.records.threads import Thread
from storage.writer import Writer
from templates.render import Templates

HOME = "127.0.0.1"  # a trusted network, so that whoever writes from there is who they say
ALEX, SAM = "alex.chen@corp.example.test", "sam.okafor@corp.example.test"
DANA = "dana@mailer.test"
PEER = f"peer-alex@{DOMAIN}"

_templates = Templates(None)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Post:
    """One mail as it left."""

    at: datetime
    kind: OutgoingKind
    recipient: str
    content: bytes
    thread_id: str | None
    return_token: str = ""

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=default)

    @property
    def text(self) -> str:
        """What its reader reads, in one line."""
        body = self.message.get_body(("plain", "html"))
        return " ".join(body.get_content().split()) if body else ""

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def answers_to(self) -> str:
        written = self.message["Reply-To"] or self.message["From"]
        return written.addresses[0].addr_spec

    @property
    def ours(self) -> bool:
        """Whether the relay wrote it by itself."""
        return self.message["Auto-Submitted"] is not None


@dataclass
class Town:
    """Everybody's mail passes here. `now` is the time for all; nothing happens between calls."""

    database: Database
    settings: Settings
    now: datetime = field(default_factory=a_working_monday)
    posted: list[Post] = field(default_factory=list)
    random: random.Random = field(default_factory=lambda: random.Random(1))
    answers: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # of DNS

    def __post_init__(self) -> None:
        self.mint = Mint(self.random.randbytes)
        relay = self.settings.relay
        self.house = House(Plan(DOMAIN), "Example Corp", relay.language, _templates)
        self.open()

    def open(self) -> None:
        """The processes begin."""
        self.writer = Writer(self.database)
        self.receiver = Receiver(
            database=self.database,
            writer=self.writer,
            settings=self.settings,
            house=self.house,
            lookup=lambda name, kind: self.answers.get((name, kind), ()),
            mint=self.mint,
            clock=lambda: self.now,
            trace="feed",
            wake=lambda ids: None,
            ease=lambda: None,
        )
        self.schedulers = [self._scheduler() for _ in range(2)]

    def restart(self) -> None:
        """The processes end and begin anew; only the database is left of them."""
        self.writer.close()
        self.open()

    def _scheduler(self) -> Rounds:
        made = Rounds(
            database=self.database,
            writer=self.writer,
            settings=self.settings,
            house=self.house,
            mint=self.mint,
            clock=lambda: self.now,
            wake=lambda ids: None,
            follow=lambda ids: [made.follow_up(one) for one in ids] and None,
        )
        return made

    # people

    @property
    def pen(self) -> Pen:
        return Pen(self.house, self.now, self.mint)

    def apply(self, wanted: Changes) -> None:
        with self.database.write() as connection:
            changes.apply(connection, wanted, self.now)

    def add(self, name: str, display: str, mailbox: str, **more: Any) -> Ambassador:
        with self.database.read() as connection:
            known = people.ambassadors(connection)
        person = roster.add(roster.Wanted(name, display, (mailbox,), **more), known, self.pen)
        self.apply(Changes(ambassadors=(person,)))
        return person

    # mail

    def send(self, author: str, to: str, body: str = "Hello.", **fields: str | None) -> Reply:
        """A mail of somebody whose server is trusted."""
        host = author.rpartition("@")[2].strip(">")
        usual = {"From": author, "To": to, "Message_ID": f"<{next(_numbers)}@laptop.{host}>"}
        raw = raw_mail(body=body.replace("\n", "\r\n") + "\r\n", **(usual | fields))
        return self.hand_in(author, to, raw)

    def hand_in(
        self, author: str, to: str, raw: bytes, client: str = HOME, sender: str | None = None
    ) -> Reply:
        """These very bytes; `sender` is the reverse path if it is not the author."""
        destination = self.receiver.admit(to)
        if isinstance(destination, Reply):
            return destination
        path = author if sender is None else sender
        envelope = Envelope(path, (to,), "mail.test", client)
        return self.receiver.receive(envelope, (destination,), raw)

    def post(self) -> list[Post]:
        """What is due goes out: what left with this call."""
        with self.database.read() as connection:
            waiting = [
                item
                for one in outbox.queue(connection)
                if (item := outbox.item(connection, one.outgoing.id)) is not None
                and item.outgoing.state is OutgoingState.QUEUED
                and item.next_try <= self.now
            ]
        left = [self._left(item.outgoing) for item in waiting]
        gone = (Settled(item.outgoing.id, OutgoingState.SENT, self.now) for item in waiting)
        if left:
            self.apply(Changes(settled=tuple(gone)))
        self.posted += left
        return left

    def _left(self, mail: Outgoing) -> Post:
        left = Post(self.now, mail.kind, mail.recipient, mail.content, mail.thread_id)
        return replace(left, return_token=mail.return_token)

    def got(self, mailbox: str, word: str = "") -> list[Post]:
        """What this mailbox has got so far, with that word in it."""
        self.post()
        return [
            one
            for one in self.posted
            if one.recipient == mailbox and (not word or word in f"{one.subject}\n{one.text}")
        ]

    def last(self, mailbox: str, word: str = "") -> Post:
        found = self.got(mailbox, word)
        assert found, f"nothing with {word!r} for {mailbox}: {[one.subject for one in self.posted]}"
        return found[-1]

    # time

    def tick(self) -> None:
        """Both schedulers look for what is due, at the same time."""
        with ThreadPoolExecutor(len(self.schedulers)) as both:
            list(both.map(Rounds.sweep, self.schedulers))

    def pass_time(self, span: timedelta, step: timedelta = timedelta(hours=1)) -> None:
        end = self.now + span
        while self.now < end:
            self.now = min(self.now + step, end)
            self.tick()
            self.post()

    def threads(self) -> tuple[Thread, ...]:
        with self.database.read() as connection:
            return threads.listing(connection)


@contextlib.contextmanager
def a_town(database: Database, folder: Path, **settings: object) -> Iterator[Town]:
    """A town with Alex, and Sam as backup; `a__b` in place of a dot in settings."""
    chosen: dict[str, object] = {
        "screening.policy": "open",
        "screening.trusted_networks": ["127.0.0.0/8"],
        "followup.business_hours": False,
        "followup.acknowledge": False,
        "relay.company": "Example Corp",
        **{key.replace("__", "."): value for key, value in settings.items()},
    }
    town = Town(database, some_settings(chosen, folder))
    town.add("sam", "Sam Okafor", SAM)
    town.add("alex", "Alex Chen", ALEX, backup="sam", topics=("python",))
    yield town
    town.writer.close()
