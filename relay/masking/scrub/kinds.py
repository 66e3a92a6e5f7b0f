"""Which scrubber cleans a file of which kind, and which kinds are not carried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from relay.masking.identity import Identity
from relay.masking.scrub import (
    bmp,
    calendar,
    gif,
    heif,
    jp2,
    jpeg,
    media,
    nested,
    packed,
    pages,
    plain,
    png,
    rtf,
    signatures,
    sniff,
    svg,
    tars,
    tiff,
    unknown,
    vcard,
    webp,
    zips,
)
from relay.masking.scrub.inside import Budget, Inside, People
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable
from relay.masking.scrub.sniff import Kind


def _pdf(content: bytes, inside: Inside) -> bytes:
    # Its libraries take as long to import as a tenth of all others, and few mails hold a PDF.
    from relay.masking.scrub.pdf import pdf

    return pdf(content, inside)


SCRUBBERS: Mapping[Kind, Callable[[bytes, Identity], bytes]] = {
    Kind.JPEG: jpeg.jpeg,
    Kind.PNG: png.png,
    Kind.GIF: gif.gif,
    Kind.WEBP: webp.webp,
    Kind.TIFF: tiff.tiff,
    Kind.HEIF: heif.heif,
    Kind.JP2: jp2.jp2,
    Kind.BMP: bmp.bmp,
    Kind.MEDIA: media.media,
    Kind.UNKNOWN: unknown.unknown,
}
CONTAINERS: Mapping[Kind, Callable[[bytes, Inside], bytes]] = {
    Kind.TEXT: plain.plain,
    Kind.HTML: pages.page,
    Kind.CALENDAR: calendar.invitation,
    Kind.VCARD: vcard.vcard,
    Kind.MESSAGE: nested.nested,
    Kind.PDF: _pdf,
    Kind.SVG: svg.svg,
    Kind.RTF: rtf.rtf,
    Kind.ZIP: zips.zipped,
    Kind.TAR: tars.tar,
    Kind.GZIP: packed.gzip,
    Kind.BZIP2: packed.bzip2,
    Kind.XZ: packed.xz,
}
_LABELLED: Mapping[str, Kind] = {
    "message/rfc822": Kind.MESSAGE,
    "message/global": Kind.MESSAGE,
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
}
# Why they are not carried, and what their author may do.
REFUSED: Mapping[Kind, tuple[str, str]] = {
    Kind.OLE: (
        "it is in an old Office format or has a password, so its hidden details cannot be removed",
        "send it as docx, xlsx, pptx or PDF, without a password",
    ),
    Kind.PACKED: ("it is packed in a format that cannot be looked into", "send a zip"),
    Kind.CAMERA: (
        "it is in the format of a camera or picture program, whose details cannot be removed",
        "send a JPEG or PNG",
    ),
    Kind.FLAT: (
        "it is a document in a format whose hidden details cannot be removed",
        "send it as docx, odt or PDF",
    ),
    Kind.SHORTCUT: ("it is a shortcut, which names your computer and its folders", ""),
    Kind.TNEF: (
        "it is in Outlook's own format, which cannot be checked",
        "send the message as plain text or HTML",
    ),
}


def scrub(
    content: bytes,
    identity: Identity,
    stand_in: str = "",
    swapped: Mapping[str, str] = MappingProxyType({}),
    *,
    content_type: str = "",
    budget: Budget | None = None,
) -> bytes:
    """The content without anything that tells who or where its author is. Raises Unscrubbable.

    `stand_in` is the author's address as the reader may see it; `swapped` maps addresses in our
    domain that the reader must not see to what they see instead. Text and calendars can then be
    carried with these; without them, the places are empty. `content_type` is what its sender calls
    it, which counts for messages and pages alone: programs read as such whatever is labelled so.
    Files that share a `budget` share what may be unpacked.
    """
    people = People(identity, stand_in, {mask.lower(): shown for mask, shown in swapped.items()})
    spends = budget if budget is not None else Budget()
    return Inside(people, people.hidden, _clean, budget=spends).scrub(content, content_type)


def _clean(content: bytes, inside: Inside, content_type: str) -> bytes:
    kind, labelled = sniff.kind(content), _LABELLED.get(content_type)
    if labelled is Kind.MESSAGE or kind is Kind.TEXT:
        kind = labelled or kind
    if kind is Kind.SEALED:
        raise Unscrubbable(signatures.seal("", content) or signatures.Seal.KEY)
    if kind in REFUSED:
        raise Unscrubbable(*REFUSED[kind])
    try:
        if kind in CONTAINERS:
            return CONTAINERS[kind](content, inside)
        return SCRUBBERS[kind](content, inside.identity)
    except Unscrubbable:
        raise
    except Exception as error:
        raise Unscrubbable(DAMAGED) from error
