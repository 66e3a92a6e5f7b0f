"""The decision on one message to one ambassador: every rule speaks, the gravest finding decides."""

from __future__ import annotations

from collections.abc import Callable

from config.settings import Policy
from screening.case import Case, Disposition, Finding, Verdict
from screening.judge import judge
from screening.rules.attachments import dangerous
from screening.rules.authenticity import authenticity
from screening.rules.automatic import automatic
from screening.rules.blocked import blocked
from screening.rules.bulk import bulk
from screening.rules.copies import copies
from screening.rules.first_contact import first_contact
from screening.rules.links import misleading
from screening.rules.sender import disposable, lookalike
from screening.rules.volume import volume

Rule = Callable[[Case], Finding | None]

RULES: tuple[Rule, ...] = (
    *(authenticity, blocked, volume, automatic, bulk, dangerous, misleading, copies),
    *(lookalike, disposable, first_contact),
)

# What also matters once two people talk with each other, and when an ambassador writes.
IN_THREAD: tuple[Rule, ...] = (authenticity, blocked, volume, automatic)

_DOUBTS = frozenset({Disposition.ASK, Disposition.HOLD})


def screen(case: Case) -> Verdict:
    """What should become of it, with every finding, the gravest first.

    Policy open forgives doubts (ASK, HOLD), but never a refusal, a deferral or a machine.
    """
    first = case.first_contact and not case.from_ambassador
    found = (rule(case) for rule in (RULES if first else IN_THREAD))
    decided = (*case.scanned, *(finding for finding in found if finding is not None))
    if not first or case.policy is Policy.OPEN or _settled(decided):
        return Verdict(_gravest(decided, case.policy), _sorted(decided))
    judged = judge(case, decided)
    findings = _sorted((*decided, *judged.findings))
    return Verdict(
        _gravest(findings, case.policy),
        findings,
        judged.likelihood,
        judged.evidence,
        judged.strengths,
    )


def _settled(decided: tuple[Finding, ...]) -> bool:
    """Whether no evidence can change what becomes of it: it is refused or dropped."""
    return any(finding.disposition >= Disposition.DISCARD for finding in decided)


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.disposition, reverse=True))


def _gravest(findings: tuple[Finding, ...], policy: Policy) -> Disposition:
    counted = (
        finding.disposition
        for finding in findings
        if policy is not Policy.OPEN or finding.disposition not in _DOUBTS
    )
    return max(counted, default=Disposition.ACCEPT)
