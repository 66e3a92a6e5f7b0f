"""What one client may do at most."""

from __future__ import annotations

from relay.intake.limits import MOST_CLIENTS, MOST_GUESSES, WINDOW, Connections, Guesses, client_of


def test_an_ipv6_client_is_its_network() -> None:
    assert client_of("2001:db8:1:2:3:4:5:6") == client_of("2001:db8:1:2::99")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("192.0.2.1") == "192.0.2.1"


def test_one_client_has_its_share_of_connections_and_others_theirs() -> None:
    connections = Connections(most=5, most_each=3)
    assert [connections.enter("a") for _ in range(4)] == [True, True, True, False]
    assert [connections.enter("b") for _ in range(3)] == [True, True, False]
    connections.leave("a")
    assert connections.enter("b")


def test_who_guesses_too_often_is_not_answered_until_the_window_has_passed() -> None:
    guesses = Guesses()
    for number in range(MOST_GUESSES):
        assert not guesses.too_many("a", float(number))
        guesses.add("a", float(number))
    assert guesses.too_many("a", WINDOW - 1)
    assert not guesses.too_many("b", WINDOW - 1)
    assert not guesses.too_many("a", WINDOW)


def test_a_flood_from_many_clients_fills_no_memory() -> None:
    guesses = Guesses()
    for number in range(MOST_CLIENTS + 50):
        guesses.add(str(number), 0.0)
    assert len(guesses.seen) == MOST_CLIENTS
