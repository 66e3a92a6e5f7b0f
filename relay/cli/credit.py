"""`peerpost referral` and `peerpost hires`: who earned the credit for a new colleague."""

from __future__ import annotations

from pathlib import Path

import click

from config.values import Unusable
from relay.cli.office import mail_address, office
from relay.cli.shown import as_json, how_many, show
from relay.reports import applicants
from relay.reports.applicants import Columns, Unreadable
from relay.reports.referral import Credit, check, import_hires, listing


@click.group(epilog="Example:  peerpost referral list")
def referral() -> None:
    """Who talked first with somebody who applies: check, list."""


@referral.command("check", epilog="Example:  peerpost referral check dana@example.org")
@click.argument("address")
@as_json
@click.pass_obj
def check_one(config: Path | None, address: str, as_json: bool) -> None:
    """Which ambassadors this person wrote to, and who earns the credit.

    It works after `forget` as well: the record holds a keyed digest of the address.
    """
    with office(config) as here, here.database.read() as connection:
        found = check(
            connection, mail_address(address), here.settings.referral.window, here.pen.now
        )
    show([_row(each) for each in found], as_json, "this address wrote to no ambassador")


@referral.command("list", epilog="Example:  peerpost referral list --json")
@as_json
@click.pass_obj
def list_all(config: Path | None, as_json: bool) -> None:
    """Every first contact that was answered.

    With those who would share the credit, and until when.
    """
    with office(config) as here, here.database.read() as connection:
        found = listing(connection, here.settings.referral.window)
    show([_row(each) for each in found], as_json, "nobody was answered yet")


def _row(credit: Credit) -> dict[str, object]:
    return {
        "id": credit.thread_id,
        "ambassador": credit.ambassador,
        "contacted_at": credit.contacted_at,
        "answered_at": credit.answered_at,
        "recommended_at": credit.recommended_at,
        "hired_at": credit.hired_at,
        "until": credit.until,
        "shared_by": list(credit.shared_by),
        "earns": credit.earned,
    }


@click.group(epilog="Example:  peerpost hires import hires-2026.csv")
def hires() -> None:
    """Who was hired, from the applicant tracking system: import."""


@hires.command("import", epilog="Example:  peerpost hires import hires-2026.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--email-column", default="", help="With the addresses, if it is not found.")
@click.option("--date-column", default="", help="With the days of hire, likewise.")
@click.option("--source-column", default="", help="With where they came from, likewise.")
@click.pass_obj
def import_file(
    config: Path | None, file: Path, email_column: str, date_column: str, source_column: str
) -> None:
    """Read who was hired, and say how many came through ambassadors.

    No address is kept that was not known. The file counts for all days from its first to its last,
    and replaces what was imported of them.
    """
    try:
        read = applicants.read(file.read_bytes(), Columns(email_column, date_column, source_column))
    except Unreadable as problem:
        raise Unusable("FILE", file.name, f"a CSV with addresses and dates ({problem})") from None
    with office(config) as here, here.database.write() as connection:
        window = here.settings.referral.window
        told = import_hires(connection, read, window, here.pen.mint, here.pen.now)
    click.echo(f"{how_many(told.hires, 'hire')}, {told.through} of them through ambassadors")
    for name, number in sorted(told.by_ambassador.items()):
        click.echo(f"  {name}: {number}")
