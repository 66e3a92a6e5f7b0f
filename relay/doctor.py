"""`peerpost doctor`: does everything that the relay leans on hold? One line for each check."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.settings import Settings, Transport
from config.values import Unusable
from relay import app
from relay.brokers import is_embedded, open_broker
from relay.delivery.signing import public_record
from screening.dns import Lookup, Undecided, resolver
from storage.failures import Unavailable, Unsealable

TIMEOUT = 5.0  # seconds for a connection


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it holds, and what to do if not."""

    what: str
    holds: bool
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Each check as it is done. Nothing is changed but that the tables are brought up to date."""
    yield Finding("settings", True, f"domain {settings.relay.domain}")
    yield _database(settings)
    yield _templates(settings)
    yield _broker(settings)
    if settings.delivery.transport is Transport.SMTP:
        yield _smarthost(settings)
    yield from _dns(settings, resolver(settings.dns.resolver))


def _database(settings: Settings) -> Finding:
    try:
        app.open_database(settings).close()
    except (Unavailable, Unsealable, OSError) as error:
        return Finding("database", False, str(error))
    return Finding("database", True, "opens, and its tables are up to date")


def _templates(settings: Settings) -> Finding:
    try:
        app.check_templates(app.open_house(settings), settings)
    except Unusable as error:
        return Finding("templates", False, str(error))
    return Finding("templates", True, "all of them can be filled in")


def _broker(settings: Settings) -> Finding:
    if is_embedded(settings.broker.url):
        return Finding("broker", True, "embedded in serve; nothing to reach")
    try:
        broker = open_broker(settings.broker.url)
        broker.declare_queue("default")
        broker.join("default", timeout=1)
    except Exception as error:  # noqa: BLE001 - each broker's library has failures of its own
        return Finding("broker", False, f"cannot be reached ({type(error).__name__})")
    return Finding("broker", True, "answers")


def _smarthost(settings: Settings) -> Finding:
    host, port = settings.delivery.host, settings.delivery.port
    try:
        with socket.create_connection((host, port), TIMEOUT) as connection:
            greeting = connection.recv(512).decode("ascii", "replace").strip()
    except OSError as error:
        return Finding("smarthost", False, f"{host}:{port} does not answer ({error})")
    return Finding("smarthost", greeting.startswith("220"), f"{host}:{port} says {greeting[:60]}")


def records(settings: Settings) -> dict[str, tuple[str, str, str]]:
    """What to publish: for each purpose the name, the type and the value."""
    domain, delivery = settings.relay.domain, settings.delivery
    wanted = {
        "MX": (domain, "MX", f"10 {socket.getfqdn()}"),
        "SPF": (domain, "TXT", "v=spf1 a:HOST-THAT-SENDS -all"),
        "DMARC": (f"_dmarc.{domain}", "TXT", "v=DMARC1; p=reject"),
    }
    if delivery.dkim_key is not None:
        name = f"{delivery.dkim_selector}._domainkey.{domain}"
        wanted["DKIM"] = (name, "TXT", public_record(delivery.dkim_key.read_bytes()))
    return wanted


def _dns(settings: Settings, lookup: Lookup) -> Iterator[Finding]:
    checks: dict[str, Callable[[tuple[str, ...], str], bool]] = {
        "MX": lambda found, wanted: bool(found),
        "SPF": lambda found, wanted: any(one.lower().startswith("v=spf1") for one in found),
        "DMARC": lambda found, wanted: any(one.startswith("v=DMARC1") for one in found),
        "DKIM": lambda found, wanted: any(_key(one) == _key(wanted) for one in found),
    }
    for purpose, (name, kind, value) in records(settings).items():
        try:
            found = lookup(name, kind)
        except Undecided:
            yield Finding(purpose, False, f"DNS did not answer for {name}")
            continue
        holds = checks[purpose](found, value)
        words = f"{name} is published" if holds else f'publish  {name}  {kind}  "{value}"'
        yield Finding(purpose, holds, words)


def _key(record: str) -> str:
    found = re.search(r"p=([A-Za-z0-9+/=\s]+)", record)
    return re.sub(r"\s", "", found[1]) if found else record
