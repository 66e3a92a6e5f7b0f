"""Word, Excel and PowerPoint documents (ECMA-376): what their parts say of those who wrote them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from relay.masking.identity import Identity
from relay.masking.scrub import links, markup, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.markup import Attributes
from relay.masking.scrub.outcome import Unscrubbable

_TYPES = "[Content_Types].xml"
_RELATIONS = re.compile(r"((?:.*/)?)_rels/[^/]*\.rels")
# Properties, signatures, printers, revision logs, people: nothing in the text depends on them.
_DROPPED = re.compile(
    r"docProps/|customXml/|docMetadata/|_xmlsignatures/|\[trash\]/|(?:.*/)?printerSettings"
    r"|word/people|xl/revisions/|ppt/(?:changesInfos/|revisionInfo\.)"
)
_MACROS = re.compile(r".*(?:vbaProject|vbaData|macrosheets/)", re.IGNORECASE)
_MARKUP = (".xml", ".rels", ".vml")

_GONE = frozenset(
    """rsids rsid attachedTemplate mailMerge docVars docId saveThroughXslt printerSettings
    absPath fileSharing revisionPtr userInfo""".split()  # noqa: SIM905
)
_EMPTIED = frozenset(("author",))
_PEOPLE = {
    "author": "Author",
    "userName": "Author",
    "displayName": "Author",
    "lastEditedBy": "Author",
    "initials": "A",
    "userId": "",
    "providerId": "None",
}
_NAMED = ("cmAuthor", "author")  # elements whose attribute `name` is a person's
_CODE = re.compile(r'&(?:K[0-9A-Fa-f]{6}|[A-Za-z]|\d{1,3}|"[^"&\n]{0,100}")')
# Fields and formulas that are carried out when a document is opened.
_FETCHES = re.compile(
    rb"(?:INCLUDE(?:PICTURE|TEXT)|WEBSERVICE\s{0,9}\(|IMAGE\s{0,9}\()[^<>]{0,40}?https?:",
    re.IGNORECASE,
)
SHOWN = "its text shows your address"


def is_package(contents: Mapping[str, bytes]) -> bool:
    """Whether the files of an archive make such a document (or one of its kin)."""
    return _TYPES in contents and "_rels/.rels" in contents


def package(contents: Mapping[str, bytes], inside: Inside) -> dict[str, bytes]:
    """The parts that stay, cleaned. Raises Unscrubbable, also where the text shows an address."""
    if any(map(_MACROS.match, contents)):
        raise Unscrubbable("it holds macros, which cannot be checked")
    kept = {name: part for name, part in contents.items() if not _DROPPED.match(name)}
    return {name: _part(name, part, kept, inside) for name, part in kept.items()}


def _part(name: str, part: bytes, kept: Mapping[str, bytes], inside: Inside) -> bytes:
    if not part:
        return part
    if not name.lower().endswith(_MARKUP):
        return inside.scrub(part)
    rules = markup.Rules(
        _dropped(name, kept), markup.local_in(_EMPTIED), _rewritten(inside.identity)
    )
    try:
        edited = markup.edit(part, rules)
    except Unscrubbable:
        if not name.endswith(".vml"):
            raise
        edited = markup.Edited(part, "", 0)  # old drawings are not always well-formed
    inside.budget.spend(elements=edited.elements)
    refuse_fetches(edited.content)
    traces.refuse_shown(edited.text, inside.identity, SHOWN)
    if "&" in edited.text:  # codes of headers and footers of sheets are glued to their words
        traces.refuse_shown(_CODE.sub(" ", edited.text), inside.identity, SHOWN)
    traces.refuse_traces(edited.content, inside.identity)
    return edited.content


def refuse_fetches(content: bytes) -> None:
    """Raises Unscrubbable if a field or a formula would tell somebody when it is looked at."""
    if _FETCHES.search(content):
        raise Unscrubbable("it would fetch something when it is opened")


def _dropped(name: str, kept: Mapping[str, bytes]) -> Callable[[str, Attributes], bool]:
    """Which elements go: those that speak of people and printers, and of parts that are gone."""
    found = _RELATIONS.fullmatch(name)

    def dropped(element: str, attributes: Attributes) -> bool:
        own = markup.local(element)
        if found and own == "Relationship" and attributes.get("TargetMode") != "External":
            place = posixpath.join("/", found[1], attributes.get("Target", ""))
            return bool(_DROPPED.match(posixpath.normpath(place).lstrip("/")))
        if name == _TYPES and own == "Override":
            return attributes.get("PartName", "").lstrip("/") not in kept
        return own in _GONE

    return dropped


def _rewritten(identity: Identity) -> Callable[[str, Attributes], Attributes]:
    """Attributes without people, revisions and places on a disk."""

    def rewritten(element: str, attributes: Attributes) -> Attributes:
        own = markup.local(element)
        kept = {
            key: _PEOPLE.get(markup.local(key), links.local_path(value))
            for key, value in attributes.items()
            if not markup.local(key).startswith("rsid")
        }
        if own in _NAMED and "name" in kept:
            kept["name"] = "Author"
        if own == "pageSetup":  # refers to the settings of a printer
            kept = {key: value for key, value in kept.items() if markup.local(key) != "id"}
        if own == "Relationship" and kept.get("TargetMode") == "External":
            kept["Target"] = _external(kept, identity)
        elif any("author" in key for key in kept):
            kept = {key: value for key, value in kept.items() if markup.local(key) != "date"}
        return kept

    return rewritten


def _external(relation: Attributes, identity: Identity) -> str:
    """Links that are followed on a click may stay; what is fetched on opening may not."""
    place = links.target(relation.get("Target", ""), identity)
    clicked = relation.get("Type", "").endswith("/hyperlink")
    return links.NOWHERE if links.loads(place) and not clicked else place
