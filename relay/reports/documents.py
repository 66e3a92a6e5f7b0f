"""A report as one JSON document."""

from __future__ import annotations

import json as rfc8259
from datetime import UTC

from relay.reports.values import Figure, Report, Row


def json(report: Report) -> str:
    """One JSON document; `value` is null where there is nothing to measure or it is withheld."""
    document = {
        "made_at": report.made_at.astimezone(UTC).isoformat(),
        "since": report.period.since.astimezone(UTC).isoformat(),
        "until": report.period.until.astimezone(UTC).isoformat(),
        "basis": report.basis,
        "sections": {
            section.key: {
                line.now.key: {**_facts(line.now), "before": _facts(line.before)}
                for line in section.lines
            }
            for section in report.sections
        },
        **{name: [_row(row) for row in rows] for name, rows in report.groups()},
    }
    return rfc8259.dumps(document, indent=2) + "\n"


def _facts(figure: Figure) -> dict[str, object]:
    return {
        "unit": figure.unit.value,
        "value": figure.value,
        "n": figure.n,
        "withheld": figure.withheld,
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "key": row.key,
        "label": row.label,
        "figures": {figure.key: _facts(figure) for figure in row.figures},
    }
