from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates import days, layout
from templates.layout import Kind, Piece


def kinds(text: str) -> list[tuple[Kind, int]]:
    return [(block.kind, len(block.rows)) for block in layout.blocks(text)]


def test_blank_lines_part_the_blocks() -> None:
    assert kinds("one\nstill one\n\n \n\ntwo\n") == [(Kind.PARAGRAPH, 1), (Kind.PARAGRAPH, 1)]
    assert layout.plain(layout.blocks("one\nstill one\n\ntwo")) == "one still one\n\ntwo\n"


def test_a_list_may_follow_its_sentence_at_once_and_its_items_go_on() -> None:
    assert kinds("these:\n- a\n  goes on\n- b\n") == [(Kind.PARAGRAPH, 1), (Kind.LIST, 2)]
    assert (
        layout.plain(layout.blocks("these:\n- a\n  goes on\n- b\n"))
        == "these:\n\n- a goes on\n- b\n"
    )


def test_a_quote_keeps_its_lines() -> None:
    assert kinds("> a\n>\n> b\nmine") == [(Kind.QUOTE, 3), (Kind.PARAGRAPH, 1)]
    assert layout.plain(layout.blocks("> a\n>\n> b")) == "> a\n>\n> b\n"


def test_the_last_word_stands_below_a_signature_mark() -> None:
    assert kinds("body\n\n--\nbecause\n\nand so") == [
        (Kind.PARAGRAPH, 1),
        (Kind.LAST, 1),
        (Kind.LAST, 1),
    ]
    assert layout.plain(layout.blocks("body\n\n--\nbecause\n")) == "body\n\n-- \nbecause\n"


def test_a_dash_within_a_sentence_ends_nothing() -> None:
    assert kinds("a -- b\n--c") == [(Kind.PARAGRAPH, 1)]


def test_long_lines_are_folded_but_never_within_a_word() -> None:
    word = "x" * 100
    made = layout.plain(layout.blocks(f"- {'ab ' * 60}\n- {word}"))
    assert all(len(line) <= layout.WIDTH or word in line for line in made.splitlines())
    assert made.replace("\n  ", " ").count("ab") == 60


def test_a_link_shows_its_url_in_plain_text_only_where_it_must() -> None:
    shown, tap = (
        layout.link("Yes", "mailto:a@b.test", True),
        layout.link("/pass", "mailto:a@b.test", False),
    )
    block = layout.blocks(f"so {shown} or {tap}.")[0]
    assert block.rows[0][1] == Piece("Yes", "mailto:a@b.test", True)
    assert layout.plain([block]) == "so Yes: mailto:a@b.test or /pass.\n"


def test_letters_that_join_others_stay_and_those_that_turn_text_go() -> None:
    assert layout.one_line("👩\u200d💻") == "👩\u200d💻"
    assert layout.one_line("a\u202e\u2066b\ufeff\xad") == "ab"
    assert layout.one_line(" a \t\r\n\u2028 b ") == "a b"


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_any_text_becomes_one_line_and_any_quote_is_marked_on_each(text: str) -> None:
    line = layout.one_line(text)
    assert len((line + ".").splitlines()) == 1
    line.encode()
    quoted = layout.quote(text)
    assert all(row.startswith(">") for row in quoted.split("\n") if quoted)


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_laid_out(text: str) -> None:
    layout.plain(layout.blocks(text))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Tuesday, 1 December"), ("de", "Dienstag, 1. Dezember"), ("pl", "2026-12-01")],
)
def test_a_day_is_written_as_people_say_it(language: str, said: str) -> None:
    assert days.written(date(2026, 12, 1), language) == said
    assert days.written(datetime(2026, 12, 1, 23, 59, tzinfo=UTC), language) == said
