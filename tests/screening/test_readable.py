"""HTML as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.readable import text_of


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two", "One\nTwo"),
        ("a &lt; b &amp;&nbsp;c", "a < b & c"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("<head><title>x</title></head><body>shown</body>", "shown"),
        ("<style>p { color: red }</style>shown<script>if (a < b) {}</script>", "shown"),
        ("before<!-- hidden <p>not</p> -->after", "beforeafter"),
        ("<a href='https://x.test/>y'>link</a>", "y'>link"),
        ("one\r\n  two", "one two"),
        ("<!-- never closed", ""),
    ],
)
def test_the_text_between_the_tags_is_kept(source: str, text: str) -> None:
    assert text_of(source) == text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<!--", "-->", "<", ">", "&amp", "x", "<script>"])))
@settings(max_examples=200, deadline=None)
def test_any_markup_becomes_text(pieces: list[str]) -> None:
    assert "<p>" not in text_of("".join(pieces))
