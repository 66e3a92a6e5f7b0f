"""`peerpost`: finds the command, and turns what can go wrong into one line and an exit status."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from config.values import Unusable
from relay.cli.shown import printable
from relay.failures import Failed
from storage.failures import Conflict, Unavailable, Unsealable

# The command, and the file of this folder that holds it.
COMMANDS = {
    "init": "setup",
    "ambassador": "people",
    "serve": "running",
    "worker": "running",
    "held": "mail",
    "approve": "mail",
    "decline": "mail",
    "threads": "mail",
    "stage": "mail",
    "queue": "queue",
    "report": "figures",
    "referral": "credit",
    "hires": "credit",
    "directory": "showcase",
    "preview": "privacy",
    "screen": "screening",
    "block": "privacy",
    "unblock": "privacy",
    "unsuspend": "privacy",
    "forget": "privacy",
    "export": "stored",
    "rekey": "privacy",
    "doctor": "setup",
    "demo": "setup",
}


class Commands(click.Group):
    """Imports a command's file when it is asked for: a listing must not load the whole relay."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*COMMANDS, *self.commands]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return self.commands.get(name)
        module = importlib.import_module(f"relay.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, name)
        return command


@click.command(
    cls=Commands,
    epilog="Begin with:  peerpost init --domain peers.company.com  and then  peerpost doctor",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="PEERPOST_CONFIG",
    help="The settings file; else peerpost.toml in this folder.",
)
@click.version_option(package_name="peerpost", message="%(version)s")
@click.pass_context
def peerpost(context: click.Context, config: Path | None) -> None:
    """Candidates write to engineers, peer to peer, and both keep their addresses to themselves."""
    context.obj = config


@peerpost.command("completion", epilog='Example:  eval "$(peerpost completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes your shell complete our commands."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(peerpost, {}, "peerpost", "_PEERPOST_COMPLETE").source())


def main() -> None:
    """The console script. Exit status 2 for unusable input, 1 for a failure, one line each."""
    try:
        status = peerpost.main(prog_name="peerpost", standalone_mode=False)
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as error:
        _say(error.format_message())
        status = 2
    except Unusable as error:
        _say(str(error))
        status = 2
    except click.Abort:
        status = 1
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing is left to be flushed to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except (Failed, Unavailable, Unsealable, Conflict, OSError) as error:
        _say(str(error) or type(error).__name__)
        status = 1
    sys.exit(status if isinstance(status, int) else 0)


def _say(text: str) -> None:
    line = printable(" ".join(text.split()))
    click.echo(f"peerpost: {line}", err=True)


if __name__ == "__main__":
    main()
