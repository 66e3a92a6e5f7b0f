"""The calibration report: how mails fare that the weights were not taught with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from screening.judge import ENOUGH, evidence, sort_of
from screening.model import weigh, weights
from screening.training.corpus import Labelled
from screening.training.trial import Tried

_LABELS = ("serious", "student", "applicant", "vendor", "abuse", "automatic")
_SHOWN = 12  # mails that went wrong, of either kind
_BINS = (0.0, 0.1, 0.45, 0.7, 0.9, 1.0)


def report(
    mails: Sequence[Labelled], tenths: Sequence[Tried], languages: Sequence[Tried], prose: str
) -> str:
    """A page in Markdown: `prose` in front, then the tables."""
    return "\n".join(
        [
            prose.rstrip(),
            "",
            "## Judged by the mails of the other nine tenths",
            "",
            f"{len(mails)} mails, forwarded if the likelihood is at least {ENOUGH}.",
            "",
            *_table(tenths, lambda one: one.mail.label, _LABELS),
            "",
            "## Judged by mails in other languages only",
            "",
            "English is always taught, so that these are the others: what to expect of a language",
            "that the mails do not have but the phrase lists do.",
            "",
            *_table(languages, lambda one: one.mail.label, _LABELS),
            "",
            "## By language (nine tenths)",
            "",
            *_by_language(tenths),
            "",
            "## Is the likelihood one?",
            "",
            *_calibration(tenths),
            "",
            "## What goes wrong",
            "",
            *_wrong(tenths),
            "",
        ]
    )


def _table(tried: Iterable[Tried], key: Callable[[Tried], str], names: Iterable[str]) -> list[str]:
    rows = ["| what it is | mails | forwarded | doubtful | unlikely |", "|---|---|---|---|---|"]
    groups = {name: [one.likelihood for one in tried if key(one) == name] for name in names}
    for name, found in groups.items():
        if found:
            forwarded = sum(value >= ENOUGH for value in found)
            unlikely = sum(value < 0.1 for value in found)
            shares = (forwarded, len(found) - forwarded - unlikely, unlikely)
            cells = " | ".join(f"{count} ({100 * count / len(found):.1f} %)" for count in shares)
            rows.append(f"| {name} | {len(found)} | {cells} |")
    return rows


def _by_language(tried: Sequence[Tried]) -> list[str]:
    rows = ["| language | serious forwarded | others forwarded |", "|---|---|---|"]
    sizes = Counter(one.mail.language for one in tried)
    for language, _ in sizes.most_common():
        cells = []
        for serious in (True, False):
            found = [
                one.likelihood >= ENOUGH
                for one in tried
                if one.mail.language == language and (one.mail.label == "serious") is serious
            ]
            cells.append(f"{sum(found)} of {len(found)}")
        rows.append(f"| {language} | {' | '.join(cells)} |")
    return rows


def _calibration(tried: Sequence[Tried]) -> list[str]:
    rows = ["| likelihood | mails | of them serious |", "|---|---|---|"]
    for low, high in pairwise(_BINS):
        found = [one.mail.label == "serious" for one in tried if low <= one.likelihood < high]
        if found:
            rows.append(
                f"| {low} to {high} | {len(found)} | {100 * sum(found) / len(found):.0f} % |"
            )
    return rows


def _wrong(tried: Sequence[Tried]) -> list[str]:
    rows = ["| what it is | language | subject | likelihood | what weighed most |"]
    rows.append("|---|---|---|---|---|")
    lost = [one for one in tried if one.mail.label == "serious" and one.likelihood < ENOUGH]
    passed = [one for one in tried if one.mail.label != "serious" and one.likelihood >= ENOUGH]
    lost.sort(key=lambda one: one.likelihood)
    passed.sort(key=lambda one: -one.likelihood)
    return rows + [_row(one) for one in (*lost[:_SHOWN], *passed[:_SHOWN])]


def _row(one: Tried) -> str:
    case = one.mail.case
    weighed = weigh(evidence(case), weights(), {})
    named = ", ".join(f"{found.rule} {-found.weight:+.1f}" for found in weighed[:4])
    subject = case.message.header("Subject").replace("|", "/")
    against = f"{sort_of(weighed)}: {named}"
    return (
        f"| {one.mail.label} | {one.mail.language} | {subject} | {one.likelihood:.2f} | {against} |"
    )
