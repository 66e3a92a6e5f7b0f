"""Listings, as JSON or as columns. Whatever a stranger wrote is shown as printable text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum

import click

Row = Mapping[str, object]

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


def show(rows: Sequence[Row], as_json: bool, empty: str) -> None:
    """One JSON document, or a column for each key; `empty` says that there is nothing."""
    if as_json:
        click.echo(json.dumps([{k: _plain(v) for k, v in row.items()} for row in rows], indent=2))
    elif not rows:
        click.echo(empty)
    else:
        _columns([{key: _cell(value) for key, value in row.items()} for row in rows])


@contextmanager
def counted(label: str) -> Iterator[Callable[[int], None]]:
    """Shows on a terminal how far long work of unknown length has come; told of each portion."""
    done, shown = 0, sys.stderr.isatty()

    def told(more: int) -> None:
        nonlocal done
        done += more
        if shown:
            click.echo(f"\r{done} {label}", nl=False, err=True)

    yield told
    if shown and done:
        click.echo(err=True)


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def how_many(count: int, what: str) -> str:
    """So many of something, whose plural ends in an s."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def printable(text: str) -> str:
    """Without line ends, terminal escapes and whatever else a terminal would obey."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    return str(value) if isinstance(value, StrEnum) else value


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, (list, tuple)):
        parts = (one["reason"] if isinstance(one, dict) else str(one) for one in value)
        return printable("; ".join(parts))
    return printable("" if value is None else str(value))


def _columns(rows: list[dict[str, str]]) -> None:
    names = list(rows[0])
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    for row in [{name: name.replace("_", " ") for name in names}, *rows]:
        click.echo("  ".join(row[name].ljust(widths[name]) for name in names).rstrip())
