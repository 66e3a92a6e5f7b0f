"""What becomes of a message after each attempt, and when it is tried again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from town import ALEX, DANA, PEER, Town, a_town

from config.settings import DeliverySettings
from relay.delivery.courier import Courier, backoff, settle, waited
from relay.delivery.outcome import Deferred, Delivered, Letter, Outcome, Refused
from relay.rounds import Rounds
from storage import outbox
from storage.database import Database
from storage.records.mail import OutboxItem, OutgoingState

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = Deferred("450 4.2.1 not yet")


class Host:
    """A next host that answers as it is told, and keeps what it took."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.letters = outcome, list[Letter]()

    def send(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        return self.outcome

    def close(self) -> None:
        pass


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path) as made:
        assert made.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
        yield made


def schedule(town: Town) -> DeliverySettings:
    return town.settings.delivery


def a_courier(town: Town, host: Host, jitter: float = 0.5) -> Courier:
    return Courier(
        database=town.database,
        transport=host,
        signer=None,
        house=town.house,
        delivery=schedule(town),
        keep_bodies=timedelta(0),
        mint=town.mint,
        clock=lambda: town.now,
        jitter=lambda: jitter,
        owner="this",
    )


def items(town: Town) -> tuple[OutboxItem, ...]:
    with town.database.read() as connection:
        return outbox.queue(connection)


def attempt(town: Town, courier: Courier) -> OutboxItem | None:
    """One attempt at the first message, if it is due; how it stands afterwards."""
    first = items(town)[0].outgoing.id
    for leased in courier.lease([first]):
        town.apply(courier.attempt(leased))
        with town.database.read() as connection:
            return outbox.item(connection, first)
    return None


def test_each_retry_waits_twice_as_long_up_to_a_limit_and_no_two_alike(town: Town) -> None:
    waits = [backoff(n, schedule(town), 0.5) for n in range(1, 12)]
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == 4 * HOUR
    spread = [backoff(1, schedule(town), jitter) for jitter in (0.0, 0.999)]
    assert spread[0] == timedelta(seconds=52.5)
    assert timedelta(seconds=67) < spread[1] < timedelta(seconds=67.5)
    assert backoff(10**6, schedule(town), 0.5) == 4 * HOUR


def test_a_message_that_is_put_off_is_not_due_before_its_time(town: Town) -> None:
    courier = a_courier(town, Host(LATER))
    put_off = attempt(town, courier)
    assert put_off is not None
    assert put_off.next_try == town.now + MINUTE
    assert attempt(town, courier) is None
    town.now += MINUTE
    again = attempt(town, courier)
    assert again is not None
    assert again.attempts == 2


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Delivered("250 2.0.0 taken"), OutgoingState.SENT),
        (LATER, OutgoingState.QUEUED),
        (Refused("554 5.6.0 not this"), OutgoingState.FAILED),
    ],
)
def test_the_answer_of_the_next_host_decides(
    town: Town, outcome: Outcome, state: OutgoingState
) -> None:
    after = attempt(town, a_courier(town, Host(outcome)))
    assert after is not None
    assert after.outgoing.state is state


def test_it_is_given_up_when_its_attempts_span_three_days_and_its_author_told(town: Town) -> None:
    courier, attempts = a_courier(town, Host(LATER)), 0
    while (after := attempt(town, courier)) and after.outgoing.state is OutgoingState.QUEUED:
        attempts, town.now = after.attempts, after.next_try
    assert after is not None
    assert after.outgoing.state is OutgoingState.FAILED
    assert waited(attempts, schedule(town)) < 3 * DAY <= waited(attempts + 1, schedule(town))
    assert "Alex" in town.last(DANA, "did not reach").text


def test_a_clock_that_jumps_a_year_ahead_gives_nothing_up(town: Town) -> None:
    courier = a_courier(town, Host(LATER))
    attempt(town, courier)
    town.now += 365 * DAY
    after = attempt(town, courier)
    assert after is not None
    assert after.outgoing.state is OutgoingState.QUEUED


def test_a_clock_that_comes_back_from_the_future_leaves_nothing_waiting_there(town: Town) -> None:
    right, woken = town.now, list[str]()
    attempt(town, a_courier(town, Host(LATER)))
    town.now = right + 365 * DAY
    put_off = attempt(town, a_courier(town, Host(LATER)))
    town.now = right + 2 * MINUTE
    assert put_off is not None
    assert put_off.next_try > town.now + 300 * DAY
    rounds = Rounds(
        *(town.database, town.writer, town.settings, town.house, town.mint),
        clock=lambda: town.now,
        wake=woken.extend,
        follow=lambda ids: None,
    )
    for _ in range(2):
        rounds.sweep()
    assert woken == [put_off.outgoing.id]
    host = Host(Delivered("250 2.0.0 taken"))
    attempt(town, a_courier(town, host))
    assert [letter.recipient for letter in host.letters] == [ALEX]


def test_a_lease_that_ran_out_is_sent_by_another_with_the_same_message_id(town: Town) -> None:
    gone, host = a_courier(town, Host(LATER)), Host(Delivered("250 2.0.0 taken"))
    first = items(town)[0].outgoing.id
    (leased,) = gone.lease([first])  # and then its process is gone
    assert replace(a_courier(town, host), owner="other").lease([first]) == ()
    town.now += MINUTE
    attempt(town, replace(a_courier(town, host), owner="other"))
    head = leased.outgoing.content.split(b"\r\n\r\n")[0]
    assert host.letters[0].content.split(b"\r\n\r\n")[0] == head


def test_a_large_content_that_is_lost_is_given_up_and_its_author_told(town: Town) -> None:
    assert town.send(f"Dana Keller <{DANA}>", PEER, "So much to tell.\n" * 6000).accepted
    large = max(items(town), key=lambda item: item.size).outgoing.id
    for file in town.database.spool.folder.iterdir():
        file.unlink()
    courier = a_courier(town, Host(Delivered("250 2.0.0 taken")))
    attempts = 0
    while leased := courier.lease([large]):
        town.apply(courier.attempt(leased[0]))
        town.now += 5 * HOUR
        attempts += 1
    assert 20 < attempts < 60  # what three days have room for
    assert "Alex" in town.last(DANA, "did not reach").text


def test_settling_is_told_the_time_and_never_asks_for_it(town: Town) -> None:
    item, now = items(town)[0], datetime(2031, 1, 1, tzinfo=town.now.tzinfo)
    waits = [
        settle(replace(item, attempts=n), LATER, schedule(town), False, now, 0.5).next_try
        for n in itertools.islice(itertools.count(1), 3)
    ]
    assert waits == [now + MINUTE, now + 2 * MINUTE, now + 4 * MINUTE]
