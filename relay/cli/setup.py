"""The first commands: init, doctor, demo."""

from __future__ import annotations

from pathlib import Path

import click

from config import scaffold
from config.settings import load
from relay.cli.shown import printable
from relay.failures import Failed
from relay.foundation import open_database

SETTINGS = Path("peerpost.toml")


@click.command(epilog="Example:  peerpost init --domain peers.company.com")
@click.option("--domain", required=True, help="The domain of every masked address.")
@click.pass_obj
def init(config: Path | None, domain: str) -> None:
    """Write the settings file with fresh secrets, a DKIM key and the database."""
    path = config or SETTINGS
    made = scaffold.create(path, domain)
    for file in made:
        click.echo(f"wrote {file}")
    settings = load(path)
    if not made:
        click.echo(f"{path} exists and stays as it is, for {settings.relay.domain}")
    open_database(settings).close()
    click.echo("the database is ready; add the first ambassador: peerpost ambassador add --help")


@click.command(epilog="Example:  peerpost doctor")
@click.pass_obj
def doctor(config: Path | None) -> None:
    """Check settings, database, broker, DNS records and smarthost: a line each."""
    from relay.doctor import examine

    failed = 0
    for finding in examine(load(config)):
        failed += not finding.holds
        mark = "ok  " if finding.holds else "FAIL"
        click.echo(f"{mark}  {finding.what:<10} {printable(finding.words)}")
    if failed:
        raise Failed(f"{failed} of the checks failed")


@click.command(epilog="Example:  peerpost demo")
def demo() -> None:
    """Play one whole conversation through the real service on loopback."""
    from relay.demo.play import play

    play(click.echo)
