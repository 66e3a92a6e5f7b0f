"""What a file is, by its first bytes: a label or a name is what its sender chose to say."""

from __future__ import annotations

import re
from enum import StrEnum, auto

from relay.masking.scrub import writing


class Kind(StrEnum):
    """What a scrubber has to know how to read."""

    JPEG = auto()
    PNG = auto()
    GIF = auto()
    WEBP = auto()
    TIFF = auto()
    HEIF = auto()
    JP2 = auto()
    BMP = auto()
    SVG = auto()
    PDF = auto()
    OLE = auto()  # doc, xls, ppt, msg, and encrypted Office files
    RTF = auto()
    ZIP = auto()  # archives, and all office documents of today
    TAR = auto()
    GZIP = auto()
    BZIP2 = auto()
    XZ = auto()
    PACKED = auto()  # archives that are not looked into
    MEDIA = auto()  # sound and film
    CALENDAR = auto()
    VCARD = auto()
    MESSAGE = auto()
    SEALED = auto()  # signatures, keys and encrypted content: see signatures.py
    TNEF = auto()
    TEXT = auto()
    UNKNOWN = auto()


_HEAD = 1024
_BEGINNING = 4096  # characters in which a key or a signature begins, behind remarks
_STARTS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF8", Kind.GIF),
    (b"\0\0\0\x0cjP  ", Kind.JP2),
    (b"\xff\x4f\xff\x51", Kind.JP2),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"II+\0", Kind.TIFF),
    (b"MM\0+", Kind.TIFF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE),
    (b"{\\rt", Kind.RTF),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"PK00PK\x03\x04", Kind.ZIP),
    (b"\x1f\x8b", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\0", Kind.XZ),
    (b"7z\xbc\xaf\x27\x1c", Kind.PACKED),
    (b"Rar!\x1a\x07", Kind.PACKED),
    (b"\x28\xb5\x2f\xfd", Kind.PACKED),  # zstd
    (b"\x04\x22\x4d\x18", Kind.PACKED),  # lz4
    (b"\x1f\x9d", Kind.PACKED),  # compress
    (b"MSCF\0\0\0\0", Kind.PACKED),  # cab
    (b"xar!", Kind.PACKED),
    (b"!<arch>\n", Kind.PACKED),  # deb, static libraries
    (b"LZIP", Kind.PACKED),
    (b"\x5d\0\0", Kind.PACKED),  # lzma
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"ID3", Kind.MEDIA),
    (b"OggS", Kind.MEDIA),
    (b"fLaC", Kind.MEDIA),
    (b"\x1a\x45\xdf\xa3", Kind.MEDIA),  # Matroska, WebM
    (b"FORM", Kind.MEDIA),  # AIFF
    (b"#!AMR", Kind.MEDIA),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind.MEDIA),  # ASF: wma, wmv
)
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
_SVG = re.compile(r"<(?:[a-zA-Z]{1,20}:)?svg[\s>/]")
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
    for start, found in _STARTS:
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
    return Kind.SVG if _SVG.match(text, _root(text)) else Kind.TEXT


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
