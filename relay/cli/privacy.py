"""What is stored about a person, and how it goes."""

from __future__ import annotations

from pathlib import Path

import click

from config.values import Unusable
from relay import roster
from relay.cli.office import office
from screening.addresses import plausible
from storage import people


@click.command(epilog="Example:  peerpost forget dana@example.org")
@click.argument("address")
@click.pass_obj
def forget(config: Path | None, address: str) -> None:
    """Erase all that is stored about a candidate, and confirm it to them by mail."""
    if not plausible(address):
        raise Unusable("ADDRESS", address, "a mail address such as dana@example.org")
    with office(config) as here:
        with here.database.read() as connection:
            candidate = people.candidate_by_address(connection, address)
        if candidate is None:
            click.echo("nothing is stored about this address")
            return
        here.apply(roster.forget(candidate, here.pen))
        click.echo("erased")
