"""What a file is, by its first bytes: a label or a name is what its sender chose to say."""

from __future__ import annotations

import re

from relay.masking.scrub import writing
from relay.masking.scrub.magic import STARTS, Kind

__all__ = ["Kind", "is_tar", "kind", "openpgp"]

_HEAD = 1024
_BEGINNING = 4096  # characters in which a key or a signature begins, behind remarks
_RIFF = {b"WEBP": Kind.WEBP, b"WAVE": Kind.MEDIA, b"AVI ": Kind.MEDIA}
_STILLS = frozenset(
    (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
)
_MPEG = frozenset((b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9"))
# The versions of OpenPGP packets that name a person or hide content.
_PACKETS = {1: (3, 6), 2: (3, 4, 5, 6), 3: (4, 5, 6), 5: (3, 4, 5, 6), 6: (3, 4, 5, 6), 18: (1, 2)}
# Behind the first lengths of a sequence: identifiers of RFC 5652, a certificate, a PKCS #12 store.
_PKCS = rb"\x2a\x86\x48\x86\xf7\x0d\x01"
_DER = re.compile(
    rb"\x30[\x80-\x84].{0,4}?(?:\x06(?:\x09" + _PKCS + rb"\x07|\x0b" + _PKCS + rb"\x09\x10\x01)"
    rb"|\x30\x82..\xa0\x03\x02\x01\x02\x02|\x02\x01\x03\x30)",
    re.DOTALL,
)
_ARMOR = re.compile(
    r"^-----BEGIN (?:PGP |PKCS7|CMS|CERTIFICATE|(?:[A-Z]{1,12} ){0,3}PRIVATE KEY)", re.MULTILINE
)
_BEFORE_ROOT = re.compile(
    r"\s+|<\?[^>]{0,2000}>|<!--.{0,4000}?-->|<![^>\[]{0,2000}(?:\[[^\]]{0,8000}\]\s{0,99})?>",
    re.DOTALL,
)
_FLAT = re.compile(r"<(?:office:document|pkg:package|w:wordDocument|Workbook|PowerPoint)[\s>]")
_SVG = re.compile(r"<(?:[a-zA-Z]{1,20}:)?svg[\s>/]")
_HTML = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_HTML_TYPE = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_FIELD = re.compile(r"([!-9;-~]{1,80}):[ \t]|[ \t]|[!-9;-~]{1,80}:$")
_OF_A_MESSAGE = (
    {"received"},
    {"message-id"},
    {"mime-version"},
    {"return-path"},
    {"from", "subject"},
)


def kind(content: bytes) -> Kind:
    """The kind of a file's content; UNKNOWN means that all one can do is search it."""
    head = content[:_HEAD]
    for start, found in STARTS:
        if head.startswith(start):
            return found
    return _structured(content, head) or _written(content)


def _structured(content: bytes, head: bytes) -> Kind | None:
    """Kinds that more than their first bytes tell."""
    if b"%PDF-" in head:
        return Kind.PDF
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], Kind.UNKNOWN)
    if head[4:8] == b"ftyp":
        brands = {head[place : place + 4] for place in range(8, 72, 4)}
        return Kind.HEIF if brands & _STILLS else Kind.MEDIA
    if content[0x8001:0x8006] == b"CD001" or head[2:5] == b"-lh" or content[-512:-508] == b"koly":
        return Kind.PACKED
    if is_tar(head):
        return Kind.TAR
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return Kind.BMP
    if head[:2] in _MPEG:
        return Kind.MEDIA
    if _DER.match(head) or openpgp(head):
        return Kind.SEALED
    return None


def is_tar(head: bytes) -> bool:
    """Whether it begins with a tar header, of any dialect: the checksum says so (POSIX.1-2001)."""
    if len(head) < 512 or not head[0]:
        return False
    digits = head[148:156].strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return False
    return int(digits, 8) == sum(head[:148]) + 8 * 32 + sum(head[156:512])


def openpgp(head: bytes) -> bool:
    """Whether it begins with an OpenPGP signature, key or encrypted data (RFC 9580)."""
    if len(head) < 8 or not head[0] & 0x80:
        return False
    if head[0] & 0x40:
        tag, length = head[0] & 0x3F, 1 if head[1] < 192 else 2 if head[1] < 224 else 5
    else:
        tag, length = (head[0] >> 2) & 0xF, (1, 2, 4, 0)[head[0] & 3]
    return head[1 + length] in _PACKETS.get(tag, ())


def _written(content: bytes) -> Kind:
    """Kinds of text, by how they begin."""
    found = writing.read(content)
    if found is None:
        return Kind.UNKNOWN
    text = found.text[: 1 << 14].lstrip("\ufeff \t\r\n")
    begins = text[:15].upper()
    if begins == "BEGIN:VCALENDAR":
        return Kind.CALENDAR
    if begins.startswith("BEGIN:VCARD"):
        return Kind.VCARD
    if _ARMOR.search(text[:_BEGINNING]):
        return Kind.SEALED
    if _is_message(text):
        return Kind.MESSAGE
    root = _root(text)
    if _FLAT.match(text, root):
        return Kind.FLAT
    if _HTML.match(text, root) or _HTML_TYPE.match(text):
        return Kind.HTML
    return Kind.SVG if _SVG.match(text, root) else Kind.TEXT


def _root(text: str) -> int:
    """Where the first element of an XML document begins."""
    place = 0
    while found := _BEFORE_ROOT.match(text, place):
        place = found.end()
    return place


def _is_message(text: str) -> bool:
    """Whether it begins with the header of a message (RFC 5322), or as an mbox does."""
    names = set()
    for number, line in enumerate(text.splitlines()[:100]):
        if not line and number:
            break
        if not (field := _FIELD.match(line)) and not (number == 0 and line.startswith("From ")):
            return False
        if field:
            names.add((field[1] or field[0].rstrip(":")).lower())
    return len(names) > 2 and any(some <= names for some in _OF_A_MESSAGE)
