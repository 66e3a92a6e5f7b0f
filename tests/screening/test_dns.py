"""DNS through a real server: three answers, bounded time, one cache for all threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from names import Names, name_server

from screening import dns
from screening.dns import Undecided, budget, resolver


@pytest.fixture(scope="module")
def server() -> Iterator[Names]:
    with name_server() as running:
        yield running


@pytest.fixture
def names(server: Names) -> Names:
    """The server, which knows nothing and was asked nothing yet."""
    server.records, server.failing, server.silent, server.asked = {}, set(), set(), []
    server.ttl = 300
    return server


def test_each_kind_of_record_is_answered_as_text(names: Names) -> None:
    names.records = {
        ("mailer.test", "TXT"): ("v=spf1 -all", "x" * 600),
        ("mailer.test", "MX"): ("10 mail.mailer.test",),
        ("mail.mailer.test", "A"): ("192.0.2.20",),
        ("mail.mailer.test", "AAAA"): ("2001:db8::20",),
        ("20.2.0.192.in-addr.arpa", "PTR"): ("mail.mailer.test",),
    }
    lookup = resolver(names.server)
    assert set(lookup("mailer.test", "TXT")) == {"v=spf1 -all", "x" * 600}
    assert lookup("MAILER.test.", "MX") == ("10 mail.mailer.test",)
    assert lookup("mail.mailer.test", "A") == ("192.0.2.20",)
    assert lookup("mail.mailer.test", "AAAA") == ("2001:db8::20",)
    assert lookup("20.2.0.192.in-addr.arpa", "PTR") == ("mail.mailer.test",)


def test_what_does_not_exist_has_no_answers(names: Names) -> None:
    names.records = {("mailer.test", "A"): ("192.0.2.20",)}
    lookup = resolver(names.server)
    assert lookup("mailer.test", "TXT") == ()
    assert lookup("nowhere.test", "TXT") == ()


@pytest.mark.parametrize(
    "name", ["a..test", "x" * 64 + ".test", "a." * 200 + "test", "\\", "é" * 70]
)
def test_what_is_no_name_does_not_exist(names: Names, name: str) -> None:
    assert resolver(names.server)(name, "TXT") == ()
    assert names.asked == []


def test_a_failing_server_leaves_the_question_undecided(names: Names) -> None:
    names.failing = {"mailer.test"}
    with pytest.raises(Undecided):
        resolver(names.server)("mailer.test", "TXT")


def test_a_silent_server_leaves_the_question_undecided(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns, "TRY", 0.1)
    monkeypatch.setattr(dns, "LOOK_UP", 0.3)
    names.silent = {"mailer.test"}
    with pytest.raises(Undecided):
        resolver(names.server)("mailer.test", "TXT")


def test_no_server_at_all_leaves_the_question_undecided(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns, "LOOK_UP", 0.3)
    with pytest.raises(Undecided):
        resolver(replace(names.server, port=1))("mailer.test", "TXT")


def test_an_answer_is_asked_for_once_in_its_time_to_live(names: Names) -> None:
    names.records = {("mailer.test", "TXT"): ("v=spf1 -all",)}
    lookup = resolver(names.server)
    with ThreadPoolExecutor(4) as pool:
        lookup("mailer.test", "TXT")
        found = set(pool.map(lambda _: lookup("Mailer.Test", "TXT"), range(100)))
    assert found == {("v=spf1 -all",)}
    assert len(names.asked) == 1


def test_an_answer_without_time_to_live_is_asked_for_again(names: Names) -> None:
    names.records, names.ttl = {("mailer.test", "TXT"): ("one",)}, 0
    lookup = resolver(names.server)
    lookup("mailer.test", "TXT")
    names.records = {("mailer.test", "TXT"): ("other",)}
    assert lookup("mailer.test", "TXT") == ("other",)


def test_a_failure_is_remembered_briefly_so_that_a_flood_does_not_wait_for_each(
    names: Names,
) -> None:
    names.failing = {"mailer.test"}
    lookup = resolver(names.server)
    for _ in range(5):
        with pytest.raises(Undecided):
            lookup("mailer.test", "TXT")
    assert len(names.asked) == 1


def test_huge_answers_are_given_but_not_kept(names: Names) -> None:
    names.records = {("mailer.test", "TXT"): ("x" * 9000,)}
    lookup = resolver(names.server)
    assert lookup("mailer.test", "TXT") == lookup("mailer.test", "TXT") == ("x" * 9000,)
    assert names.asked.count(("mailer.test", "TXT")) >= 2


def test_a_message_may_ask_so_often_and_no_more() -> None:
    asked: list[str] = []
    lookup = budget(lambda name, kind: (asked.append(name), ())[1], most=3)
    for number in range(3):
        lookup(f"{number}.test", "TXT")
    with pytest.raises(Undecided):
        lookup("3.test", "TXT")
    assert len(asked) == 3


def test_a_message_may_ask_so_long_and_no_longer() -> None:
    times = iter([0.0, 9.0, 11.0])
    lookup = budget(lambda name, kind: (), seconds=10, clock=lambda: next(times))
    assert lookup("one.test", "TXT") == ()
    with pytest.raises(Undecided):
        lookup("other.test", "TXT")
