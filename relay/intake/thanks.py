"""Thanks that want no answer: they start no clock."""

from __future__ import annotations

import re

_SAID = """
    thanks thank you thx ty many a lot so very much again for your the reply answer answers help
    quick great perfect awesome wonderful super cool ok okay got it will do sounds good appreciated
    appreciate really cheers all clear have nice good day evening weekend week too and that is
    helpful was best regards kind bye
    danke dank vielen besten herzlichen dir ihnen euch sehr schön lieben lieb für die deine ihre
    antwort hilfe schnelle alles klar prima toll top das ist war hilfreich verstanden schönen tag
    abend schönes wochenende woche noch auch grüße viele liebe gruß lg vg mfg mach ich
    hi hello hey dear hallo liebe lieber moin
"""
_MEANT = "thanks thank thx ty cheers appreciated appreciate danke dank great perfect ok okay"
_WORDS = frozenset(_SAID.casefold().split())
_NEEDED = frozenset(_MEANT.split())
_LONGEST = 20  # words
_TOKENS = re.compile(r"[^\W_]+|\?")


def bare_thanks(text: str, names: tuple[str, ...] = ()) -> bool:
    """Whether the text (what was typed, without quotes) says thanks and nothing else."""
    greeting = {part.casefold() for name in names for part in _TOKENS.findall(name)}
    known = _WORDS | greeting
    said = [word.casefold() for word in _TOKENS.findall(text)]
    return 0 < len(said) <= _LONGEST and known.issuperset(said) and not _NEEDED.isdisjoint(said)
