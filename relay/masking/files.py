"""Attachments: cleaned by what they are, or left out with a word about it."""

from __future__ import annotations

import re
from dataclasses import replace

from relay.masking.cloak import NAMED, Cloak
from relay.masking.headers import clean
from relay.masking.identity import Identity
from relay.masking.ledger import Ledger
from relay.masking.made import Leaf
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import TOO_LARGE, Unscrubbable
from relay.masking.tree import Entity
from relay.masking.values import View

_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,90}")
_VALUE = re.compile(r"[A-Za-z0-9._-]{1,60}")
_CARRIED = {"text": ("charset",), "text/calendar": ("charset", "method", "component")}
_FORBIDDEN = re.compile(r"[\\/:*?\"<>|]+")
_PAGE = re.compile(r"\.(?:[xs]?html?)$", re.IGNORECASE)
_LONGEST_NAME = 150
_NAMELESS = "a file without a name"


def carried(
    entity: Entity, view: View, cloak: Cloak, ledger: Ledger, content_id: str
) -> Leaf | None:
    """The part as the reader gets it; None if it is left out, which the ledger then knows."""
    name = shown_name(entity.filename, cloak)
    try:
        try:
            content = _cleaned(entity, view, view.hidden, ledger)
        except Unscrubbable:
            if not view.allow_files:
                raise
            content = _cleaned(entity, view, replace(view.hidden, addresses=()), ledger)
    except Unscrubbable as refusal:
        leave_out(entity.filename, name, refusal, ledger)
        return None
    if content != entity.content:
        ledger.remove(
            f"something in the file {entity.filename or _NAMELESS}", "it tells who made it"
        )
    kind = (
        entity.content_type if _TYPE.fullmatch(entity.content_type) else "application/octet-stream"
    )
    disposition = entity.disposition if entity.disposition in ("inline", "attachment") else ""
    return Leaf(
        kind,
        _parameters(entity, kind),
        content=content,
        disposition=disposition or ("attachment" if name and not content_id else ""),
        filename=name,
        content_id=content_id,
    )


def _cleaned(entity: Entity, view: View, hidden: Identity, ledger: Ledger) -> bytes:
    return scrub(
        entity.content,
        hidden,
        view.author.address,
        view.swapped,
        content_type="text/html" if _PAGE.search(entity.filename) else entity.content_type,
        budget=ledger.budget,
    )


def leave_out(name: str, shown: str, refusal: Unscrubbable, ledger: Ledger) -> None:
    """Notes a file that is not carried, for its author and for the reader."""
    ledger.left_out[name or _NAMELESS] = None
    ledger.telling = ledger.telling or refusal.reason != TOO_LARGE
    advice = f"; {refusal.advice}" if refusal.advice else ""
    ledger.remove(f"the file {name or _NAMELESS}", refusal.reason + advice)
    told = re.sub(r"\byour\b", "its sender's", refusal.reason)
    told = re.sub(r"\byou\b", "its sender", re.sub(r"\byou are\b", "its sender is", told))
    named = f"The file {shown}" if shown else "A file without a name"
    ledger.notes.append(f"[{named} was left out: {told}.]")


def shown_name(name: str, cloak: Cloak) -> str:
    """A file name that tells nothing and leads nowhere: no folders, no control characters."""
    name = re.split(r"[\\/]", clean(name))[-1]
    name = cloak.hidden(name, kinds=NAMED, instead=cloak.view.author.name or "sender")
    name = _FORBIDDEN.sub("_", clean(name)).strip(" .")
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = (
            f"{(stem or ending)[: _LONGEST_NAME - 12]}{dot}{ending[:10]}"
            if dot
            else name[:_LONGEST_NAME]
        )
    return name


def _parameters(entity: Entity, kind: str) -> tuple[tuple[str, str], ...]:
    names = _CARRIED.get(kind, _CARRIED.get(kind.partition("/")[0], ()))
    given = entity.parameters
    return tuple((n, given[n]) for n in names if _VALUE.fullmatch(given.get(n, "")))
