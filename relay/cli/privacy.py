"""What is hidden, who is forgotten, who is shut out, and a new key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from config.settings import TypedAddresses, load
from config.values import Unusable
from relay import roster
from relay.cli import eml
from relay.cli.office import mail_address, office
from relay.cli.shown import counted, printable
from relay.failures import Failed
from relay.foundation import utc_now
from relay.masking.values import Unmaskable
from relay.preview import Preview
from relay.preview import preview as previewed
from screening.addresses import ascii_domain, normal, plausible
from screening.message import Unreadable
from storage import people
from storage.records.changes import Changes
from storage.records.people import Block, Side
from storage.rekey import rekey as new_key


@click.command(epilog="Example:  peerpost forget dana@example.org")
@click.argument("address")
@click.pass_obj
def forget(config: Path | None, address: str) -> None:
    """Erase all that is stored about a candidate, and confirm it to them by mail."""
    with office(config) as here:
        with here.database.read() as connection:
            candidate = people.candidate_by_address(connection, mail_address(address))
        if candidate is None:
            click.echo("nothing is stored about this address")
            return
        keep = here.settings.referral.keep_after_forget
        here.apply(roster.forget(candidate, here.pen, keep))
        click.echo("erased")


@click.command(epilog="Example:  peerpost block spammer.example")
@click.argument("address_or_domain")
@click.pass_obj
def block(config: Path | None, address_or_domain: str) -> None:
    """Refuse an address or a whole domain, for the whole program."""
    with office(config) as here:
        here.apply(Changes(blocks=(Block(_whom(address_or_domain), here.pen.now),)))


@click.command(epilog="Example:  peerpost unblock spammer.example")
@click.argument("address_or_domain")
@click.pass_obj
def unblock(config: Path | None, address_or_domain: str) -> None:
    """Take mail from an address or a domain again."""
    with office(config) as here:
        here.apply(Changes(unblocked=(_whom(address_or_domain),)))


@click.command(epilog="Example:  peerpost unsuspend casey@example.org")
@click.argument("address", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody whose mail came back.")
@click.pass_obj
def unsuspend(config: Path | None, address: str | None, everybody: bool) -> None:
    """Write again to somebody whose mail came back, before they write themselves."""
    if (address is None) == (not everybody):
        raise Unusable("ADDRESS", address, "one address, or --all")
    with office(config) as here:
        with here.database.read() as connection:
            alexes, candidates = people.suspended(connection)
        meant = normal(mail_address(address)).casefold() if address else ""
        back = Changes(
            ambassadors=tuple(
                replace(one, failures=0) for one in alexes if everybody or one.mailbox == meant
            ),
            candidates=tuple(
                replace(one, failures=0) for one in candidates if everybody or one.address == meant
            ),
        )
        here.apply(back)
    number = len(back.ambassadors) + len(back.candidates)
    click.echo(f"{number} are written to again" if number else "nothing to do: no mail came back")


def _whom(text: str) -> str:
    if "@" in text and plausible(text):
        return normal(text)
    if plausible(f"somebody@{text}"):
        return ascii_domain(text)
    raise Unusable("ADDRESS_OR_DOMAIN", text, "spammer@mail.example, or mail.example")


@click.command(epilog="Example:  peerpost rekey")
@click.pass_obj
def rekey(config: Path | None) -> None:
    """Seal everything with a new key; mail keeps flowing meanwhile."""
    with office(config) as here, counted("sealed anew") as progress:
        new_key(here.database, progress)
    click.echo("everything is sealed with a new key")


@click.command(epilog="Example:  peerpost preview mail.eml --as candidate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "author",
    type=click.Choice([side.value for side in Side]),
    required=True,
    help="Who wrote it.",
)
@click.pass_obj
def preview(config: Path | None, file: Path, author: str) -> None:
    """Show what the other side would see of a mail, and what would be taken out of it, and why."""
    try:
        seen = previewed(eml.read(file), Side(author), load(config), utc_now())
    except (Unreadable, Unmaskable) as why:
        raise Failed(f"it would be refused: {why}") from None
    _show(seen)
    if seen.still:
        raise Failed(f"it would be held, for it still shows its author in: {', '.join(seen.still)}")


_TYPED = {
    TypedAddresses.MASK: "masked",
    TypedAddresses.ASK: "masked, unless their author answers that they may be seen",
    TypedAddresses.ALLOW: "left as they are",
}


def _show(seen: Preview) -> None:
    for name, value in seen.message.items():
        click.echo(printable(f"{name}: {value}"))
    for part in seen.message.walk():
        kind = part.get_content_type()
        if part.get_filename() or kind.partition("/")[0] not in ("text", "multipart"):
            click.echo(f"\n[{kind}] {printable(part.get_filename() or '')}".rstrip())
        elif kind.startswith("text/"):
            click.echo(f"\n[{kind}]")
            for line in str(part.get_content()).splitlines():
                click.echo(printable(line))
    click.echo(
        "\nRemoved or changed:" if seen.removed or seen.left_out else "\nNothing was removed."
    )
    for one in seen.removed:
        click.echo(printable(f"- {one.what}: {one.why}"))
    if seen.typed:
        click.echo(f"- own addresses that the author typed ({seen.typed}): {_TYPED[seen.policy]}")
