"""`peerpost doctor`: does everything that the relay leans on hold? One line for each check."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from config.settings import Settings, Transport
from config.values import Unusable
from relay import app, foundation
from relay.brokers import is_embedded, open_broker
from relay.delivery import mta_sts, policy_file
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
        foundation.open_database(settings).close()
    except (Unavailable, Unsealable, OSError) as error:
        return Finding("database", False, str(error))
    return Finding("database", True, "opens, and its tables are up to date")


def _templates(settings: Settings) -> Finding:
    try:
        foundation.check_templates(foundation.open_house(settings), settings)
    except Unusable as error:
        return Finding("templates", False, str(error))
    return Finding("templates", True, "all of them can be filled in")


def _broker(settings: Settings) -> Finding:
    if is_embedded(settings.broker.url):
        return Finding("broker", True, "embedded in serve; nothing to reach")
    try:
        broker = open_broker(settings.broker.url)
    except Unusable as error:
        return Finding("broker", False, str(error))
    try:
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


@dataclass(frozen=True, slots=True)
class Record:
    """What to publish. `fits` tells whether what was found will do; others can be done without."""

    purpose: str
    name: str
    kind: str
    value: str
    fits: Callable[[str], bool]
    needed: bool = True


def records(settings: Settings) -> tuple[Record, ...]:
    """Everything that the relay's domain should say of itself in DNS.

    Raises Unusable for a DKIM key that is none.
    """
    domain, today = settings.relay.domain, f"{foundation.utc_now():%Y%m%d}"
    return (
        Record("MX", domain, "MX", f"10 {_this_host()}", bool),
        _beginning("SPF", domain, "v=spf1", " a:HOST-THAT-SENDS -all"),
        _beginning("DMARC", f"_dmarc.{domain}", "v=DMARC1", "; p=reject"),
        *app.of_dkim_keys(settings, lambda pem, name: _dkim(f"{name}._domainkey.{domain}", pem)),
        replace(
            _beginning("MTA-STS", f"_mta-sts.{domain}", "v=STSv1", f"; id={today}"), needed=False
        ),
        replace(
            _beginning(
                "TLS-RPT", f"_smtp._tls.{domain}", "v=TLSRPTv1", "; rua=mailto:YOU@ELSEWHERE"
            ),
            needed=False,
        ),
    )


def _beginning(purpose: str, name: str, version: str, rest: str) -> Record:
    """A record whose version is what counts."""

    def fits(found: str) -> bool:
        return found.lower().startswith(version.lower())

    return Record(purpose, name, "TXT", version + rest, fits)


def _this_host() -> str:
    """The name by which others find this machine, where it knows one."""
    name = socket.getfqdn()
    return name if "." in name and not name.startswith("localhost") else "NAME-OF-THIS-HOST"


def _dkim(name: str, pem: bytes) -> Record:
    wanted = public_record(pem)
    return Record("DKIM", name, "TXT", wanted, lambda found: _key(found) == _key(wanted))


def _dns(settings: Settings, lookup: Lookup) -> Iterator[Finding]:
    published = set()
    try:
        wanted = records(settings)
    except Unusable as error:
        yield Finding("DKIM", False, str(error))
        return
    for one in wanted:
        try:
            found = lookup(one.name, one.kind)
        except Undecided:
            yield Finding(one.purpose, False, f"DNS did not answer for {one.name}")
            continue
        if any(one.fits(text) for text in found):
            published.add(one.purpose)
            yield Finding(one.purpose, True, f"{one.name} is published")
            continue
        advice = "publish" if one.needed else "you may publish"
        words = f'{advice}  {one.name}  {one.kind}  "{one.value}"'
        yield Finding(one.purpose, not one.needed, words)
    if "MTA-STS" in published:
        yield _policy(settings, lookup)


def _policy(settings: Settings, lookup: Lookup) -> Finding:
    """Whether the policy that the record promises is there, and names where our mail goes."""
    domain = settings.relay.domain
    try:
        policy = mta_sts.parse(policy_file.fetcher(lookup)(domain))
        hosts = [answer.partition(" ")[2].rstrip(".") for answer in lookup(domain, "MX")]
    except (OSError, ValueError, Undecided) as error:
        return Finding("MTA-STS", False, f"https://mta-sts.{domain} has no policy ({error})")
    left_out = [host for host in hosts if not policy.allows(host)]
    if left_out:
        return Finding(
            "MTA-STS", False, f"the policy does not name {left_out[0]}, an MX of {domain}"
        )
    return Finding("MTA-STS", True, f"the policy is there: {policy.mode}")


def _key(record: str) -> str:
    found = re.search(r"p=([A-Za-z0-9+/=\s]+)", record)
    return re.sub(r"\s", "", found[1]) if found else record
