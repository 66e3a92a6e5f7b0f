"""Working time over week-ends, holidays and changes of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from relay.threads.hours import Calendar, after, at_work, between, known_country, meter, soonest
from storage.columns import MICROSECOND, micros

BERLIN = Calendar("Europe/Berlin", "DE")
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_working_day_has_eight_hours() -> None:
    monday = utc("2026-11-16T08:00")  # 9 o'clock in Berlin
    assert after(monday, 8 * HOUR, BERLIN) == utc("2026-11-16T16:00")
    assert after(monday, 9 * HOUR, BERLIN) == utc("2026-11-17T09:00")


def test_a_week_end_does_not_count() -> None:
    friday_afternoon = utc("2026-11-20T15:00")  # 16 o'clock
    assert after(friday_afternoon, 2 * HOUR, BERLIN) == utc("2026-11-23T09:00")
    assert between(friday_afternoon, utc("2026-11-23T09:00"), BERLIN) == 2 * HOUR


def test_the_soonest_moment_is_now_at_work_and_else_the_next_morning() -> None:
    at_noon, on_friday_night = utc("2026-11-16T11:00"), utc("2026-11-20T21:00")
    assert soonest(at_noon, BERLIN) == at_noon
    assert soonest(on_friday_night, BERLIN) == utc("2026-11-23T08:00")


def test_a_public_holiday_does_not_count_where_it_is_kept() -> None:
    christmas_eve = utc("2026-12-24T15:00")
    assert after(christmas_eve, 2 * HOUR, BERLIN) == utc("2026-12-28T09:00")
    without = Calendar("Europe/Berlin", "")
    assert after(christmas_eve, 2 * HOUR, without) == utc("2026-12-25T09:00")


def test_a_week_begins_on_sunday_where_it_does() -> None:
    thursday = utc("2026-11-19T15:30")  # 17:30 in Jerusalem
    assert after(thursday, HOUR, Calendar("Asia/Jerusalem", "IL")) == utc("2026-11-22T08:00")


def test_a_change_of_clocks_neither_adds_nor_drops_an_hour() -> None:
    # Clocks go forward in Berlin on 29 March 2026 and back on 25 October 2026.
    assert between(utc("2026-03-27T00:00"), utc("2026-03-31T00:00"), BERLIN) == 16 * HOUR
    assert between(utc("2026-10-23T00:00"), utc("2026-10-27T00:00"), BERLIN) == 16 * HOUR
    assert after(utc("2026-03-27T08:00"), 9 * HOUR, BERLIN) == utc("2026-03-30T08:00")


def test_without_business_hours_every_hour_counts() -> None:
    saturday = utc("2026-11-21T02:00")
    always = Calendar("Europe/Berlin", "DE", always=True)
    assert after(saturday, 24 * HOUR, always) == saturday + 24 * HOUR
    assert at_work(saturday, always)
    assert not at_work(saturday, BERLIN)


def test_at_work_from_nine_until_five() -> None:
    assert at_work(utc("2026-11-16T08:00"), BERLIN)
    assert not at_work(utc("2026-11-16T07:59"), BERLIN)
    assert not at_work(utc("2026-11-16T16:00"), BERLIN)


def test_countries_are_known_by_their_code() -> None:
    assert known_country("DE")
    assert not known_country("XX")


MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@settings(max_examples=60, deadline=None)
@given(start=MOMENTS, minutes=st.integers(1, 6000))
def test_what_was_added_lies_between(start: datetime, minutes: int) -> None:
    working = timedelta(minutes=minutes)
    end = after(start, working, BERLIN)
    assert between(start, end, BERLIN) == working
    assert end >= start + working


@given(
    st.timedeltas(timedelta(0), timedelta(days=365)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.sampled_from([BERLIN, Calendar("America/New_York", "US"), Calendar("UTC", always=True)]),
)
@settings(max_examples=60, deadline=None)
def test_the_meter_measures_what_between_does(
    passed: timedelta, taken: timedelta, place: Calendar
) -> None:
    start = utc("2025-01-01") + passed
    measured = meter(utc("2025-01-01"), utc("2026-03-02"), place)
    found = measured(micros(start), micros(start + taken))
    assert found * MICROSECOND == between(start, start + taken, place)
