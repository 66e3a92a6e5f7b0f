"""A report as one HTML page: what its template is given, and the charts as bars to be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from relay.reports.values import Figure, Report
from relay.reports.wording import plain, with_n, written
from templates.pages import page

MANY = 30  # with more ambassadors than this the load is drawn in classes
CLASSES = (0, 5, 15, 30, 60, 120)  # minutes a week, the lower bounds


@dataclass(frozen=True, slots=True)
class Bar:
    """`part` is its length, from 0 to 1. A withheld bar has none, and says so."""

    label: str
    text: str
    part: float
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`summary` says in words what the picture shows."""

    key: str
    title: str
    summary: str
    bars: tuple[Bar, ...]


def html(report: Report) -> str:
    """One self-contained page: no script, nothing from elsewhere, every name escaped."""
    facts = {
        "report": report,
        "tiles": _tiles(report),
        "charts": (_funnel(report), _answers(report), _loads(report)),
        "weeks": _weeks(report),
        "plain": plain,
        "written": written,
        "with_n": with_n,
    }
    return page("report", facts)


_TILES = (
    ("contacts", "New contacts"),
    ("within_24h", "Answered in 24 hours"),
    ("waiting", "Unanswered now"),
    ("stage:recommended", "Recommended"),
    ("minutes", "Minutes a week for an ambassador"),
)


def _tiles(report: Report) -> tuple[tuple[str, Figure, Figure], ...]:
    """The figures that come first, each with the one before."""
    lines = {line.now.key: line for section in report.sections for line in section.lines}
    return tuple(
        (label, lines[key].now, lines[key].before) for key, label in _TILES if key in lines
    )


def _bars(rows: Iterable[tuple[str, Figure]], text: str = "with_n") -> tuple[Bar, ...]:
    """Bars in proportion to the largest."""
    known = tuple(rows)
    largest = max((figure.value or 0 for _, figure in known), default=0) or 1
    write = with_n if text == "with_n" else written
    return tuple(
        Bar(plain(label), write(figure), (figure.value or 0) / largest, figure.withheld)
        for label, figure in known
    )


def _funnel(report: Report) -> Chart:
    bars = _bars((figure.label, figure) for figure in report.funnel)
    first, last = report.funnel[0], report.funnel[-1]
    summary = (
        f"Of {first.n} new contacts, {written(report.funnel[1])} were answered, "
        f"{written(report.funnel[2])} became a conversation and {written(last)} were hired."
        if first.n
        else "There were no new contacts."
    )
    return Chart("funnel", "How far new contacts came", summary, bars)


def _answers(report: Report) -> Chart:
    bars = _bars(((figure.label, figure) for figure in report.answers), "written")
    n = sum(int(figure.value or 0) for figure in report.answers)
    most = max(report.answers, key=lambda figure: figure.value or 0)
    summary = (
        f"{n} new contacts; the most frequent: {most.label.lower()}." if n else "No contacts yet."
    )
    return Chart("answers", "Time to the first answer", summary, bars)


def _weeks(report: Report) -> Chart:
    bars = _bars(((row.label, row.figures[0]) for row in report.weeks), "written")
    shown = [row.figures[0].value or 0 for row in report.weeks if not row.withheld]
    hidden = len(report.weeks) - len(shown)
    summary = f"Between {min(shown):.0f} and {max(shown):.0f} a week." if shown else ""
    if hidden:
        summary += f" {hidden} of {len(report.weeks)} weeks are withheld."
    return Chart("weeks", "New contacts each week", summary.strip(), bars)


def _loads(report: Report) -> Chart:
    title = "Minutes a week of each ambassador"
    rows = tuple((row.label, row.figures[0]) for row in report.loads)
    if not rows:
        return Chart("loads", title, "There are no ambassadors yet.", ())
    spent = [figure.value or 0 for _, figure in rows]
    summary = f"{len(rows)} ambassadors; the busiest spends about {max(spent):.0f} minutes a week."
    if len(rows) > MANY:
        return Chart("loads", "Ambassadors by minutes a week", summary, _classes(spent))
    return Chart("loads", title, summary, _bars(rows, "written"))


def _classes(spent: list[float]) -> tuple[Bar, ...]:
    """How many ambassadors spend how many minutes."""
    bounds = [*CLASSES, float("inf")]
    numbers = [sum(1 for each in spent if low <= each < high) for low, high in pairwise(bounds)]
    labels = [f"{low} to {high} minutes" for low, high in pairwise(CLASSES)]
    labels.append(f"{CLASSES[-1]} minutes or more")
    largest = max(numbers) or 1
    return tuple(
        Bar(label, str(number), number / largest)
        for label, number in zip(labels, numbers, strict=True)
    )
