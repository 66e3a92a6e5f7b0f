"""`peerpost ambassador`: who may be written to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from config.values import Unusable
from relay import roster
from relay.cli import people_file
from relay.cli.office import Office, ambassador_called, office
from relay.cli.shown import as_json, how_many, show
from relay.masking.addresses import Public
from relay.threads import farewell
from relay.threads.parties import talks as talks_of
from relay.threads.states import is_open
from storage import outbox, people, threads
from storage.records.changes import Changes
from storage.records.people import Ambassador, AmbassadorState


@click.group(epilog="Example:  peerpost ambassador list")
def ambassador() -> None:
    """Who may be written to: add, import, list, pause, resume, remove."""


@ambassador.command(
    epilog="\b\nExample:\n  peerpost ambassador add alex"
    ' --name "Alex Chen" --email alex@company.example'
)
@click.argument("name")
@click.option("--name", "display_name", required=True, help="Their name, as colleagues know it.")
@click.option(
    "--email",
    multiple=True,
    required=True,
    help="Their mailbox; of several, mail goes to the first.",
)
@click.option("--backup", default="", help="The NAME of who is asked when they do not answer.")
@click.option("--timezone", default="UTC", show_default=True, help="Such as Europe/Berlin.")
@click.option("--country", default="", help="For public holidays, such as DE.")
@click.option("--topic", multiple=True, help="What they like to talk about; may be repeated.")
@click.option("--role", default="", help="Their job, as it stands on the careers page.")
@click.option(
    "--language", multiple=True, help="In which they like to be written to; may be repeated."
)
@click.pass_obj
def add(
    config: Path | None,
    name: str,
    display_name: str,
    email: tuple[str, ...],
    backup: str,
    timezone: str,
    country: str,
    topic: tuple[str, ...],
    role: str,
    language: tuple[str, ...],
) -> None:
    """Make the masked address peer-NAME@DOMAIN.

    There candidates write to them; it is printed.
    """
    wanted = roster.Wanted(
        name, display_name, email, role, topic, timezone, country, backup, language
    )
    with office(config) as here:
        made = _add_all(here, [wanted])[0]
        click.echo(here.pen.house.plan.write(Public(made.name)))
        with here.database.read() as connection:
            helps = people.ambassador_by_name(connection, made.backup)
    if made.backup and helps is None:
        click.echo(f"nobody is called {made.backup} yet: until then no backup is asked", err=True)


@ambassador.command(
    "import",
    epilog="Example:  peerpost ambassador import people.csv",
    help="Add many at once, all or none.\n\n"
    "FILE is CSV. Its first line names the columns: name and email, and any others of"
    f" {', '.join(people_file.COLUMNS)}. Several emails, topics or languages are separated by"
    " spaces.",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(config: Path | None, file: Path) -> None:
    with office(config) as here:
        made = _add_all(here, people_file.read(file), numbered=True)
        click.echo(f"{how_many(len(made), 'ambassador')} added")


def _add_all(
    here: Office, wanted: Iterable[roster.Wanted], numbered: bool = False
) -> list[Ambassador]:
    """All of them or none. Raises Unusable, with the line's number if they come from a file."""
    made: list[Ambassador] = []
    with here.database.read() as connection:
        known = people.ambassadors(connection)
    for number, one in enumerate(wanted, 2):
        try:
            made.append(roster.add(one, (*known, *made), here.pen))
        except Unusable as error:
            where = f"line {number}" if numbered else ""
            raise Unusable(error.key, error.value, error.wanted, origin=where) from None
    names = {one.name for one in (*known, *made)}
    for added in made:
        if added.backup and added.backup not in names and numbered:
            raise Unusable("backup", added.backup, f"the name of an ambassador, for {added.name}")
    here.apply(Changes(ambassadors=tuple(made)))
    return made


@ambassador.command("list", epilog="Example:  peerpost ambassador list --json")
@as_json
@click.pass_obj
def list_(config: Path | None, as_json: bool) -> None:
    """Who there is. Real mailboxes are not shown."""
    with office(config) as here, here.database.read() as connection:
        rows = [
            {
                "id": one.id,
                "name": one.name,
                "address": here.pen.house.plan.write(Public(one.name)),
                "display_name": one.display_name,
                "state": "mail comes back" if one.suspended else one.state,
                "paused_until": one.paused_until,
                "backup": one.backup,
                "timezone": one.timezone,
                "country": one.country,
                "topics": list(one.topics),
                "role": one.role,
            }
            for one in people.ambassadors(connection)
            if one.state is not AmbassadorState.REMOVED
        ]
    show(rows, as_json, "nobody yet; peerpost ambassador add --help tells how to add the first")


@ambassador.command(epilog="Example:  peerpost ambassador pause alex --until 2027-01-10")
@click.argument("name")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The first day back.")
@click.pass_obj
def pause(config: Path | None, name: str, until: datetime | None) -> None:
    """They are away for a while.

    No reminders and no new conversations until then, or until `resume`. Whoever writes to them
    first is told when they are back, and who has time meanwhile.
    """
    with office(config) as here:
        with here.database.read() as connection:
            alex = ambassador_called(connection, name)
        back = datetime.combine(until, time(), ZoneInfo(alex.timezone)) if until else None
        if back is not None and back <= here.pen.now:
            raise Unusable("--until", f"{back:%Y-%m-%d}", "a day to come")
        here.apply(roster.pause(alex, back, here.pen))


@ambassador.command(epilog="Example:  peerpost ambassador resume alex")
@click.argument("name")
@click.pass_obj
def resume(config: Path | None, name: str) -> None:
    """They are back.

    Reminders and new conversations begin again.
    """
    with office(config) as here:
        with here.database.read() as connection:
            alex = ambassador_called(connection, name)
            waiting = threads.of_ambassador(connection, alex.id)
        here.apply(roster.resume(alex, waiting, here.settings.followup, here.pen))


@ambassador.command(epilog="Example:  peerpost ambassador remove alex")
@click.argument("name")
@click.pass_obj
def remove(config: Path | None, name: str) -> None:
    """They leave the program.

    Their masked address takes no mail any more. Their open conversations go to the backup, or end
    with a kind word; figures stay.
    """
    with office(config) as here:
        with here.database.read() as connection:
            alex = ambassador_called(connection, name)
            open_ = [one for one in threads.of_ambassador(connection, alex.id) if is_open(one)]
            talks = talks_of(connection, open_)
            held = tuple(
                item for one in open_ for item in outbox.held_in_thread(connection, one.id)
            )
        here.apply(farewell.remove(alex, talks, held, here.settings.followup, here.pen))
