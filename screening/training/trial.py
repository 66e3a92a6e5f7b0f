"""How well mails are judged by weights that were taught without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.training.corpus import Labelled
from screening.training.examples import example, likely, taught
from screening.training.fit import Example

_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Tried:
    """One mail and the likelihood that others' mails gave it."""

    mail: Labelled
    likelihood: float


def by_tenths(mails: Sequence[Labelled]) -> tuple[Tried, ...]:
    """Every mail judged by nine tenths of the others (each tenth mail of a label is left out)."""
    order = sorted(range(len(mails)), key=lambda place: (mails[place].label, place))
    fold_of = {place: number % _FOLDS for number, place in enumerate(order)}
    return tuple(_tried(mails, [fold_of[place] for place in range(len(mails))]))


def by_language(mails: Sequence[Labelled]) -> tuple[Tried, ...]:
    """Every mail that is not English judged by mails in other languages only."""
    return tuple(
        one for one in _tried(mails, [mail.language for mail in mails]) if one.mail.language != "en"
    )


def _tried(mails: Sequence[Labelled], folds: Sequence[object]) -> Iterator[Tried]:
    examples = [example(mail) for mail in mails]
    for fold in sorted(set(folds), key=str):
        if fold == "en":
            continue
        known: list[Example] = []
        left: list[int] = []
        for place, one in enumerate(examples):
            if folds[place] == fold:
                left.append(place)
            else:
                known.append(one)
        lesson = taught(known)
        for place in left:
            yield Tried(mails[place], likely(examples[place], *lesson))
