"""One message as one reader may see it: rebuilt from what is known to tell nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from urllib.parse import unquote

from relay.masking import armor, charsets, files, headers, made, signed, text, tree, uuencode
from relay.masking import html as pages
from relay.masking.cloak import Cloak
from relay.masking.identity import Identity, tells
from relay.masking.ledger import Ledger
from relay.masking.made import Leaf, Node, Seed
from relay.masking.page import escaped
from relay.masking.scrub import signatures
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable
from relay.masking.scrub.pages import picture
from relay.masking.scrub.signatures import Seal
from relay.masking.tree import Entity
from relay.masking.values import Masked, Unmaskable, View

_SEALED = frozenset(("multipart/encrypted", "application/pgp-encrypted"))
_WRAPPED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_DROPPED = frozenset(("application/applefile", "text/x-amp-html", "text/rfc822-headers"))
_ALTERNATIVES = frozenset(("alternative", "related", "mixed", "parallel"))
_PICTURE = re.compile(r"\[cid:[^\]\s]{1,300}\]")


def mask(raw: bytes, view: View) -> Masked:
    """The message as the reader gets it. Raises Unmaskable, with a text for its author."""
    entity = tree.read(raw)
    if named := _named_parts(entity):
        view = replace(view, hidden=view.hidden | named)
    cloak = Cloak(view)
    making = _Making(view, cloak, Ledger(), Seed(view.message_id, view.domain))
    making.name_parts(entity)
    node = making.node(entity) or Leaf("text/plain", text="")
    ledger = making.ledger
    if dropped := headers.dropped(entity):
        ledger.remove(f"the fields {', '.join(dropped)}", "the message is read without them")
    if ledger.notes:
        node = _with_notes(node, ledger.notes)
    top = headers.top(entity, view, making.cloak)
    content = made.joined(chain(top, made.written(node, making.seed)))
    return Masked(
        content,
        removed=tuple(ledger.removed),
        left_out=tuple(ledger.left_out),
        telling=ledger.telling,
        typed=tuple(ledger.typed),
        outsiders=headers.outsiders(entity, view),
        smtputf8=not (view.reader.address.isascii() and view.author.address.isascii()),
    )


def _named_parts(entity: Entity) -> Identity | None:
    """What the ids of parts tell: programs make them of host names, and write them into texts."""
    ids = tuple(one for leaf in entity.leaves() if "@" in (one := leaf.get("Content-ID")))
    hosts = (one.rpartition("@")[2].strip(" >").lower() for one in ids)
    return Identity(message_ids=ids, hosts=tuple(filter(tells, hosts))) if ids else None


@dataclass
class _Making:
    """One message while it is made anew."""

    view: View
    cloak: Cloak
    ledger: Ledger
    seed: Seed
    pictures: dict[str, str] = field(default_factory=dict)

    def name_parts(self, entity: Entity) -> None:
        """New Content-IDs, by the old ones and by the places that parts were said to come from."""
        for leaf in entity.leaves():
            names = [leaf.get("Content-ID").strip(" <>"), leaf.get("Content-Location").strip()]
            if any(names):
                new = self.seed.content_id()
                self.pictures |= {unquote(name): new for name in names if name}

    def node(self, entity: Entity) -> Node | None:
        """A part and all below it as the reader gets it, if anything."""
        kind = entity.content_type
        opened = entity.parts or entity.is_text or kind in _WRAPPED  # these are looked into
        seal = signatures.seal(kind, b"" if opened else entity.content)
        if seal is Seal.ENCRYPTED and (kind in _SEALED or not entity.filename):
            raise Unmaskable(armor.ENCRYPTED)
        if seal is Seal.SIGNATURE or kind in _DROPPED:
            self.ledger.remove(f"a part of the type {kind}", "it names its sender")
            return None
        if entity.parts:
            return self._branch(entity)
        if kind in _WRAPPED:
            self.ledger.remove("a signature", "it names who signed")
            return self.node(tree.read(signed.content(entity.content)))
        if entity.is_text or kind.startswith("multipart/"):
            return self._text(entity)
        new_id = self.pictures.get(unquote(entity.get("Content-ID").strip(" <>")), "")
        return files.carried(entity, self.view, self.cloak, self.ledger, new_id)

    def _branch(self, entity: Entity) -> Node | None:
        subtype = entity.content_type.partition("/")[2]
        if subtype == "signed":
            self.ledger.remove("a signature", "it names who signed")
            return self.node(entity.parts[0])
        parts = [node for part in entity.parts if (node := self.node(part))]
        return made.branch(subtype if subtype in _ALTERNATIVES else "mixed", parts)

    def _text(self, entity: Entity) -> Node | None:
        given = entity.parameters
        words = charsets.decode(entity.content, given.get("charset", ""))
        words = words.replace("\r\n", "\n").replace("\r", "\n")
        if entity.content_type == "text/html":
            page = pages.masked(words, self.cloak, self.ledger, self.pictures, self._picture)
            return Leaf("text/html", text=page)
        words, found = uuencode.split(_PICTURE.sub("[picture]", words))
        words = text.masked(armor.opened(words, self.ledger), self.cloak, self.ledger)
        flowed = (("format", "flowed"),) if given.get("format", "").lower() == "flowed" else ()
        joined = (("delsp", "yes"),) if flowed and given.get("delsp", "").lower() == "yes" else ()
        parts: list[Node] = [Leaf("text/plain", flowed + joined, text=words)]
        return made.branch("mixed", [*parts, *(one for f in found if (one := self.node(f)))])

    def _picture(self, link: str) -> str:
        """A `data:` link with its picture cleaned, or nothing."""
        hidden, budget = self.view.hidden, self.ledger.budget
        try:
            return picture(link, lambda content: scrub(content, hidden, budget=budget))
        except Unscrubbable:
            self.ledger.remove("a picture in the text", "it cannot be checked")
            return ""


def _with_notes(node: Node, notes: list[str]) -> Node:
    """The notes at the end of the first text and of its HTML twin, or as a text of their own."""
    noted = list(_noted(node, notes, set()))
    if noted[0] is node:
        return made.Branch("mixed", (Leaf("text/plain", text="\n".join([*notes, ""])), node))
    return noted[0]


def _noted(node: Node, notes: list[str], done: set[str]) -> Iterator[Node]:
    if isinstance(node, made.Branch):
        parts = tuple(new for part in node.parts for new in _noted(part, notes, done))
        yield node if parts == node.parts else replace(node, parts=parts)
    elif node.text is not None and node.type not in done:
        done.add(node.type)
        yield replace(node, text=_appended(node.text, node.type, notes))
    else:
        yield node


def _appended(words: str, kind: str, notes: list[str]) -> str:
    if kind == "text/plain":
        return "\n".join([words.rstrip("\n"), "", *notes, ""])
    lines = "".join(f"<p>{escaped(note)}</p>" for note in notes)
    at = words.lower().rfind("</body>")
    return f"{words[:at]}{lines}{words[at:]}" if at >= 0 else words + lines
