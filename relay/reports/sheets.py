"""A report as CSV that no spreadsheet can be made to run."""

from __future__ import annotations

import csv as rfc4180
import io
import re

from relay.reports.values import Figure, Report
from relay.reports.wording import WITHHELD, plain

# What a spreadsheet takes for a formula (OWASP, "CSV Injection"): at the start of a cell, and after
# what other locales take for its end. The full-width forms count in East Asian locales.
_FORMULA = re.compile(r"(^|[;|])(?=\s*[=+\-@＝＋－＠])")


def cell(text: str) -> str:
    """Text in one line that no spreadsheet runs: an apostrophe stands before what it would take for
    a formula, and tabs, line ends and other control characters are written out."""
    return _FORMULA.sub(r"\1'", plain(text))


CSV_COLUMNS = (
    "section",
    "group",
    "name",
    "figure",
    "label",
    "unit",
    "value",
    "n",
    "value_before",
    "n_before",
)


def csv(report: Report) -> str:
    """One line for each figure (RFC 4180), so that it can be filtered and pivoted."""
    out = io.StringIO(newline="")
    writer = rfc4180.writer(out, quoting=rfc4180.QUOTE_ALL)
    writer.writerow(CSV_COLUMNS)
    for section in report.sections:
        for line in section.lines:
            now, before = _numbers(line.now), _numbers(line.before)
            writer.writerow([cell(section.key), "", "", *_named(line.now), *now, *before])
    for name, rows in report.groups():
        for row in rows:
            for figure in row.figures:
                called = (name, cell(row.key), cell(row.label))
                writer.writerow([*called, *_named(figure), *_numbers(figure), "", ""])
    return out.getvalue()


def _named(figure: Figure) -> tuple[str, str, str]:
    return cell(figure.key), cell(figure.label), figure.unit.value


def _numbers(figure: Figure) -> tuple[str, str]:
    if figure.withheld:
        return WITHHELD, WITHHELD
    value = "" if figure.value is None else f"{figure.value:.6g}"
    return value, "" if figure.n is None else str(figure.n)
