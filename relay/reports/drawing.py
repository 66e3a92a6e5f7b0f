"""A report as one HTML page: what its template is given, and the charts as bars to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from relay.reports import load
from relay.reports.tally import STEPS
from relay.reports.values import Figure, Report, Row
from relay.reports.wording import basis, plain, written
from templates.pages import page

MANY = 25  # with more ambassadors than this the load is drawn in classes
CLASSES = (0, 5, 15, 30, 60, 120)  # minutes a week, the lower bounds
WIDEST = 30  # letters beside a bar; of a longer label the beginning is shown

PROMISE = (
    "Groups of fewer than five people are withheld, and with them the next smallest where a "
    "subtraction would tell."
)


@dataclass(frozen=True, slots=True)
class Bar:
    """`part` is its length, from 0 to 1. A withheld bar has none, and says so."""

    label: str
    text: str
    part: float
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`summary` says in words what the picture shows; `most` is what the longest bar stands for."""

    key: str
    title: str
    summary: str
    bars: tuple[Bar, ...]
    most: str = ""
    upright: bool = False


def html(report: Report) -> str:
    """One self-contained page: no script, nothing from elsewhere, every name escaped."""
    days = (report.period.until - report.period.since).days
    facts = {
        "report": report,
        "since": _day(report.period.since),
        "until": _day(report.period.until),
        "length": f"{days} days" if days != 1 else "day",
        "tiles": _tiles(report),
        "charts": (_funnel(report), _answers(report), _weeks(report), _loads(report)),
        "tables": _tables(report),
        "promise": PROMISE,
        "plain": plain,
        "written": written,
        "basis": basis,
    }
    return page("report", facts)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %B %Y}"


_TILES = (
    ("contacts", "New contacts"),
    ("within_24h", "Answered within 24 hours"),
    ("waiting", "Unanswered now"),
    ("stage:recommended", "Recommended"),
    ("minutes", "Minutes a week, median ambassador"),
)


def _tiles(report: Report) -> tuple[tuple[str, Figure, Figure], ...]:
    """The figures that come first, each with the one before."""
    lines = ((label, report.figure(key)) for key, label in _TILES)
    return tuple((label, line.now, line.before) for label, line in lines)


def _tables(report: Report) -> tuple[tuple[str, str, str, tuple[Row, ...]], ...]:
    """What is told group by group: key, title, note and rows."""
    by, rest = report.breakdown, report.breakdown.rest
    rows = (*by.rows, rest) if rest else by.rows
    return (
        ("groups", f"By {by.by}", by.note, rows),
        ("loads", "Load of each ambassador", load.NOTE, report.loads),
    )


def _bars(
    rows: Iterable[tuple[str, Figure]], write: Callable[[Figure], str] = written
) -> tuple[Bar, ...]:
    """Bars in proportion to the largest."""
    known = tuple(rows)
    largest = max((figure.value or 0 for _, figure in known), default=0) or 1
    return tuple(
        Bar(_short(label), write(figure), (figure.value or 0) / largest, figure.withheld)
        for label, figure in known
    )


def _short(label: str) -> str:
    text = plain(label)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1].rstrip()}…"


def _funnel(report: Report) -> Chart:
    title = "How far new contacts came"
    steps = {step: report.figure(f"funnel:{step}").now for step in STEPS}
    first = steps["contact"]
    if first.withheld or not first.n:
        few = "Of fewer than five nothing is told." if first.withheld else "There were none."
        return Chart("funnel", title, few, ())
    summary = (
        f"Of {first.n:,} new contacts {written(steps['answered'])} were answered, "
        f"{written(steps['conversation'])} became a conversation, "
        f"{written(steps['recommended'])} were recommended and {written(steps['hired'])} hired."
    )
    bars = _bars(((figure.label, figure) for figure in steps.values()), _share_and_number)
    return Chart("funnel", title, summary, bars)


def _share_and_number(figure: Figure) -> str:
    return f"{written(figure)} ({(figure.value or 0) * (figure.n or 0):,.0f})"


def _answers(report: Report) -> Chart:
    title = "Time to the first answer"
    number = sum(int(figure.value or 0) for figure in report.answers)
    if not number:
        return Chart("answers", title, "Nothing has come to an ambassador yet.", ())
    most = max(report.answers, key=lambda figure: figure.value or 0)
    summary = (
        f"Of {number:,} contacts that came to an ambassador most, {written(most)}, stand under "
        f"“{most.label}”. On the wall clock, from the first mail."
    )
    return Chart("answers", title, summary, _bars((each.label, each) for each in report.answers))


def _weeks(report: Report) -> Chart:
    weeks = [(row.label, row.figures[0]) for row in report.weeks]
    if not any(figure.withheld or figure.value for _, figure in weeks):
        return Chart("weeks", "New contacts each week", "There were none.", ())
    bars = _bars(weeks)
    shown = [int(figure.value or 0) for _, figure in weeks if not figure.withheld]
    hidden = len(weeks) - len(shown)
    sentences = [f"Between {min(shown)} and {max(shown)} in a week."] if any(shown) else []
    if hidden:
        sentences.append(f"{hidden} of {len(bars)} weeks are withheld (hatched).")
    most = str(max(shown, default=0) or "")
    return Chart("weeks", "New contacts each week", " ".join(sentences), bars, most, upright=True)


def _loads(report: Report) -> Chart:
    title = "Minutes a week of each ambassador"
    rows = tuple((row.label, row.figures[0]) for row in report.loads)
    if not rows:
        return Chart("loads", title, "There are no ambassadors yet.", ())
    spent = [figure.value or 0 for _, figure in rows]
    number = f"{len(rows)} ambassadors" if len(rows) > 1 else "One ambassador"
    summary = f"{number}; at most {max(spent):.0f} minutes a week, estimated from words."
    if len(rows) > MANY:
        return Chart("loads", "Ambassadors by minutes a week", summary, _classes(spent))
    return Chart("loads", title, summary, _bars(rows))


def _classes(spent: list[float]) -> tuple[Bar, ...]:
    """How many ambassadors spend how many minutes."""
    numbers = [
        sum(1 for each in spent if low <= each < high)
        for low, high in pairwise((*CLASSES, float("inf")))
    ]
    labels = [f"{low} to {high} minutes" for low, high in pairwise(CLASSES)]
    labels.append(f"{CLASSES[-1]} minutes or more")
    largest = max(numbers)
    return tuple(
        Bar(label, f"{number}", number / largest)
        for label, number in zip(labels, numbers, strict=True)
    )
