"""Absence notes as mail programs send them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.intake.returning import day_of_return

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("I am out of the office and will be back on Monday, 30 November.", "2026-11-30"),
        ("I'm on leave until December 7, 2026 with no access to mail.", "2026-12-07"),
        ("I am away from 16 November to 27 November 2026.", "2026-11-28"),
        ("Out of office 16.11.2026 - 27.11.2026", "2026-11-28"),
        ("Returning 2026-12-01. For urgent matters write to sam@corp.test.", "2026-12-01"),
        ("I will be out through Friday, Nov 27th and\nreturn on Monday, Nov 30th.", "2026-11-30"),
        ("I was here on 2 November. I am back in the office on 1 December.", "2026-12-01"),
        ("Ich bin bis einschließlich 27.11.2026 nicht im Büro.", "2026-11-28"),
        ("Ich bin bis zum 4. Dezember im Urlaub.", "2026-12-05"),
        ("Ab dem 30.11. bin ich wieder für Sie da.", "2026-11-30"),
        ("Am 30. November bin ich wieder erreichbar.", "2026-11-30"),
        ("Ich bin vom 16.11. bis 27.11.2026 abwesend und ab 30.11.2026 zurück.", "2026-11-30"),
    ],
)
def test_the_first_day_back_is_read(note: str, day: str) -> None:
    assert day_of_return("Automatic reply", note, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "note",
    [
        "I am away.",
        "I am out until next week.",
        "I left the company on 1 October 2026.",
        "Our office moved on 1 December 2026.",
        "I will be back on 01/12/2026.",
        "I am back on 3 November 2030.",
        "Zurück am 12.11.2026.",
    ],
)
def test_what_is_not_certain_is_not_guessed(note: str) -> None:
    assert day_of_return("Out of office", note, TODAY) is None


def test_a_subject_may_say_it_all() -> None:
    assert day_of_return("Out of office until 1 December", "", TODAY) == date(2026, 12, 1)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_note_breaks_it(note: str) -> None:
    day_of_return(note[:50], note, TODAY)
