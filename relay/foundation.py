"""What every command and every process begins with: the clock, the database, our house."""

from __future__ import annotations

from datetime import UTC, datetime

from config.settings import Settings
from config.values import Unusable
from relay.masking.addresses import Plan
from relay.notices import House
from storage.database import Database
from templates.render import Broken, Templates


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_house(settings: Settings) -> House:
    """What mails of ours say, and in which words."""
    relay = settings.relay
    return House(Plan(relay.domain), relay.company, relay.language, Templates(relay.templates))


def check_templates(house: House, settings: Settings) -> None:
    """Finds what cannot be filled in now, and not when a candidate writes. Raises Unusable.

    Our own texts are filled in by the tests; it is the company's that have to be tried.
    """
    if settings.relay.templates is None:
        return
    try:
        house.templates.check()
    except Broken as broken:
        wanted = f"a folder of templates that can be filled in: {broken}"
        raise Unusable("relay.templates", str(settings.relay.templates), wanted) from None


def open_database(settings: Settings) -> Database:
    """The database with its tables up to date."""
    database = Database(settings.storage.url, settings.storage.key, settings.storage.spool)
    database.migrate()
    return database
