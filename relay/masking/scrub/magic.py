"""The kinds of files, and the first bytes that tell them."""

from __future__ import annotations

from enum import StrEnum, auto


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
    CAMERA = auto()  # raw photos, layered pictures
    FLAT = auto()  # office documents that are a single XML file
    SHORTCUT = auto()
    CALENDAR = auto()
    VCARD = auto()
    MESSAGE = auto()
    SEALED = auto()  # signatures, keys and encrypted content: see signatures.py
    TNEF = auto()
    TEXT = auto()
    HTML = auto()
    UNKNOWN = auto()


STARTS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF8", Kind.GIF),
    (b"\0\0\0\x0cjP  ", Kind.JP2),
    (b"\0\0\0\x0cJXL ", Kind.JP2),
    (b"8BPS", Kind.CAMERA),
    (b"FUJIFILMCCD-RAW", Kind.CAMERA),
    (b"IIRO", Kind.CAMERA),
    (b"IIRS", Kind.CAMERA),
    (b"IIU\0", Kind.CAMERA),
    (b"L\0\0\0\1\x14\2\0", Kind.SHORTCUT),
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
    (b"!BDN", Kind.PACKED),  # a mailbox of Outlook
    (b"\xed\xab\xee\xdb", Kind.PACKED),  # rpm
    (b"\x60\xea", Kind.PACKED),  # arj
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"ID3", Kind.MEDIA),
    (b"OggS", Kind.MEDIA),
    (b"fLaC", Kind.MEDIA),
    (b"\x1a\x45\xdf\xa3", Kind.MEDIA),  # Matroska, WebM
    (b"FORM", Kind.MEDIA),  # AIFF
    (b"#!AMR", Kind.MEDIA),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind.MEDIA),  # ASF: wma, wmv
)
