"""Mail that was made to hurt its reader: deep, wide, lying, packed, or bait for regular expressions."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from mails import parts_mail, raw_mail

Bomb = Callable[[], bytes]
MIB = 2**20


def lines(body: bytes, width: int = 900) -> bytes:
    """The same without a line that is longer than SMTP allows."""
    return b"".join(
        line[at : at + width] + b"\r\n"
        for line in body.removesuffix(b"\r\n").split(b"\r\n")
        for at in range(0, max(len(line), 1), width)
    )


def attached(content: bytes, name: str, kind: str = "application/octet-stream") -> bytes:
    coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
    head += f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    text = b"Content-Type: text/plain\r\n\r\nMy portfolio is attached.\r\n"
    return parts_mail(text, head.encode() + coded)


def text(body: bytes | str, kind: str = "text/plain; charset=utf-8", **fields: str | None) -> bytes:
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogateescape")
    return raw_mail(body=lines(content), Content_Type=kind, **fields)


# --- structure -------------------------------------------------------------------------------


def deep_multiparts(levels: int = 2000) -> bytes:
    deep = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1)
        for n in range(levels)
    )
    return raw_mail(body=deep + b"hi\r\n", Content_Type="multipart/mixed; boundary=b0")


def deep_messages(levels: int = 1500) -> bytes:
    return raw_mail(
        body=b"Content-Type: message/rfc822\r\n\r\n" * levels + b"Subject: x\r\n\r\nhi\r\n",
        Content_Type="message/rfc822",
    )


def parts(number: int, part: bytes = b"Content-Type: text/plain; name=a.txt\r\n\r\nx\r\n") -> bytes:
    body = (b"--b\r\n" + part) * number + b"--b--\r\n"
    return raw_mail(body=body, Content_Type="multipart/mixed; boundary=b")


def fields(number: int) -> bytes:
    return raw_mail(*(f"X-{n}: y" for n in range(number)))


def parameters(number: int, form: str) -> bytes:
    return raw_mail(
        Content_Type="text/plain;\r\n " + ";\r\n ".join(form.format(n) for n in range(number))
    )


STRUCTURE: dict[str, Bomb] = {
    "multiparts 2000 deep": deep_multiparts,
    "multiparts 49 deep": lambda: deep_multiparts(49),
    "messages 1500 deep": deep_messages,
    "messages 45 deep": lambda: deep_messages(45),
    "50 000 parts": lambda: parts(50_000),
    "499 parts": lambda: parts(499),
    "499 HTML parts": lambda: parts(499, b"Content-Type: text/html\r\n\r\n<p>a <b>b</b></p>\r\n"),
    "400 parts of 2 kB": lambda: parts(400, b"\r\n" + b"word <b> " * 220 + b"\r\n"),
    "delimiters that are none": lambda: raw_mail(
        body=b"--bx\r\n" * 150_000, Content_Type="multipart/mixed; boundary=b"
    ),
    "100 000 fields": lambda: fields(100_000),
    "900 fields": lambda: fields(900),
    "a field of 1 MB": lambda: raw_mail("X-Long: " + "\r\n ".join(["y" * 900] * 1100)),
    "a field of 200 kB": lambda: raw_mail("X-Long: " + "\r\n ".join(["y" * 900] * 220)),
    "14 000 encoded words": lambda: raw_mail(Subject="\r\n ".join(["=?utf-8?q?a?="] * 14_000)),
    "200 kB of encoded words": lambda: raw_mail(
        Subject="\r\n ".join(["=?utf-8?b?" + "QUJD" * 10 + "?="] * 3500)
    ),
    "20 000 RFC 2231 pieces": lambda: parameters(20_000, "name*{0}*=a"),
    "400 RFC 2231 pieces": lambda: parameters(400, "name*{0}*=%41"),
    "700 parameters": lambda: parameters(700, "p{0}=x"),
    "10 000 addresses in To": lambda: raw_mail(To=",\r\n ".join(["a <a@b.test>"] * 10_000)),
    "nested comments in To": lambda: raw_mail(To="(" * 900 + "a@b.test" + ")" * 900),
    "quotes without an end in To": lambda: raw_mail(To='"\\' * 450 + "a@b.test"),
    "5000 references": lambda: raw_mail(
        References="\r\n ".join([f"<{n}@mailer.test>" for n in range(5000)])
    ),
    "a date without an end": lambda: raw_mail(Date="Mon, 2 Mar " + "2026 " * 180),
    "a name of combining marks": lambda: raw_mail(
        From="=?utf-8?b?"
        + base64.b64encode(("a" + "\u0301" * 250).encode()).decode()
        + "?= <casey@mailer.test>"
    ),
}

# --- text --------------------------------------------------------------------------------------

TEXT: dict[str, Bomb] = {
    "400 000 combining marks": lambda: text("a" + "\u0301" * 400_000),
    "marks of two classes in turn": lambda: text("a" + "\u0301\u0323" * 150_000),
    "quote marks": lambda: text(b">" * 900_000 + b"x\r\n"),
    "quote marks with blanks": lambda: text((b"> " * 400 + b"x\r\n") * 1200),
    "endless attributions": lambda: text(
        (b"On Mon Jan 2 Alex Chen <a@b.test> " * 12 + b"\r\n") * 2200
    ),
    "On, and nothing after it": lambda: text(b"On " * 300_000 + b"\r\n"),
    "wrote, and nothing before it": lambda: text(b"wrote:" * 150_000),
    "signatures": lambda: text(b"-- \r\n" * 180_000),
    "dashes": lambda: text((b"-" * 900 + b"\r\n") * 1000),
    "blank lines": lambda: text(b"\r\n" * 480_000 + b"x"),
    "spaces": lambda: text((b" " * 900 + b"\r\n") * 1050 + b"x"),
    "forwarded headers": lambda: text((b"_" * 80 + b"\r\nFrom: a\r\nSent: b\r\n") * 9000),
    "at signs": lambda: text(b"@" * 900_000),
    "dots between letters": lambda: text(b"a." * 450_000),
    "almost addresses": lambda: text(b"a.b-c_d+e@" * 90_000),
    "almost addresses with blanks": lambda: text(b"a @ b . c at d dot " * 48_000),
    "30 000 addresses": lambda: text(b"".join(b"p%d@x%d.test\r\n" % (n, n) for n in range(30_000))),
    "almost links": lambda: text(b"https://" * 110_000),
    "links within links": lambda: text(b"https://x.test/?u=https%3A%2F%2F" * 28_000),
    "wrapped links": lambda: text(
        b"https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fx.test&data=1\r\n"
        * 11_000
    ),
    "percent signs": lambda: text(b"mailto:%25%32%35" * 55_000),
    "digits": lambda: text(b"1 2-3.4(5)6/" * 75_000),
    "nothing to be seen": lambda: text("\u200b" * 300_000),
    "from right to left": lambda: text("\u202ea\u202c" * 120_000),
    "letters that look like others": lambda: text("саsеу@mаilеr.tеst " * 30_000),
    "punycode for a charset": lambda: text(b"a-" * 200_000, "text/plain; charset=punycode"),
    "idna for a charset": lambda: text(b"xn--a." * 60_000, "text/plain; charset=idna"),
    "UTF-7": lambda: text(b"+AGEAYgBj-" * 90_000, "text/plain; charset=utf-7"),
    "a Japanese charset full of escapes": lambda: text(
        b"\x1b$B\x1b(B" * 150_000, "text/plain; charset=iso-2022-jp"
    ),
    "a coded blob": lambda: text(b"begin 644 x\r\n" + (b"M" + b"A" * 60 + b"\r\n") * 14_000),
    "armour without an end": lambda: text(b"-----BEGIN PGP MESSAGE-----\r\n" * 30_000),
    "soft line breaks": lambda: text(
        b"=\r\n" * 300_000, Content_Transfer_Encoding="quoted-printable"
    ),
    "broken base64": lambda: text(b"=" * 900_000, Content_Transfer_Encoding="base64"),
}

# --- HTML --------------------------------------------------------------------------------------


def page(body: bytes) -> bytes:
    return text(body, "text/html; charset=utf-8")


HTML: dict[str, Bomb] = {
    "tags 100 000 deep": lambda: page(b"<div>" * 100_000),
    "tables in tables": lambda: page(b"<table><tr><td>" * 50_000),
    "tags without an end": lambda: page(b"<a " * 280_000),
    "attributes": lambda: page(b"<a " + b'x="y" ' * 140_000 + b">"),
    "quotes without an end": lambda: page(b'<a href="' * 90_000),
    "comments without an end": lambda: page(b"<!--" * 220_000),
    "entities": lambda: page(b"&#97;&commat;&#x40;" * 45_000),
    "almost entities": lambda: page(b"&" * 900_000),
    "bold and unbold": lambda: page(b"<b></i>" * 125_000),
    "a letter to a tag": lambda: page(
        b"".join(b"<span>%c</span>" % b for b in b"casey@mailer.test" * 3500)
    ),
    "links": lambda: page(b'<a href="mailto:a@b.test?cc=c@d.test">x</a>' * 20_000),
    "style": lambda: page(b"<style>" + b"a{b:url(" * 100_000 + b"</style>"),
    "style attributes": lambda: page(b'<p style="a:b;background:url(x)">' * 26_000),
    "data pictures": lambda: page(b'<img src="data:image/png;base64,' + b"QUJD" * 200_000 + b'">'),
    "quoted pages": lambda: page(b"<blockquote>On Monday, A wrote:" * 28_000),
    "conditional comments": lambda: page(b"<!--[if mso]>" * 65_000),
}

# --- attachments -------------------------------------------------------------------------------


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def zip_of_zips(levels: int = 6) -> bytes:
    content = zipped(("a.txt", bytes(4 * MIB)))
    for level in range(levels):
        content = zipped(*((f"{level}-{n}.zip", content) for n in range(8)))
    return content


def overlapping_zip(entries: int = 2000) -> bytes:
    """Every entry of the directory names the same packed bytes."""
    raw = bytes(8 * MIB)
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed, crc, name = press.compress(raw) + press.flush(), zlib.crc32(raw), b"a.txt"
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), len(raw), len(name), 0)
    body = struct.pack("<I", 0x04034B50) + common + name + packed
    one = struct.pack("<IH", 0x02014B50, 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = (0x06054B50, 0, 0, entries, entries, len(one) * entries, len(body), 0)
    return body + one * entries + struct.pack("<IHHHHIIH", *end)


def png(width: int, height: int, rows: int = 100) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes((width * 3 + 1) * rows), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    packed = zlib.compress(bytes(150 * MIB), 6)
    content = b"Comment\0\0" + packed
    crc = zlib.crc32(b"zTXt" + content)
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", crc)
    made = png(8, 8, 8)
    return made[:33] + chunk + made[33:]


def tarred(mode: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("a.txt")
        member.size = 120 * MIB
        archive.addfile(member, io.BytesIO(bytes(member.size)))
    return made.getvalue()


def pdf(stream: bytes, number: int = 1) -> bytes:
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    kids = b" ".join(b"%d 0 R" % (n + 4) for n in range(number))
    objects += (
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[" + kids + b"]>>endobj "
    )
    for n in range(number):
        objects += b"%d 0 obj<</Length %d/Filter/FlateDecode>>stream\r\n" % (n + 4, len(stream))
        objects += stream + b"\r\nendstream endobj "
    return b"%PDF-1.7\n" + objects + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def docx(document: bytes) -> bytes:
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped(("[Content_Types].xml", types), ("word/document.xml", document))


BILLION = (
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    + b"]><a>&a9;</a>"
)

FILES: dict[str, tuple[str, Bomb]] = {
    "a zip of zeros": ("a.zip", lambda: zipped(("a.txt", bytes(200 * MIB)))),
    "a zip of zips": ("a.zip", zip_of_zips),
    "a zip whose entries overlap": ("a.zip", overlapping_zip),
    "a zip of 15 000 entries": (
        "a.zip",
        lambda: zipped(*((f"{n}.txt", b"x") for n in range(7000))),
    ),
    "a zip with a way out": ("a.zip", lambda: zipped(("../../etc/passwd", b"x"), ("/a", b"y"))),
    "a gzip of zeros": ("a.gz", lambda: gzip.compress(bytes(200 * MIB), 6)),
    "a bzip2 of zeros": ("a.bz2", lambda: bz2.compress(bytes(90 * MIB), 1)),
    "an xz of zeros": ("a.xz", lambda: lzma.compress(bytes(120 * MIB), preset=0)),
    "a tar of zeros": ("a.tar.gz", lambda: tarred("w:gz")),
    "a picture of a billion points": ("a.png", lambda: png(40_000, 40_000)),
    "a picture with much text": ("a.png", png_text_bomb),
    "a PDF that unfolds": ("a.pdf", lambda: pdf(zlib.compress(bytes(200 * MIB), 6))),
    "a PDF of many streams": ("a.pdf", lambda: pdf(zlib.compress(b"BT (x) Tj ET " * 1000), 1500)),
    "a PDF of brackets": ("a.pdf", lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 500_000),
    "a document that unfolds": ("a.docx", lambda: docx(b"<w:p>" + b"<w:t>a</w:t>" * 9_000_000)),
    "a document of a billion laughs": ("a.docx", lambda: docx(BILLION)),
    "a document nested deep": ("a.docx", lambda: docx(b"<a>" * 900_000)),
    "a drawing of a billion laughs": ("a.svg", lambda: BILLION),
    "a calendar of folds": ("a.ics", lambda: b"BEGIN:VCALENDAR\r\nX:" + b"a\r\n " * 150_000),
    "a calendar of many events": (
        "a.ics",
        lambda: (
            b"BEGIN:VCALENDAR\r\n"
            + b"BEGIN:VEVENT\r\nATTENDEE:mailto:a@b.test\r\nEND:VEVENT\r\n" * 10_000
        ),
    ),
    "a calendar nested deep": ("a.ics", lambda: b"BEGIN:VEVENT\r\n" * 40_000),
    "a card of many fields": ("a.vcf", lambda: b"BEGIN:VCARD\r\n" + b"EMAIL:a@b.test\r\n" * 40_000),
    "rich text nested deep": ("a.rtf", lambda: b"{\\rtf1" + b"{\\b" * 200_000),
    "a message in a message": ("a.eml", lambda: deep_messages(400)),
    "an Outlook bag": ("winmail.dat", lambda: b"\x78\x9f\x3e\x22" + b"\x01\x02\x03\x04" * 150_000),
}


def dozen_of_zips() -> bytes:
    """Each of them would still be unpacked, were it alone."""
    coded = base64.encodebytes(zipped(("a.txt", bytes(24 * MIB)))).replace(b"\n", b"\r\n")
    head = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n"
    head += b"Content-Disposition: attachment; filename=a%d.zip\r\n\r\n"
    return parts_mail(*(head % number + coded for number in range(12)))


STRUCTURE["a dozen zips"] = dozen_of_zips


def all_bombs() -> dict[str, Bomb]:
    """By name; those with files among them as attachments."""
    made = {**STRUCTURE, **TEXT, **HTML}
    for name, (file, content) in FILES.items():
        made[name] = lambda file=file, content=content: attached(content(), file)  # type: ignore[misc]
    return made
