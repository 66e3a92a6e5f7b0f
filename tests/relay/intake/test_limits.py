"""What one client may do at most."""

from __future__ import annotations

from collections.abc import Callable

from relay.intake.limits import (
    IDLE,
    MANY,
    MOST_CLIENTS,
    WINDOW,
    Connections,
    Guesses,
    Room,
    Seat,
    client_of,
)


def test_an_ipv6_client_is_its_network() -> None:
    assert client_of("2001:db8:1:2:3:4:5:6") == client_of("2001:db8:1:2::99")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("192.0.2.1") == "192.0.2.1"


def test_an_ipv4_client_is_the_same_over_ipv6() -> None:
    assert client_of("::ffff:192.0.2.1") == "192.0.2.1"


class Guests:
    """Sessions that note who was shown out."""

    def __init__(self, most: int, most_each: int) -> None:
        self.connections = Connections(most, most_each)
        self.gone: list[str] = []

    def enter(self, client: str, now: float = 0.0) -> Seat | None:
        return self.connections.enter(client, now, self.leaving(client))

    def leaving(self, client: str) -> Callable[[], None]:
        return lambda: self.gone.append(client)


def test_one_client_has_its_share_of_connections_and_others_theirs() -> None:
    guests = Guests(most=5, most_each=3)
    taken = [guests.enter("a") for _ in range(4)]
    assert [seat is not None for seat in taken] == [True, True, True, False]
    assert [guests.enter("b") is not None for _ in range(3)] == [True, True, False]
    assert taken[0] is not None
    guests.connections.leave(taken[0])
    assert guests.enter("b") is not None


def test_a_newcomer_gets_the_seat_of_the_client_who_holds_most() -> None:
    guests = Guests(most=MANY + 2, most_each=MANY + 1)
    for _ in range(MANY + 1):
        guests.enter("flood")
    guests.enter("good")
    assert guests.enter("new") is not None
    assert guests.gone == ["flood"]
    assert guests.enter("flood") is None


def test_a_newcomer_gets_the_seat_that_was_idle_longest_but_not_one_just_taken() -> None:
    guests = Guests(most=2, most_each=1)
    guests.enter("old", now=0.0)
    guests.enter("young", now=1.0)
    assert guests.enter("new", now=IDLE - 1) is None
    assert guests.enter("new", now=IDLE) is not None
    assert guests.gone == ["old"]


def test_whose_message_is_being_decided_on_keeps_the_seat() -> None:
    guests = Guests(most=1, most_each=1)
    seat = guests.enter("at work", now=0.0)
    assert seat is not None
    seat.busy = True
    assert guests.enter("new", now=100.0) is None


def test_leaving_twice_gives_back_one_seat() -> None:
    guests = Guests(most=2, most_each=2)
    first = guests.enter("a")
    guests.enter("a")
    assert first is not None
    guests.connections.leave(first)
    guests.connections.leave(first)
    assert guests.connections.each["a"] == 1


def test_room_is_taken_and_given_back() -> None:
    room = Room(10)
    assert room.take(8)
    assert not room.take(3)
    room.give(8)
    assert room.take(10)


def test_guesses_are_known_until_the_window_has_passed() -> None:
    guesses = Guesses()
    assert not guesses.knows("a", 0.0)
    guesses.set("a", 7, 0.0)
    guesses.set("a", 8, 5.0)
    assert guesses.count("a", WINDOW - 1) == 8
    assert guesses.count("b", 1.0) == 0
    assert not guesses.knows("a", WINDOW)


def test_a_flood_from_many_clients_fills_no_memory() -> None:
    guesses = Guesses()
    for number in range(MOST_CLIENTS + 50):
        guesses.set(str(number), 1, 0.0)
    assert len(guesses.seen) == MOST_CLIENTS
