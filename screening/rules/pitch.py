"""Does somebody want to sell something?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from screening.case import Case, Finding
from screening.evidence import noted, said, strength

_KINDS = {
    "offer": "it offers a product or a service",
    "price": "it speaks of prices, discounts or things free of charge",
    "proof": "it praises its customers or its numbers",
    "meeting": "it wants a demonstration or a slot in the calendar",
    "person": "it looks for whoever decides",
    "chase": "it follows up on mail that was not answered",
    "event": "it invites to an event, a show or a stage",
    "seo": "it is about links, ranks, leads or loans",
}

# As folded; of words that are inflected, the stem.
_CURRENCIES = frozenset(
    {
        "€",
        "$",
        "£",
        "usd",
        "eur",
        "gbp",
        "chf",
        "inr",
        "pln",
        "zl",
        "czk",
        "kc",
        "sek",
        "nok",
        "dkk",
    }
    | {
        "huf",
        "jpy",
        "cny",
        "rmb",
        "krw",
        "brl",
        "mxn",
        "aud",
        "grn",
        "грн",
        "руб",
        "元",
        "円",
        "원",
    }
    | {"万", "만", "บ", "lei", "tl"}
)
_STEMS = (
    *("euro", "dollar", "pound", "dolar", "евро", "євро", "доллар", "долар", "рубл", "гривн"),
    *("forint", "rupee", "rupi", "रुप", "डॉलर", "دولار", "ريال", "درهم", "יורו", "שקל", "דולר"),
)


def pitch(case: Case) -> tuple[Finding, ...]:
    """Offers, prices, references and demonstrations, whoever they say they are."""
    found = said(case, _KINDS)
    count = _amounts(case.reading.words)
    return (
        (*found, noted("money", "it names sums of money", strength(2 * count))) if count else found
    )


def _amounts(words: Sequence[str]) -> int:
    """How often a number stands beside a currency."""
    money = {word for word in set(words) if _is_currency(word)}
    if not money:
        return 0
    return sum(
        (one in money and other[0].isdigit()) or (other in money and one[0].isdigit())
        for one, other in pairwise(words)
    )


def _is_currency(word: str) -> bool:
    return word in _CURRENCIES or word.startswith(_STEMS)
