"""A report on one screen, and in one mail: the figures that come first."""

from __future__ import annotations

import textwrap

from relay.reports.tables import aligned, heading, stacked, width
from relay.reports.values import Figure, Line, Report, Row
from relay.reports.wording import plain, with_n, written

# Lines and columns of a screen that everybody has.
HEIGHT, WIDTH = 40, 100

_FIGURES = (
    ("contacts", "New contacts"),
    ("reached", "of these, came to an ambassador"),
    ("within_24h", "Answered within 24 hours"),
    ("within_24h_working", "Answered within 24 working hours"),
    ("median", "Median time to the first answer"),
    ("waiting", "Unanswered now"),
    ("precision", "Precision: worth more than a /pass"),
    ("held", "First contacts held"),
    ("refused", "First contacts refused"),
    ("conversations", "Two mails or more each way"),
    ("stage:coffee", "Coffees"),
    ("stage:recommended", "Recommended"),
    ("stage:hired", "Hired"),
    ("worth:candidate", "Worth their time, say candidates"),
    ("worth:ambassador", "Worth their time, say ambassadors"),
    ("minutes", "Minutes a week, median ambassador"),
    ("leaks", "Leaks caught before a mail went out"),
)
_COLUMNS = ("contacts", "within_24h", "median", "waiting", "precision", "recommended", "hired")
_NAME = 22  # columns of a name
_ROWS = 9  # of the breakdown


def lines(report: Report) -> tuple[tuple[str, Line], ...]:
    """The figures that come first, each with what it is called here."""
    return tuple((label, report.figure(key)) for key, label in _FIGURES)


def overview(report: Report) -> str:
    """Plain text of at most HEIGHT lines of WIDTH columns; as safe as `table`."""
    figures = [("", "this period", "the one before")]
    figures += [(label, with_n(line.now), with_n(line.before)) for label, line in lines(report)]
    blocks = [
        "\n".join(textwrap.fill(line, WIDTH) for line in heading(report).split("\n")),
        "\n".join(aligned(figures)),
        *_breakdown(report),
        "Every figure, and what each is taken over: peerpost report --full",
    ]
    return "\n\n".join(blocks) + "\n"


def _breakdown(report: Report) -> tuple[str, ...]:
    """The largest groups; nothing where there is none."""
    rows = report.breakdown.rows
    if not rows:
        return ()
    largest = sorted(rows, key=lambda row: -(row.figures[0].value or 0))[:_ROWS]
    shown = [row for row in rows if row in largest]
    if report.breakdown.rest:
        shown.append(report.breakdown.rest)
    head = stacked([figure.label for figure in _chosen(shown[0])])
    body = [(_name(row), *(written(figure) for figure in _chosen(row))) for row in shown]
    more = f", the largest of {len(rows)}" if len(rows) > len(largest) else ""
    return ("\n".join((f"By {report.breakdown.by}{more}", *aligned([*head, *body]))),)


def _chosen(row: Row) -> tuple[Figure, ...]:
    by_key = {figure.key: figure for figure in row.figures}
    return tuple(by_key[key] for key in _COLUMNS)


def _name(row: Row) -> str:
    text = plain(row.label)
    if width(text) <= _NAME:
        return text
    while width(text) >= _NAME:
        text = text[:-1]
    return f"{text}…"
