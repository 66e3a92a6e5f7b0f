"""A report as plain text for a terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from relay.reports.values import Report, Row
from relay.reports.wording import plain, with_n, written

WIDEST = 60  # characters of a name; a longer one is cut
NARROW = 10  # characters of a line of a heading, if its words let it


def table(report: Report) -> str:
    """Plain text for a terminal: no control characters, whatever a name holds."""
    blocks = [heading(report)]
    for section in report.sections:
        lines: list[tuple[str, ...]] = [("", "this period", "the one before")]
        lines += [
            (plain(line.now.label), with_n(line.now), with_n(line.before)) for line in section.lines
        ]
        if len(lines) > 1:
            blocks.append(_titled(section.title, aligned(lines), section.note))
    rest = (report.breakdown.rest,) if report.breakdown.rest else ()
    title, rows = f"By {report.breakdown.by}", (*report.breakdown.rows, *rest)
    blocks += _grouped(title, rows, report.breakdown.note)
    blocks += _grouped("Load of each ambassador", report.loads, "")
    return "\n\n".join(blocks) + "\n"


def _grouped(title: str, rows: tuple[Row, ...], note: str) -> Iterator[str]:
    """One table, or none where there is nothing to show."""
    if rows:
        head = stacked([figure.label for figure in rows[0].figures])
        body = [(plain(row.name), *(written(figure) for figure in row.figures)) for row in rows]
        yield _titled(title, aligned([*head, *body]), note)


def stacked(labels: list[str]) -> list[tuple[str, ...]]:
    """Narrow headings over several lines, the last word of each at the bottom."""
    columns = [
        textwrap.wrap(label, NARROW, break_long_words=False)[::-1] for label in ("", *labels)
    ]
    return list(zip_longest(*columns, fillvalue=""))[::-1]


def heading(report: Report) -> str:
    """The period, and what the report is based on."""
    since, until = report.period.since, report.period.until
    return (
        f"Report from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC\n{report.basis}".strip()
    )


def _titled(title: str, lines: Iterable[str], note: str) -> str:
    return "\n".join([title, *lines, *([note] if note else [])])


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The first column to the left, the others to the right, two columns apart."""
    cut = [tuple(_cut(cell) for cell in row) for row in rows]
    widths = [max(map(width, column)) for column in zip(*cut, strict=True)]
    for first, *others in cut:
        cells = [first + " " * (widths[0] - width(first))]
        cells += [
            " " * (space - width(cell)) + cell
            for cell, space in zip(others, widths[1:], strict=True)
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
