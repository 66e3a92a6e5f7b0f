"""Business cards: the author's own, and other people's."""

from __future__ import annotations

import pytest

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
HOST = "ws-7.lan.private.test"
IDENTITY = Identity((ME,), hosts=(HOST,), ips=("10.7.8.9",), surnames=("Keller",))
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dana Keller\r\nN:Keller;Dana;;;\r\nNOTE:likes queues\r\n"
    "TEL:+49 30 1234\r\nORG:Private Ltd\r\nURL:https://www.private.test\r\nX-SKYPE:dana\r\n"
    "PHOTO;ENCODING=b:/9j/4AAQ\r\nEMAIL;TYPE=INTERNET:dana.keller@\r\n private.test\r\nEND:VCARD\r\n"
)


def test_the_authors_card_keeps_what_strangers_may_know() -> None:
    assert scrub(CARD.encode(), IDENTITY).decode() == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dana\r\nN:;Dana;;;\r\nNOTE:likes queues\r\n"
        "TEL:+49 30 1234\r\nEND:VCARD\r\n"
    )


def test_somebody_elses_card_keeps_its_bytes() -> None:
    content = CARD.replace("Keller", "Miller").replace("private", "other").replace("dana.k", "m")
    assert scrub(content.encode(), IDENTITY) == content.encode()


def test_of_many_cards_only_the_authors_own_changes() -> None:
    other = CARD.replace("Keller", "Miller").replace("private", "other").replace("dana.k", "m")
    cleaned = scrub((other + CARD).encode(), IDENTITY).decode()
    assert cleaned.startswith(other)
    assert "private" not in cleaned


def test_old_cards_in_quoted_printable_are_read() -> None:
    card = "BEGIN:VCARD\nVERSION:2.1\nFN:Dana\nNOTE;ENCODING=QUOTED-PRINTABLE:write to dana=2E=\nkeller=40private.test, bye\nEND:VCARD\n"
    cleaned = scrub(card.encode(), IDENTITY)
    assert b"private" not in cleaned
    assert b"NOTE:write to \\, bye" in cleaned


@pytest.mark.parametrize(
    "content", [b"BEGIN:VCARD\nthis is no line\n", b"BEGIN:VCARD\n" + b"A:b\n" * 100_001]
)
def test_broken_and_endless_cards_are_refused(content: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(content, IDENTITY)
