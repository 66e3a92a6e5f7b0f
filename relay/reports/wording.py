"""How values are written for people, and how foreign text is made harmless."""

from __future__ import annotations

import unicodedata

from relay.reports.values import Figure, Unit

NOTHING = "–"
WITHHELD = "withheld"

# They join letters in Persian and in the scripts of India, and neither hide nor turn anything.
_JOINERS = "\u200c\u200d"


def plain(text: str) -> str:
    """The text in one line, with every character that would act rather than show written out.

    Control characters, line separators, and the marks that hide text or turn its direction (Unicode
    category C, Zl and Zp) become their code point, such as <U+202E>.
    """
    return "".join(each if _shows(each) else f"<U+{ord(each):04X}>" for each in text)


def _shows(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or not (category[0] == "C" or category in ("Zl", "Zp"))


def written(figure: Figure) -> str:
    """The value with its unit, without its n."""
    if figure.withheld:
        return WITHHELD
    if figure.value is None:
        return NOTHING
    match figure.unit:
        case Unit.COUNT:
            return f"{figure.value:,.0f}"
        case Unit.SHARE:
            return f"{100 * figure.value:.0f} %"
        case Unit.HOURS:
            return _hours(figure.value)
        case Unit.MINUTES:
            return f"{figure.value:.0f} min"
        case Unit.MEAN:
            return f"{figure.value:.1f}"


def basis(figure: Figure) -> str:
    """What the value is based on: `of 12` for a share, `n 12` for all else; empty for counts."""
    if figure.n is None or figure.value is None:
        return ""
    return f"of {figure.n:,}" if figure.unit is Unit.SHARE else f"n {figure.n:,}"


def with_n(figure: Figure) -> str:
    """The value and what it is based on: `67 % of 12`, `5.2 h (n 12)`."""
    text = basis(figure)
    if not text:
        return written(figure)
    return f"{written(figure)} {text}" if text.startswith("of") else f"{written(figure)} ({text})"


def _hours(value: float) -> str:
    if value < 1:
        return f"{60 * value:.0f} min"
    return f"{value:.1f} h" if value < 72 else f"{value / 24:.1f} days"
