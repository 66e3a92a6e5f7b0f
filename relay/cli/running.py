"""`serve` and `worker`: the service itself."""

from __future__ import annotations

import os
from pathlib import Path

import click

from config import logs
from config.settings import load
from relay import foundation, running, supervisor


@click.command(epilog="Example:  peerpost serve --processes 2")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many take mail, on one port.",
)
@click.pass_obj
def serve(config: Path | None, processes: int) -> None:
    """Take mail on relay.listen, and deliver it, until SIGTERM."""
    settings = load(config)
    logs.configure(settings.log.level, settings.log.format)
    os.umask(0o077)
    if processes == 1:
        running.serve(settings)
    else:
        # Found wrong here, it is said once and not by every process; but what this process
        # made would be its own, and they may run as somebody else.
        if settings.relay.user is None:
            foundation.open_database(settings).close()
        foundation.check_templates(foundation.open_house(settings), settings)
        supervisor.supervise(processes, config, settings.relay)


@click.command(epilog="Example:  PEERPOST_BROKER__URL=redis://127.0.0.1 peerpost worker")
@click.pass_obj
def worker(config: Path | None) -> None:
    """Only deliver and follow up, for a Redis or RabbitMQ broker, until SIGTERM."""
    settings = load(config)
    logs.configure(settings.log.level, settings.log.format)
    os.umask(0o077)
    running.work(settings)
