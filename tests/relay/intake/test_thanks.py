"""A bare thanks, and what is more than that."""

from __future__ import annotations

import pytest

from relay.intake.thanks import bare_thanks


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "Thank you so much, Alex!",
        "Great, thanks a lot 🙏\n\nDana",
        "Vielen Dank!",
        "Super, danke dir für die schnelle Antwort!\nViele Grüße\nDana",
        "Thanks for the quick answer, very helpful. Have a nice day!",
        "ok, thx",
    ],
)
def test_thanks_want_no_answer(text: str) -> None:
    assert bare_thanks(text, ("Dana Keller", "Alex Chen"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂",
        "Thanks! Does Tuesday suit you?",
        "Thanks, I will send you the code.",
        "Danke! Passt dir Dienstag",
        "Dana",
        "thanks " * 30,
        "Is that great?",
    ],
)
def test_anything_more_does(text: str) -> None:
    assert not bare_thanks(text, ("Dana Keller", "Alex Chen"))
