"""What most commands need: the settings, the database, and the means to write a mail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings, load
from config.values import Unusable
from relay.foundation import open_database, open_house, utc_now
from relay.notices import Pen
from screening.addresses import plausible
from storage import changes, outbox, people
from storage.database import Connection, Database
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.people import Ambassador


@dataclass(frozen=True, slots=True)
class Office:
    """Open for one command."""

    settings: Settings
    database: Database
    pen: Pen

    def apply(self, wanted: Changes) -> None:
        """Write it; a running service finds it at its next look. Raises Conflict."""
        with self.database.write() as connection:
            changes.apply(connection, wanted, self.pen.now)
            # The command's process delivers nothing: leave it to the service's next round.
            outbox.tell_again(connection, self.pen.now)


@contextmanager
def office(config: Path | None) -> Iterator[Office]:
    """The office of the installation that the settings describe. Raises Unusable, Unavailable."""
    settings = load(config)
    database = open_database(settings)
    try:
        yield Office(
            settings, database, Pen(open_house(settings), utc_now(), Mint(secrets.token_bytes))
        )
    finally:
        database.close()


def ambassador_called(connection: Connection, name: str) -> Ambassador:
    """The ambassador of that name. Raises Unusable, naming those there are."""
    found = people.ambassador_by_name(connection, name.lower())
    if found is None:
        known = ", ".join(one.name for one in people.ambassadors(connection)) or "nobody yet"
        raise Unusable("NAME", name, f"the name of an ambassador ({known})")
    return found


def mail_address(text: str) -> str:
    """The argument ADDRESS. Raises Unusable if it is no mail address."""
    if not plausible(text):
        raise Unusable("ADDRESS", text, "a mail address such as dana@example.org")
    return text
