"""Messages within messages: of their headers, only what tells nothing; their parts as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from itertools import chain

from relay.masking import charsets, headers, made, tree, words
from relay.masking.made import Leaf, Node, Seed
from relay.masking.scrub import pages, plain, signatures, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.outcome import TOO_LARGE, Unscrubbable
from relay.masking.scrub.signatures import Seal
from relay.masking.tree import Entity
from relay.masking.values import Unmaskable
from screening.addresses import Mailbox, parse_list

_PEOPLE = ("From", "To", "Cc")
_SUBTYPES = frozenset(("alternative", "related", "mixed", "digest"))
_TEXTS = frozenset(("text/plain", "text/html"))
_NEXT_OF_MBOX = re.compile(rb"\nFrom [^\n]{1,200}\n[!-9;-~]{1,80}:")
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,90}")
_PICTURE = re.compile(r"\[cid:[^\]\s]{1,300}\]")
_MOST_BOUNDARIES = 1000
_NOWHERE = "peerpost.invalid"


def nested(content: bytes, inside: Inside) -> bytes:
    """The message with a subject, a date and those of its people who tell nothing of the author.

    Its text is masked as a text file is, its files are cleaned, its signatures are gone. Raises
    Unscrubbable if one of its parts cannot be carried.
    """
    if content.startswith(b"From ") and _NEXT_OF_MBOX.search(content):
        raise Unscrubbable("it is a mailbox of many messages", "send them one by one")
    if content.count(b"\n--") > _MOST_BOUNDARIES:
        raise Unscrubbable(TOO_LARGE)
    try:
        entity = tree.read(content.removeprefix(b"\xef\xbb\xbf"))
    except Unmaskable as error:
        raise Unscrubbable("it holds a message that cannot be checked") from error
    writer = _Writer(inside, entity, Seed(sha256(content).hexdigest(), _NOWHERE))
    cleaned = made.joined(chain(writer.header(), made.written(writer.body(), writer.seed)))
    traces.refuse_traces(cleaned, inside.identity)
    return cleaned


class _Writer:
    """One message, while it is written anew."""

    def __init__(self, inside: Inside, entity: Entity, seed: Seed) -> None:
        self.inside, self.entity, self.seed = inside, entity, seed
        ids = [one for leaf in entity.leaves() if (one := _content_id(leaf))]
        self.pictures = {one: seed.content_id() for one in dict.fromkeys(ids)}

    def header(self) -> Iterator[bytes]:
        for name in _PEOPLE:
            if shown := [headers.mailbox(one) for one in self._people(self.entity.get(name))]:
                yield headers.field(name, ",\r\n ".join(shown))
        subject = headers.clean(words.decoded(self.entity.get("subject")))
        if subject:
            shown_subject = headers.clean(plain.replaced(subject, self.inside))
            yield headers.field("Subject", words.encoded(shown_subject, len("Subject: ")))
        if date := _in_utc(self.entity.get("date")):
            yield headers.field("Date", date)
        yield headers.field("MIME-Version", "1.0")

    def _people(self, value: str) -> Iterator[Mailbox]:
        """Those who may be named; the author as the reader knows them."""
        identity, people = self.inside.identity, self.inside.people
        for one in parse_list(value) or ():
            if found := traces.own(one.address, identity):
                if found[0].value in people.swapped or people.stand_in:
                    yield Mailbox(people.instead(found[0]))
            elif not identity.everything_in(f"{one.name} <{one.address}>"):
                yield one

    def body(self) -> Node:
        return self._node(self.entity) or Leaf("text/plain", text="")

    def _node(self, entity: Entity) -> Node | None:
        seal = signatures.seal(entity.content_type, b"" if entity.parts else entity.content)
        if seal is Seal.ENCRYPTED:
            raise Unscrubbable(seal)
        if seal:
            return None
        if entity.parts:
            parts = [node for part in entity.parts if (node := self._node(part))]
            subtype = entity.content_type.partition("/")[2]
            return made.branch(subtype if subtype in _SUBTYPES else "mixed", parts)
        if entity.content_type in _TEXTS and not entity.filename:
            return self._text(entity)
        kind = entity.content_type
        return Leaf(
            kind if _TYPE.fullmatch(kind) else "application/octet-stream",
            content=self.inside.scrub(entity.content, kind),
            disposition=entity.disposition if entity.disposition == "inline" else "attachment",
            filename=headers.clean(self.inside.name(words.decoded(entity.filename))),
            content_id=self.pictures.get(_content_id(entity), ""),
        )

    def _text(self, entity: Entity) -> Leaf:
        text = charsets.decode(entity.content, entity.parameters.get("charset", ""))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if entity.content_type == "text/html":
            return Leaf("text/html", text=pages.shown(text, self.inside, self.pictures))
        text = pages.written(_PICTURE.sub("[picture]", text), self.inside)
        return Leaf("text/plain", text=text)


def _content_id(entity: Entity) -> str:
    return entity.get("content-id").strip(" <>")


def _in_utc(date: str) -> str:
    """A date without the time zone that its author was in; empty if it is none."""
    try:
        written = parsedate_to_datetime(date)
        return format_datetime(written.replace(tzinfo=written.tzinfo or UTC).astimezone(UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
