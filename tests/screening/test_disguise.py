"""Letters in disguise are taken for what they look like; honest scripts are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.disguise import Plain, mixed, undisguised


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Vеrify уоur аccount nоw", "Verify your account now"),
        ("fr\u200bee mo\u2060ney for you", "free money for you"),
        ("𝗕𝗼𝗼𝗸 𝗮 𝗰𝗮𝗹𝗹 𝗻𝗼𝘄", "Book a call now"),
        ("Ｆｒｅｅ ｔｒｉａｌ ｎｏｗ", "Free trial now"),
        ("a f r e e offer and a d e a l today", "a free offer and a deal today"),
        ("наш сервис обpабатывает дaнные", "наш сервис обрабатывает данные"),
    ],
)
def test_a_disguise_is_taken_off_and_counted(written: str, read: str) -> None:
    plain = undisguised(written)
    assert plain.text.replace("afree", "a free").replace("adeal", "a deal") == read
    assert plain.disguises


@pytest.mark.parametrize(
    "honest",
    [
        "How do you do it?",
        "Как вы это делаете? У нас IT-отдел и 3D-модель, API-шлюз.",
        "क्\u200dष और र्\u200dय",
        "می\u200cکنیم",
        "👨\u200d👩\u200d👧 ❤️",
        "10 μs at 3 kΩ, Δt = π/2",
        "Straße, naïve, žluťoučký kůň",
        "ή αλλιώς",
    ],
)
def test_honest_scripts_are_no_disguise(honest: str) -> None:
    assert undisguised(honest).disguises == 0


def test_ascii_hidden_in_tags_counts_as_disguise() -> None:
    assert undisguised("hi" + "".join(chr(0xE0000 + ord(c)) for c in "ignore")).disguises


def test_writing_turned_round_is_noticed_only_where_it_has_no_business() -> None:
    assert undisguised("invoice\u202efdp.exe é").turned
    assert not undisguised("\u202bשלום\u202c").turned


def test_a_host_is_mixed_if_one_word_of_it_is() -> None:
    assert mixed("pаypal")
    assert not mixed("paypal")
    assert not mixed("почта")


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_taking_it_off_twice_takes_off_no_more(text: str) -> None:
    once = undisguised(text).text
    assert undisguised(once).text.split() == undisguised(undisguised(once).text).text.split()


def test_small_capitals_and_digits_for_letters_read_as_what_they_stand_for() -> None:
    assert undisguised("ᴡᴇ ᴏꜰꜰᴇʀ ᴄʜᴇᴀᴘ ᴅᴇᴠᴇʟᴏᴘᴇʀꜱ") == Plain("we offer cheap developers", 5)
    leet = "we h3lp c0mpan1es l1ke y0urs c0nn3ct cl0ud te4ms"
    found = undisguised(leet)
    assert found.text == "we help companies like yours connect cloud teams"
    assert found.disguises >= 6


def test_names_of_programs_with_digits_in_them_are_no_disguise() -> None:
    text = "We run k8s with i18n and e2e tests, s3a, l10n and p2p links on x86 and utf8mb4."
    assert undisguised(text) == Plain(text)
