"""All evidence on a first contact, weighed: is it forwarded, asked back, held or refused?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from screening.case import Case, Disposition, Finding
from screening.evidence import noted, strength
from screening.model import Weights, likelihood, weigh, weights, wording
from screening.rules.agency import agency
from screening.rules.applicant import applicant
from screening.rules.attachments import attached
from screening.rules.form import form
from screening.rules.injection import injection
from screening.rules.links import links
from screening.rules.own_work import own_work
from screening.rules.phishing import phishing
from screening.rules.pitch import pitch
from screening.rules.questions import questions
from screening.rules.student import student
from screening.rules.threats import threats

EVIDENCE: tuple[Callable[[Case], tuple[Finding, ...]], ...] = (
    *(own_work, questions, pitch, agency, applicant, student, phishing, threats),
    *(form, links, attached, injection),
)

ENOUGH = 0.45  # likelihood from which a message is forwarded
_GRAVE = 0.55  # and from which one that has most of all signs of abuse
_TOO_MUCH = 2.6  # weight against one passage that no good words elsewhere outweigh
_NO_MORE = 0.09  # likelihood that is left then, and where hidden text gives orders to a judge
_AFTER_ASKING = 0.1  # and once its author has answered our question
_UNLIKELY = 0.1  # below, what looks like a machine is one even if it asks something
_FRAUD = 0.05  # below, fraud is refused; what is personal is held, so that somebody knows of it
_HOPELESS = 0.01  # below, and with a mark that no single mail to one person has, it is refused
REASONS = 5  # that a decision names
_KINDS = 3  # different findings of one sort that make it certain

# What a message is that is not serious, by the findings that weigh most.
SORTS = {
    "vendor": {"offer", "price", "proof", "meeting", "person", "chase", "event", "seo"}
    | {"profiles", "recruit", "rate", "calendar"},
    "applicant": {"apply", "cv", "beg", "virtues", "cv_file"},
    "student": {"student", "newcomer", "mentor", "survey", "form_host"},
    "abuse": {"credential", "payment", "address", "internals", "secrecy", "threat", "insult"}
    | {"romance", "judge", "hidden", "disguised", "numeric", "shortener", "chat_host"},
    "machine": {"absence", "notice"},
}
_PERSONAL = {"threat", "insult", "romance", "address", "internals"}
_CLEAR = 0.9  # strength of a sign that counts among several
_TOGETHER = {
    "vendor": "several signs of an offer stand together",
    "applicant": "several signs of an application stand together",
    "student": "several signs of a beginner's request stand together",
    "abuse": "several signs of fraud, spying or harassment stand together",
    "machine": "several signs of a machine's notice stand together",
}
_SAID = {
    "vendor": "it reads like an offer; these addresses are for talk about work between peers",
    "applicant": "it reads like an application; the careers page is the place for those",
    "student": "it asks for a start or for guidance rather than about work at hand",
    "abuse": "it reads like fraud, spying or harassment",
    "machine": "it reads like the notice of a machine",
    "thin": "it says too little of what its author works on",
}
_MAILED = {"vendor", "applicant", "student"}  # what a second copy of is refused
_MARKS = {"slots", "crowd", "unaddressed"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence makes of a message."""

    likelihood: float
    findings: tuple[Finding, ...]  # if it is not forwarded: the decision and its reasons
    evidence: tuple[Finding, ...]  # all of it, with its weight
    strengths: tuple[tuple[str, float], ...]  # what `correction.learn` takes


def judge(case: Case, decided: Iterable[Finding] = ()) -> Judgement:
    """Weighs what is said, asked and attached, and in which form.

    What other rules `decided` counts with its own weight.
    """
    learned = weights()
    found = [*evidence(case), wording(case, learned.wording)]
    weighed = weigh(found, learned, case.correction, decided)
    likely = likelihood(weighed, learned.bias)
    if worst_passage(case, learned) >= _TOO_MUCH or "judge" in case.reading.hidden_said:
        likely = min(likely, _NO_MORE)
    decision = _decision(case, weighed, likely)
    findings = (decision, *_reasons(weighed, decision.disposition)) if decision else ()
    strengths = tuple((one.rule, one.weight) for one in found)
    return Judgement(likely, findings, weighed, strengths)


def worst_passage(case: Case, learned: Weights) -> float:
    """The weight against the worst run of paragraphs, whatever stands before and after it."""
    worst = 0.0
    for passages in case.reading.passages:
        run = 0.0
        for said in passages:
            here = sum(-learned.findings.get(kind, 0.0) * strength(n) for kind, n in said.items())
            run = max(0.0, run + here)
            worst = max(worst, run)
    return worst


def evidence(case: Case) -> list[Finding]:
    """All that the rules find, and whether several signs of one sort stand together."""
    found = [one for rule in EVIDENCE for one in rule(case)]
    kinds = {one.rule for one in found if one.weight >= _CLEAR}
    sort = max(SORTS, key=lambda name: len(kinds & SORTS[name]))
    count = len(kinds & SORTS[sort])
    if count > 1:
        found.append(noted("pattern", _TOGETHER[sort], (count - 1) / 2))
    return found


def _reasons(weighed: tuple[Finding, ...], disposition: Disposition) -> tuple[Finding, ...]:
    """The strongest ones; those against a message share what is decided."""
    return tuple(
        replace(one, disposition=disposition) if one.weight > 0 else one
        for one in weighed[:REASONS]
    )


def _decision(case: Case, weighed: tuple[Finding, ...], likely: float) -> Finding | None:
    asked, sort = case.history.asked_before, sort_of(weighed)
    if likely >= (_GRAVE if sort == "abuse" else _AFTER_ASKING if asked else ENOUGH):
        return None
    disposition = _disposition(weighed, likely, sort)
    if case.history.copies and sort in _MAILED:
        disposition = Disposition.REJECT
    if asked and disposition is Disposition.ASK:
        disposition = Disposition.HOLD
    return Finding("model", disposition, _SAID[sort], weight=1 - likely)


def sort_of(weighed: tuple[Finding, ...]) -> str:
    """What most of the weight against a message says that it is."""
    sums = {
        sort: sum(max(0.0, one.weight) for one in weighed if one.rule in kinds)
        for sort, kinds in SORTS.items()
    }
    sort = max(sums, key=lambda name: sums[name])
    return sort if sums[sort] > 0 else "thin"


def _disposition(weighed: tuple[Finding, ...], likely: float, sort: str) -> Disposition:
    """A question costs nobody's time; but it goes to no fraud and to no machine."""
    kinds = {one.rule for one in weighed if one.weight > 0}
    if sort == "abuse":
        fraud = likely < _FRAUD and not kinds & _PERSONAL
        return Disposition.REJECT if fraud else Disposition.HOLD
    if sort == "machine":
        sure = likely < _UNLIKELY or "silent" in {one.rule for one in weighed}
        return Disposition.DISCARD if sure else Disposition.HOLD
    certain = (
        likely < _HOPELESS and kinds & _MARKS and len(kinds & SORTS.get(sort, kinds)) >= _KINDS
    )
    return Disposition.REJECT if certain else Disposition.ASK
