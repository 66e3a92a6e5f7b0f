"""Documents of LibreOffice and its kin (OpenDocument 1.3): odt, ods, odp, odg."""

from __future__ import annotations

import re
from collections.abc import Mapping

from relay.masking.scrub import links, markup, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.markup import Attributes
from relay.masking.scrub.office import SHOWN
from relay.masking.scrub.outcome import PROTECTED, Unscrubbable

_TYPE = b"application/vnd.oasis.opendocument."
_MANIFEST = "META-INF/manifest.xml"
_DROPPED = re.compile(
    r"(?:.*/)?(?:meta\.xml|Thumbnails/.*|VersionList\.xml|Versions/.*)|META-INF/.*signatures.*"
)
_EMPTIED = frozenset(
    """creator creator-initials sender-initials initial-creator printed-by generator
    author-initials""".split()  # noqa: SIM905
)
# Settings that name printers, sessions, data sources and folders.
_SETTINGS = re.compile(
    r"Printer(?:Name|Setup)|Rsid.*|.*TableURL|CurrentDatabase.*|EmbeddedDatabase.*"
)


def is_document(contents: Mapping[str, bytes]) -> bool:
    """Whether the files of an archive make such a document."""
    return contents.get("mimetype", b"").startswith(_TYPE)


def document(contents: Mapping[str, bytes], inside: Inside) -> dict[str, bytes]:
    """The files that stay, cleaned. Raises Unscrubbable, also where the text shows an address."""
    if b"encryption-data" in contents.get(_MANIFEST, b""):
        raise Unscrubbable(PROTECTED)
    kept = {name: part for name, part in contents.items() if not _DROPPED.fullmatch(name)}
    return {name: _part(name, part, inside) for name, part in kept.items()}


def _part(name: str, part: bytes, inside: Inside) -> bytes:
    if name == "mimetype" or not part:
        return part
    if not name.endswith((".xml", ".rdf")):
        return inside.scrub(part)

    def rewritten(element: str, attributes: Attributes) -> Attributes:
        kept = {
            key: links.local_path(value)
            for key, value in attributes.items()
            if "rsid" not in markup.local(key)
        }
        for key in kept:
            if markup.local(key) == "href":
                kept[key] = links.target(kept[key], inside.identity)
                if links.loads(kept[key]) and markup.local(element) != "a":
                    kept[key] = links.NOWHERE
        return kept

    edited = markup.edit(part, markup.Rules(_dropped, markup.local_in(_EMPTIED), rewritten))
    inside.budget.spend(elements=edited.elements)
    traces.refuse_shown(edited.text, inside.identity, SHOWN)
    traces.refuse_traces(edited.content, inside.identity)
    return edited.content


def _dropped(element: str, attributes: Attributes) -> bool:
    match markup.local(element):
        case "config-item":
            return bool(_SETTINGS.fullmatch(markup.value(attributes, "name")))
        case "file-entry":
            return bool(_DROPPED.fullmatch(markup.value(attributes, "full-path")))
    return False
