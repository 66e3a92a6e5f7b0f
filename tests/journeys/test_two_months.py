"""Two months of a program: random people, holidays, absences and restarts, and what must hold."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from stores import KEY
from town import Post, Town, a_town
from world import DOMAIN

from relay.threads import hours
from relay.threads.followup import calendar
from storage import events, people
from storage.database import Database
from storage.records.events import Event, EventKind
from storage.records.mail import OutgoingKind
from storage.records.people import Ambassador
from storage.records.threads import Thread, ThreadState

THREADS, DAYS = 220, 60
LONGEST = timedelta(hours=5)  # step
START = datetime(2026, 11, 30, 6, tzinfo=UTC)  # Christmas and New Year lie within
PLACES = (
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("Asia/Kolkata", "IN"),
    ("Pacific/Auckland", "NZ"),
    ("America/Sao_Paulo", "BR"),
    ("Europe/London", "GB"),
)
REMINDERS = (OutgoingKind.NUDGE, OutgoingKind.ESCALATION)
ASKED = "worth your time"
AWAY = {"Auto_Submitted": "auto-replied", "Subject": "Automatic reply: away"}


@dataclass
class Habits:
    """What somebody does with a mail that waits for them."""

    diligence: float  # that they answer within a step
    away: list[tuple[datetime, datetime]] = field(default_factory=list)

    def at_work(self, now: datetime) -> bool:
        return not any(start <= now < end for start, end in self.away)


@dataclass
class Play:
    """The people, and everything that they did."""

    town: Town
    dice: random.Random
    habits: dict[str, Habits] = field(default_factory=dict)  # by mailbox
    unanswered: list[Post] = field(default_factory=list)  # what lies with colleagues
    answers: list[tuple[datetime, str]] = field(default_factory=list)  # when, in which thread
    robots: set[str] = field(default_factory=set)
    read: int = 0

    def hire(self) -> None:
        names = ["ada", "bo", "cleo", "dev", "eli", "fay", "gil", "hana"]
        for number, name in enumerate(names):
            zone, country = PLACES[number % len(PLACES)]
            mailbox = f"{name}@corp.example.test"
            backup = names[(number + 1) % len(names)] if number % 4 else ""
            self.town.add(
                name, name.title(), mailbox, timezone=zone, country=country, backup=backup
            )
            start = START + timedelta(days=self.dice.randrange(50))
            away = [(start, start + timedelta(days=self.dice.randrange(1, 20)))]
            self.habits[mailbox] = Habits(self.dice.choice((0.0, 0.02, 0.1, 0.4)), away)

    def write(self, number: int) -> None:
        """A candidate writes to somebody; some are machines, and some cannot prove who they are."""
        to = self.dice.choice(sorted(self.habits)).partition("@")[0]
        author, fields, client = f"c{number}@mailer.test", {}, "127.0.0.1"
        if self.dice.random() < 0.05:
            fields, _ = AWAY, self.robots.add(author)
        elif self.dice.random() < 0.05:
            client, author = "192.0.2.7", f"c{number}@stranger.test"
            self.robots.add(author)
        body = f"Question {number}: how do you do that?"
        self.send(author, f"peer-{to}@{DOMAIN}", body, client, **fields)

    def send(self, author: str, to: str, body: str, client: str, **fields: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = author, to, fields.get("Subject", "Hello")
        host = author.rpartition("@")[2]
        mail["Message-ID"] = f"<{self.dice.getrandbits(64)}@laptop.{host}>"
        if "Auto_Submitted" in fields:
            mail["Auto-Submitted"] = fields["Auto_Submitted"]
        mail.set_content(body)
        raw = mail.as_bytes().replace(b"\n", b"\r\n")
        reply = self.town.hand_in(author, to, raw, client)
        assert not reply.temporary, reply

    def step(self) -> None:
        """What lies in the mailboxes is read, and answered by whom it may be."""
        self.town.tick()
        self.town.post()
        fresh, self.read = self.town.posted[self.read :], len(self.town.posted)
        self.unanswered += [one for one in fresh if one.recipient in self.habits and one.thread_id]
        for one in fresh:
            if one.recipient in self.habits and not one.ours and not self.there(one):
                self.say(one, "I am away, sorry.", **AWAY)
        left = []
        for one in self.unanswered:
            if self.there(one) and self.dice.random() < self.habits[one.recipient].diligence:
                self.answer(one)
            else:
                left.append(one)
        self.unanswered = left
        for one in fresh:
            if ASKED in one.subject and one.recipient not in self.habits:
                self.say(one, "yes")
            known = one.recipient in self.habits or one.recipient in self.robots
            if not known and not one.ours and self.dice.random() < 0.3:
                again = self.dice.choice(("Thanks!", "And how do you undo it?"))
                self.say(one, again)

    def there(self, one: Post) -> bool:
        return self.habits[one.recipient].at_work(self.town.now)

    def answer(self, one: Post) -> None:
        if ASKED in one.subject:
            self.say(one, self.dice.choice(("yes", "no")))
            return
        order = self.dice.random()
        if order < 0.08:
            self.say(one, "/later 3d")
        elif order < 0.14:
            self.say(one, "/pass")
        elif order < 0.2:
            self.say(one, "/handoff cleo")
        elif order < 0.25:
            self.say(one, "/pause 1w")
        else:
            self.say(one, f"Like this: {self.dice.random()}.")
            self.answers.append((self.town.now, one.thread_id or ""))

    def say(self, one: Post, body: str, **fields: str) -> None:
        self.send(one.recipient, one.answers_to, body, "127.0.0.1", **fields)


@pytest.fixture(scope="module")
def played(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(_sqlite_template, folder / "peerpost.db")
    database = Database(f"sqlite:///{folder}/peerpost.db", KEY, folder / "spool")
    database.spool.create()
    strict = {"followup__business_hours": True, "ambassador__weekly_threads": 0}
    with a_town(database, folder, **strict) as town:
        town.now = START
        play = Play(town, random.Random(7))
        play.hire()
        begins = sorted(play.dice.random() * 40 for _ in range(THREADS))
        number = 0
        while town.now < START + timedelta(days=DAYS):
            while number < THREADS and START + timedelta(days=begins[number]) <= town.now:
                play.write(number)
                number += 1
            play.step()
            if play.dice.random() < 0.02:
                town.restart()
            town.now += timedelta(hours=1 + play.dice.random() * (LONGEST / timedelta(hours=1) - 1))
        yield play
    database.close()


def everything(town: Town) -> list[Event]:
    with town.database.read() as connection:
        return list(events.between(connection, START, town.now + LONGEST))


def staff(town: Town) -> dict[str, Ambassador]:
    with town.database.read() as connection:
        return {one.mailbox: one for one in people.ambassadors(connection)}


def test_enough_happened_to_mean_something(played: Play) -> None:
    kinds = Counter(event.kind for event in everything(played.town))
    assert len(played.town.threads()) > 150
    for kind in (
        EventKind.NUDGED,
        EventKind.ESCALATED,
        EventKind.AMBASSADOR_WROTE,
        EventKind.CLOSED,
        EventKind.HANDED_OVER,
        EventKind.PAUSED,
        EventKind.OPINION,
        EventKind.AUTOMATIC,
    ):
        assert kinds[kind] > 3, kinds


def test_no_reminder_leaves_outside_working_hours(played: Play) -> None:
    colleagues, followup = staff(played.town), played.town.settings.followup
    nudges = [one for one in played.town.posted if one.kind is OutgoingKind.NUDGE]
    assert nudges
    for one in nudges:
        place = calendar(colleagues[one.recipient], followup)
        assert hours.at_work(one.at, place), (one.at, place)


def test_no_reminder_follows_an_answer_before_the_candidate_writes_again(played: Play) -> None:
    story: dict[str, list[Event]] = {}
    for event in everything(played.town):
        if event.thread_id:
            story.setdefault(event.thread_id, []).append(event)
    for told in story.values():
        waits = False
        for moment in dict.fromkeys(event.at for event in told):
            kinds = {event.kind for event in told if event.at == moment}
            # Of what happens at one moment nobody knows the order: then either may have been first.
            if EventKind.CANDIDATE_WROTE in kinds:
                waits = True
            if kinds & {EventKind.NUDGED, EventKind.ESCALATED}:
                assert waits, [(str(one.at)[:16], one.kind.value) for one in told]
            if kinds & {EventKind.AMBASSADOR_WROTE, EventKind.CLOSED}:
                waits = EventKind.CANDIDATE_WROTE in kinds


def test_nothing_is_sent_twice(played: Play) -> None:
    ids = Counter(str(one.message["Message-ID"]) for one in played.town.posted)
    assert max(ids.values()) == 1
    same = Counter(
        (one.at, one.recipient, one.thread_id, one.kind)
        for one in played.town.posted
        if one.kind in REMINDERS
    )
    assert max(same.values()) == 1


def test_each_side_is_asked_once_how_it_was_in_working_hours_and_after_a_quiet_time(
    played: Play,
) -> None:
    colleagues, followup = staff(played.town), played.town.settings.followup
    asked = [one for one in played.town.posted if ASKED in one.subject]
    assert max(Counter((one.thread_id, one.recipient) for one in asked).values()) == 1
    for one in asked:
        if one.recipient in colleagues:
            assert hours.at_work(one.at, calendar(colleagues[one.recipient], followup)), one.at
        said = [
            post
            for post in played.town.posted
            if post.thread_id == one.thread_id and not post.ours and post.at < one.at
        ]
        assert {post.recipient in colleagues for post in said} == {True, False}
        # What is handed in at one step is posted at the next.
        assert max(post.at for post in said) <= one.at - followup.worth_after + LONGEST


def test_nobody_is_reminded_more_than_the_most_times_in_a_row(played: Play) -> None:
    most = played.town.settings.followup.max_nudges
    numbers = [
        int(event.detail["number"])
        for event in everything(played.town)
        if event.kind is EventKind.NUDGED
    ]
    assert max(numbers) <= most


def test_whoever_waits_has_something_due_soon_or_was_told(played: Play) -> None:
    def hopeless(thread: Thread) -> bool:
        waits = thread.state in (ThreadState.WAITING, ThreadState.NUDGED, ThreadState.ESCALATED)
        return waits and thread.due_at is None

    assert [one.id for one in played.town.threads() if hopeless(one)] == []
    told = {
        event.thread_id
        for event in everything(played.town)
        if event.kind
        in (
            EventKind.ESCALATED,
            EventKind.CLOSED,
            EventKind.AMBASSADOR_WROTE,
            EventKind.HANDED_OVER,
        )
    }
    long_ago = played.town.now - timedelta(days=15)
    silent = [
        one
        for one in played.town.threads()
        if one.opened_at < long_ago
        and one.state is not ThreadState.PENDING
        and one.id not in told
        and one.last_candidate_at is not None
        and one.last_candidate_at < long_ago
        and one.since < long_ago
    ]
    assert silent == []


def test_nothing_is_written_to_machines_and_strangers(played: Play) -> None:
    assert played.robots
    written = {one.recipient for one in played.town.posted if one.ours}
    assert written.isdisjoint(played.robots)


def test_no_mail_shows_an_address_of_the_other_side(played: Play) -> None:
    for one in played.town.posted:
        other = b"mailer.test" if one.recipient in played.habits else b"corp.example.test"
        assert other not in one.content, one
