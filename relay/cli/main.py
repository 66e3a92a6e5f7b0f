"""`peerpost`: finds the command, and turns what can go wrong into one line and an exit status."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path

import click

from config.values import Unusable
from relay.cli.shown import printable
from relay.failures import Failed
from storage.failures import Conflict, Unavailable, Unsealable

# The command, the file of this folder that holds it, and what a listing says of it.
COMMANDS = {
    "init": ("setup", "Write the settings file, a DKIM key and the database."),
    "ambassador": ("people", "Who may be written to: add, pause, remove, list ..."),
    "serve": ("running", "Take mail on relay.listen, and deliver it."),
    "worker": ("running", "Only deliver, for a Redis or RabbitMQ broker."),
    "held": ("mail", "The messages that wait for a decision."),
    "approve": ("mail", "Let a held message through."),
    "decline": ("mail", "Turn a held message away, kindly."),
    "threads": ("mail", "Who talks since when: never a subject or a word."),
    "stage": ("mail", "Note how far a conversation has come."),
    "queue": ("queue", "The messages on their way out: retry, hold ..."),
    "report": ("figures", "What the program did, in figures."),
    "referral": ("credit", "Who talked first with somebody who applies."),
    "hires": ("credit", "Who was hired, from the applicant tracking system."),
    "directory": ("showcase", "A page of the ambassadors who have time."),
    "preview": ("privacy", "Show what the other side would see of a mail."),
    "screen": ("screening", "Say what would become of a mail as a first contact."),
    "block": ("privacy", "Refuse an address or a whole domain."),
    "unblock": ("privacy", "Take mail from an address or a domain again."),
    "unsuspend": ("privacy", "Write again to somebody whose mail came back."),
    "forget": ("privacy", "Erase all that is stored about a candidate."),
    "export": ("stored", "Show as JSON what is stored about a candidate."),
    "rekey": ("privacy", "Seal everything with a new key."),
    "doctor": ("setup", "Check settings, database, broker, DNS and smarthost."),
    "demo": ("setup", "Play one whole conversation on this machine."),
}


class Commands(click.Group):
    """Imports a command's file when it is run: a listing must not load the whole relay."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*COMMANDS, *self.commands]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command as a listing and a shell's completion show it."""
        if name not in COMMANDS:
            return self.commands.get(name)
        return click.Command(name, short_help=COMMANDS[name][1])

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command as it is run."""
        name, command, rest = super().resolve_command(context, args)
        if name in COMMANDS:
            command = _loaded(name)
        return name, command, rest


def _loaded(name: str) -> click.Command:
    # Modules stay: to look for garbage among them, now and ever after, is a tenth of the start.
    gc.disable()
    module = importlib.import_module(f"relay.cli.{COMMANDS[name][0]}")
    gc.freeze()
    gc.enable()
    command: click.Command = getattr(module, name)
    return command


@click.command(
    cls=Commands,
    epilog="\b\nBegin with:\n  peerpost init --domain peers.company.com\n  peerpost doctor",
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
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        status = 2
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
