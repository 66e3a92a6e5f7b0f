"""Who stands on the ambassadors' page, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import MINT, NOW, a_candidate, a_thread, an_ambassador

from config.settings import AmbassadorSettings
from relay.reports.showcase import House, Shown, faces, mailto, usually
from storage.changes import apply
from storage.database import Database
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.people import AmbassadorState
from storage.records.threads import ThreadState

DAY = timedelta(days=1)
HOUSE = House("Corp", "peers.example.test", limits=AmbassadorSettings(weekly_threads=2))


def first_word(name: str) -> str:
    return name.split()[0]


def shown(database: Database, house: House = HOUSE) -> list[str]:
    with database.read() as c:
        return [face.handle for face in faces(c, house, first_word, NOW)]


def store(database: Database, *people, **more) -> None:
    with database.write() as c:
        apply(c, Changes(ambassadors=people, **more), NOW)


def test_only_who_is_there_is_shown_by_name(database: Database):
    store(
        database,
        an_ambassador("zoe"),
        an_ambassador("alex"),
        an_ambassador("away", state=AmbassadorState.PAUSED),
        an_ambassador("soon", state=AmbassadorState.PAUSED, paused_until=NOW + DAY),
        an_ambassador("back", state=AmbassadorState.PAUSED, paused_until=NOW - DAY),
        an_ambassador("gone", state=AmbassadorState.REMOVED),
    )
    assert shown(database) == ["alex", "back", "zoe"]


def test_whose_week_is_full_is_not_shown(database: Database):
    alex, candidates = an_ambassador("alex"), [a_candidate() for _ in range(3)]
    recent, other, old = (
        a_thread(alex, candidate, state=ThreadState.ANSWERED, opened_at=NOW - age)
        for candidate, age in zip(candidates, (DAY, 2 * DAY, 8 * DAY), strict=True)
    )
    store(database, alex, candidates=tuple(candidates), threads=(recent, old))
    assert shown(database) == ["alex"]
    store(database, threads=(other,))
    assert shown(database) == []
    assert shown(database, replace(HOUSE, limits=AmbassadorSettings(weekly_threads=0))) == ["alex"]


@pytest.mark.parametrize(
    ("names", "name"), [(Shown.FULL, "Alex Chen"), (Shown.FIRST, "Alex"), (Shown.HIDDEN, "Alex")]
)
def test_a_name_is_shown_as_mails_show_it(database: Database, names: Shown, name: str):
    store(database, an_ambassador("alex"))
    with database.read() as c:
        [face] = faces(c, replace(HOUSE, names=names), first_word, NOW)
    assert face.name == name
    assert ("Chen" in repr(face)) == (names is Shown.FULL)


def test_the_source_stands_in_the_address(database: Database):
    store(database, an_ambassador("alex"))
    with database.read() as c:
        [face] = faces(c, replace(HOUSE, source="pycon"), first_word, NOW)
    assert face.address == "peer-alex+pycon@peers.example.test"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([0.1, 0.2, 0.9, 3, 0.5], "usually answers within a day"),
        ([0.1, 1.5, 1.9, 3, 4], "usually answers within two days"),
        ([5.0] * 9, "usually answers within a week"),
        ([9.0] * 9, ""),
        ([0.1] * 4, ""),
        ([], ""),
    ],
)
def test_how_soon_somebody_answers_is_said_from_five_answers_on(days, said):
    assert usually(days) == said


def test_how_soon_comes_from_the_events(database: Database):
    alex, sam = an_ambassador("alex"), an_ambassador("sam")
    events = []
    for number in range(5):
        at = NOW - (number + 2) * DAY
        for kind, later in ((EventKind.CONTACTED, 0), (EventKind.AMBASSADOR_WROTE, 6)):
            when = at + timedelta(hours=later)
            detail = {"outcome": "forwarded", "by": "alex"}
            events.append(Event(MINT.id(when), when, kind, f"t{number}", alex.id, detail))
    store(database, alex, sam, events=tuple(events))
    with database.read() as c:
        said = {face.handle: face.answers for face in faces(c, HOUSE, first_word, NOW)}
    assert said == {"alex": "usually answers within a day", "sam": ""}


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_a_link_says_what_it_says_whatever_the_names_are(name, company):
    name, company = (text.encode("utf-8", "ignore").decode() for text in (name, company))
    link = urlsplit(mailto("peer-alex+pycon@peers.example.test", name, company))
    assert unquote(link.path) == "peer-alex+pycon@peers.example.test"
    told = parse_qs(link.query, strict_parsing=True)
    assert set(told) == {"subject", "body"}
    assert told["subject"] == [f"A question about your work at {company}"]
    assert told["body"][0].startswith(f"Hello {name},")
