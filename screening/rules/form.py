"""The form of a mail: was it written once, for one person?"""

from __future__ import annotations

import re
from dataclasses import replace

from screening.case import Case, Finding
from screening.evidence import noted, said
from screening.rules.bulk import addressed

_KINDS = {
    "nobody": "it greets nobody in particular",
    "polish": "it begins with the flattery or the good wishes of form letters",
}
_MACHINES = {
    "absence": "it has words of absence notes",
    "notice": "it has words of newsletters and notices",
}
_SLOT = re.compile(
    r"\{\{?\s*[\w .|-]{2,40}\}?\}|<<?\s*[A-Z_ ]{4,30}\s*>?>|%[A-Z_]{4,30}%|\*\|[A-Z_]{3,30}\|\*"
    r"|\$\{\w{2,30}\}|\[(?:Name|Company|Position|Firma|Vorname|Nom|Nombre)\]"
    r"|\[\s*(?:your|my|the|first|last|full|company|position|job|hiring|recipient|name|insert"
    r"|relevant|role|date|ihr|votre|nombre|nome|имя)\b[^\]\n]{0,40}\]",
    re.IGNORECASE,
)
_REPLY = re.compile(r"\s*(?:re|aw|fwd?|antw|sv|vs|res|rif|odp|ynt)\s*:", re.IGNORECASE)
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_LOUD = re.compile(r"(?:\b[A-Z]{2,}\s+){3}[A-Z]{2,}\b|!!")
_BULLET = re.compile(r"^\s*(?:[-*•✓✔►·–]|\d{1,2}[.)])\s+\S", re.MULTILINE)
_CONTACT = re.compile(
    r"(?:\+|\b00)\d[\d ()/.-]{7,}\d|\bwww\.[a-z0-9-]+\.|\b(?:tel|mob|phone)\b\.?:", re.I
)
_ROLE = re.compile(
    r"(?:sales|marketing|info|contact|hello|office|team|jobs?|careers?|hr|recruit\w*|talent|events?"
    r"|news\w*|support|service|admin|security|billing|account\w*|press|sponsor\w*|partner\w*"
    r"|commercial\w*|vertrieb|anmeldung|ventas|commerciale|eigyo)(?:[._-].*)?",
    re.IGNORECASE,
)
_CROWD = 4  # recipients in To and Cc


def form(case: Case) -> tuple[Finding, ...]:
    """Greetings to nobody, unfilled slots, crowds, form letters, and length."""
    message, reading = case.message, case.reading
    text = reading.texts[0]
    checks = (
        (
            "slots",
            bool(_SLOT.search(text) or _SLOT.search(message.header("Subject"))),
            "a slot of its form letter was not filled in",
        ),
        (
            "crowd",
            message.header("To").count("@") + message.header("Cc").count("@") >= _CROWD,
            "it was sent to many",
        ),
        ("unaddressed", not addressed(message, case), "the ambassador is not among its recipients"),
        ("false_reply", _false_reply(case), "it pretends to be an answer"),
        ("emoji", bool(_EMOJI.search(text)), "it has emoji"),
        ("loud", bool(_LOUD.search(text)), "it shouts"),
        ("list", len(_BULLET.findall(text)) > 2, "it lists points"),
        (
            "contact",
            bool(_CONTACT.search(text[-400:] + reading.signature)),
            "it ends with numbers and a site of a company",
        ),
        (
            "role",
            bool(_ROLE.fullmatch(message.author.address.rpartition("@")[0])),
            "its address belongs to an office",
        ),
        ("silent", not reading.questions, "it asks nothing"),
        ("forwarded", reading.forwarded, "most of it is forwarded or quoted"),
    )
    noticed = [noted(name, reason) for name, found, reason in checks if found]
    return (*said(case, _KINDS), *_machines(case), *noticed, *_length(reading.length))


def _machines(case: Case) -> tuple[Finding, ...]:
    """Machines ask nothing; who does and has their words may well speak of machines."""
    found = said(case, _MACHINES)
    if not case.reading.own_questions:
        return found
    return tuple(replace(one, weight=one.weight / 2) for one in found)


def _false_reply(case: Case) -> bool:
    answers = case.message.header("In-Reply-To") or case.message.header("References")
    return bool(_REPLY.match(case.message.header("Subject"))) and not answers


def _length(words: int) -> tuple[Finding, ...]:
    if words < 12:
        return (noted("tiny", "it is hardly a sentence", 1.0),)
    if words < 30:
        return (noted("short", "it is short"),)
    return (noted("long", "it is long", (words - 150) / 150),) if words > 150 else ()
