"""Days and spans as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.intake import times

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # a Wednesday
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("3d", 3),
        ("3 days", 3),
        ("2w", 14),
        ("2 Wochen", 14),
        ("a week", 7),
        ("1 Monat", 30),
        ("in 3 Tagen", 3),
    ],
)
def test_a_span_counts_from_now(words: str, days: int) -> None:
    assert times.moment(words, NOW, BERLIN) == NOW + timedelta(days=days)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("tomorrow", "2026-11-19"),
        ("morgen", "2026-11-19"),
        ("wednesday", "2026-11-25"),
        ("until Friday", "2026-11-20"),
        ("Donnerstag", "2026-11-19"),
        ("2026-12-01", "2026-12-01"),
        ("1.12.", "2026-12-01"),
        ("1.12.2026", "2026-12-01"),
        ("1 December", "2026-12-01"),
        ("Dec 1st", "2026-12-01"),
        ("1. Januar", "2027-01-01"),
        ("until 10 January 2027", "2027-01-10"),
    ],
)
def test_a_day_begins_at_midnight_where_they_are(words: str, day: str) -> None:
    found = times.moment(words, NOW, BERLIN)
    assert found == datetime.fromisoformat(f"{day}T00:00+01:00")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "0d",
        "999 months",
        "yesterday",
        "2026-11-17",
        "2026-13-40",
        "01/12/2026",
        "3d or so",
        "31.2.",
        "on 1 May we met",
    ],
)
def test_what_is_not_clear_is_not_guessed(words: str) -> None:
    assert times.moment(words, NOW, BERLIN) is None


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("tue 15:00", "2026-11-24T15:00+01:00"),
        ("tomorrow 3pm", "2026-11-19T15:00+01:00"),
        ("2026-12-01 at 9:30", "2026-12-01T09:30+01:00"),
        ("1. Dezember 16 Uhr", "2026-12-01T16:00+01:00"),
        ("18 November 17:00", "2026-11-18T17:00+01:00"),
    ],
)
def test_a_meeting_has_a_day_and_a_time(words: str, at: str) -> None:
    assert times.meeting(words, NOW, BERLIN) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "words", ["", "15:00", "tuesday", "tue 7", "tue 25:00", "18 November 9:00"]
)
def test_a_meeting_without_either_or_in_the_past_is_none(words: str) -> None:
    assert times.meeting(words, NOW, BERLIN) is None


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2026, 11, 19), date(2027, 11, 1)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y"]),
)
def test_every_day_of_the_year_is_read_back(day: date, form: str) -> None:
    (found,) = times.days(f"I am back on {day.strftime(form)} at my desk.", NOW.date())
    assert found.day == day


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_words_break_it(words: str) -> None:
    times.moment(words, NOW, BERLIN)
    times.meeting(words, NOW, BERLIN)
