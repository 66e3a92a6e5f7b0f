"""`screen`: what would become of a mail as a first contact, and why; nothing is sent or stored."""

from __future__ import annotations

import json
from pathlib import Path

import click

from config.settings import Settings, load
from config.values import Unusable
from relay.cli import eml
from relay.cli.office import ambassador_called, office
from relay.cli.shown import as_json, printable
from relay.failures import Failed
from relay.intake.conversation import company_of
from relay.masking.addresses import Plan, Public
from relay.threads.reminders import first_name
from screening.addresses import parse_list
from screening.authentication import Authentication, Result, authenticate
from screening.case import Addressee, Case, Disposition, Finding, Verdict
from screening.correction import correction
from screening.dns import resolver
from screening.judge import REASONS
from screening.message import Envelope, Message, Unreadable, read
from screening.screen import screen as screened
from storage import lessons

BECOMES = {
    Disposition.ACCEPT: "forwarded",
    Disposition.ASK: "asked back",
    Disposition.HOLD: "held",
    Disposition.DISCARD: "refused, as a machine's",
    Disposition.REJECT: "refused",
    Disposition.DEFER: "put off",
}


@click.command(epilog="Example:  peerpost screen mail.eml --to alex --client 203.0.113.9")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "name", help="The ambassador; else whoever its To names, without topics.")
@click.option("--client", help="Authenticate it as from this IP address; else it counts as proven.")
@click.option("--helo", default="", help="With --client: what the client called itself.")
@click.option("--from", "sender", help="With --client: the reverse path, if not the author's.")
@as_json
@click.pass_obj
def screen(
    config: Path | None,
    file: Path,
    name: str | None,
    client: str | None,
    helo: str,
    sender: str | None,
    as_json: bool,
) -> None:
    """Say what would become of a mail as a first contact, with all that was found in it."""
    settings, raw = load(config), eml.read(file)
    try:
        message = read(raw)
    except Unreadable as why:
        raise Failed(f"it would be refused: {why}") from None
    addressee, company, taught = _addressee(config, settings, name, message)
    author = message.author.address
    path = author if sender is None else sender
    envelope = Envelope(path, (addressee.masked,), helo, client or "127.0.0.1")
    case = Case(
        message=message,
        envelope=envelope,
        authentication=_proof(settings, envelope, raw, author, client),
        policy=settings.screening.policy,
        require_auth=settings.screening.require_auth,
        addressee=addressee,
        domain=settings.relay.domain,
        company=company,
        correction=taught,
    )
    verdict, asked = screened(case), client is not None
    if as_json:
        click.echo(json.dumps(_document(case, verdict, asked), indent=2))
    else:
        _show(case, verdict, asked)


def _addressee(
    config: Path | None, settings: Settings, name: str | None, message: Message
) -> tuple[Addressee, tuple[str, ...], dict[str, float]]:
    """Whom it is judged for, the company's domains, and what the company has taught."""
    if name is None:
        named = parse_list(message.header("To")) or ()
        return Addressee("the ambassador", (), named[0].address if named else ""), (), {}
    with office(config) as here, here.database.read() as connection:
        alex = ambassador_called(connection, name)
        taught = correction((lessons.learned(connection),))
    masked = Plan(settings.relay.domain).write(Public(alex.name))
    addressee = Addressee(first_name(alex.display_name), alex.topics, masked)
    return addressee, company_of(alex), taught


def _proof(
    settings: Settings, envelope: Envelope, raw: bytes, author: str, client: str | None
) -> Authentication:
    if client is None:
        return Authentication(author, Result.NONE, spf_aligned=False, trusted=True)
    lookup, known = resolver(settings.dns.resolver), settings.screening
    try:
        return authenticate(
            envelope, raw, author, lookup, known.trusted_networks, sealers=known.arc_sealers
        )
    except ValueError:
        raise Unusable("FILE", author, "a message from an address with a domain") from None


def _show(case: Case, verdict: Verdict, asked: bool) -> None:
    decided = [one for one in verdict.findings if one.rule not in _weighed(verdict)]
    click.echo(f"It would be {BECOMES[verdict.disposition]}.")
    for one in decided:
        click.echo(printable(f"- {one.rule}: {one.reason}"))
    if asked:
        click.echo("\nAuthentication")
        for line in _proven(case.authentication):
            click.echo(printable(f"  {line}"))
    if not verdict.evidence:
        click.echo("\nNothing was weighed: that decides, whatever it says.")
        return
    languages = ", ".join(case.reading.languages) or "no language that is known"
    click.echo(f"\n{case.reading.length} words, read as {languages}.")
    click.echo(f"Its author is serious with a likelihood of {verdict.score:.2f}.")
    click.echo("\nStrongest reasons")
    for one in verdict.evidence[:REASONS]:
        click.echo(printable(_line(one)))
    click.echo("\nAll else that was found")
    for one in verdict.evidence[REASONS:]:
        click.echo(printable(_line(one)))


def _line(finding: Finding) -> str:
    side = "against" if finding.weight > 0 else "for"
    return f"  {side:7} {abs(finding.weight):5.2f}  {finding.rule:12} {finding.reason}"


def _proven(proof: Authentication) -> list[str]:
    said = "authenticated" if proof.authenticated else "not authenticated"
    return [
        f"{proof.author} is {said}",
        f"spf {proof.spf.value}, dmarc {proof.dmarc.value}, policy {proof.wish.value}",
        *(
            f"dkim {one.result.value} for {one.domain}{'' if one.aligned else ', not aligned'}"
            for one in proof.signatures
        ),
    ]


def _weighed(verdict: Verdict) -> set[str]:
    return {one.rule for one in verdict.evidence}


def _document(case: Case, verdict: Verdict, asked: bool) -> dict[str, object]:
    """All of it. A positive weight counts against the message."""
    return {
        "verdict": verdict.disposition.name.lower(),
        "likelihood": round(verdict.score, 3) if verdict.evidence else None,
        "languages": case.reading.languages,
        "words": case.reading.length,
        "findings": [_row(one) for one in verdict.findings],
        "evidence": [_row(one) for one in verdict.evidence],
        "authentication": _authentication(case.authentication) if asked else None,
    }


def _row(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "disposition": finding.disposition.name.lower(),
        "weight": round(finding.weight, 3),
        "reason": finding.reason,
    }


def _authentication(proof: Authentication) -> dict[str, object]:
    return {
        "authenticated": proof.authenticated,
        "spf": proof.spf.value,
        "dmarc": proof.dmarc.value,
        "policy": proof.wish.value,
        "dkim": [
            {"domain": one.domain, "result": one.result.value, "aligned": one.aligned}
            for one in proof.signatures
        ],
    }
