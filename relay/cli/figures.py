"""`peerpost report`: what HR sees, from metadata alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from config import values
from config.values import Unusable
from relay.cli.office import office
from relay.reports import make, render
from relay.reports.clock import working_time
from relay.reports.values import By, Period

FORMATS = {"table": render.overview, "csv": render.csv, "json": render.json, "html": render.html}


@click.command(epilog="Example:  peerpost report --since 90d --format html --out report.html")
@click.option("--since", default="30d", show_default=True, help="A duration before now, or a day.")
@click.option("--until", default="now", show_default=True, help="The same, or now.")
@click.option(
    "--by",
    type=click.Choice([one.value for one in By]),
    default=By.AMBASSADOR.value,
    show_default=True,
    help="What is compared.",
)
@click.option(
    "--format", "kind", type=click.Choice(list(FORMATS)), default="table", show_default=True
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of here."
)
@click.option("--full", is_flag=True, help="All figures in the table, not only the first.")
@click.pass_obj
def report(
    config: Path | None, since: str, until: str, by: str, kind: str, out: Path | None, full: bool
) -> None:
    """What the program did, in figures; never a word of a conversation."""
    with office(config) as here:
        now = here.pen.now
        begins, ends = _moment("--since", since, now), _moment("--until", until, now)
        if begins >= ends:
            raise Unusable("--since", since, "something before --until")
        clock = working_time(Period(begins, ends), here.settings.followup)
        with here.database.read() as connection, _progress() as progress:
            made = make.report(connection, begins, ends, By(by), now, clock, progress)
    text = render.table(made) if full and kind == "table" else FORMATS[kind](made)
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        out.write_text(text, encoding="utf-8")


def _moment(option: str, text: str, now: datetime) -> datetime:
    """A duration before now, a day in UTC, or now. Raises Unusable."""
    if text == "now":
        return now
    with suppress(ValueError):  # then it is a day
        return now - values.duration(text)
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - only the day is used
    except ValueError:
        raise Unusable(
            option, text, "a duration such as 30d, or a day such as 2026-01-31"
        ) from None
    return datetime.combine(day, time(), UTC)


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """A bar on a terminal, gone when the work is done; nothing where nobody looks."""
    bar = Progress(console=Console(stderr=True), transient=True)
    if not bar.console.is_terminal:
        yield lambda _: None
        return
    with bar:
        task = bar.add_task("Adding up", total=1.0)
        yield lambda done: bar.update(task, completed=done)
