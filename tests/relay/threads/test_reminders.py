from __future__ import annotations

import pytest

from relay.threads.reminders import first_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dana Keller", "Dana"),
        ("Keller, Dana", "Dana"),
        ("KELLER Dana", "Dana"),
        ("Dr. Dana Keller", "Dana"),
        ("Dana (dana@mailer.example)", "Dana"),
        ("王小明", "小明"),
    ],
)
def test_the_given_name_is_shown_wherever_it_stands(name: str, shown: str) -> None:
    assert first_name(name) == shown


@pytest.mark.parametrize("name", ["", " ", "dana.keller@mailer.example", "Dr.", "(Keller)"])
def test_where_there_is_none_nothing_else_is_shown(name: str) -> None:
    assert first_name(name) == "Somebody"
