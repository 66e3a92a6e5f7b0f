"""Documents and archives that tell who wrote them, as small as programs accept them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'dc:creator="{}"/></rdf:RDF></x:xmpmeta>'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def a_zip(members: dict[str, bytes | str], comment: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment.encode()
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def told(content: bytes) -> bytes:
    """All that can be read in a document that is an archive."""
    return b"\n".join(name.encode() + part for name, part in unzipped(content).items())


def a_tar(members: dict[str, bytes], owner: str = "dana") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.uid, info.uname = len(content), 1_700_000_000, 501, owner
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def untarred(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        files = [info for info in archive if info.isfile()]
        return {info.name: archive.extractfile(info).read() for info in files}


def relationships(*links: tuple[str, str, str]) -> str:
    """(type, target, mode) of each."""
    lines = [
        f'<Relationship Id="r{number}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "")
        + "/>"
        for number, (kind, target, mode) in enumerate(links)
    ]
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'
    )


def a_docx(text: str, author: str = "", more: dict[str, bytes | str] | None = None) -> bytes:
    """A Word document; `text` is XML that stands within its only paragraph."""
    parts = {
        "/word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    types = "".join(f'<Override PartName="{n}" ContentType="{t}"/>' for n, t in parts.items())
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": relationships(
            ("officeDocument", "word/document.xml", ""), ("core", "docProps/core.xml", "")
        ),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body><w:p w:rsidR="00AB12CD"'
        f' w:rsidRDefault="00AB12CD">{text}</w:p></w:body></w:document>',
        "docProps/core.xml": f'<c:coreProperties xmlns:c="urn:c" xmlns:dc="urn:d"><dc:creator>{author}'
        "</dc:creator></c:coreProperties>",
    }
    return a_zip(members | (more or {}))


def a_run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def an_odt(text: str, author: str = "", more: dict[str, bytes | str] | None = None) -> bytes:
    """A text document of LibreOffice; `text` is XML that stands within its only paragraph."""
    names = ["content.xml", "meta.xml", "settings.xml", "Thumbnails/thumbnail.png"]
    entries = "".join(f'<manifest:file-entry manifest:full-path="{name}"/>' for name in names)
    office = (
        'xmlns:office="urn:office" xmlns:dc="urn:dc" xmlns:text="urn:text" xmlns:config="urn:c"'
    )
    office += ' xmlns:xlink="urn:x" xmlns:draw="urn:draw" xmlns:officeooo="urn:oo"'
    members: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"{_HEAD}<office:document-content {office}><text:p>{text}</text:p>"
        "</office:document-content>",
        "meta.xml": f"<office:document-meta {office}><dc:creator>{author}</dc:creator>"
        "</office:document-meta>",
        "settings.xml": f"<office:document-settings {office}>"
        f'<config:config-item config:name="PrinterName">{author}s printer</config:config-item>'
        '<config:config-item config:name="AddSpacing">true</config:config-item>'
        "</office:document-settings>",
        "Thumbnails/thumbnail.png": b"\x89PNG\r\n\x1a\n",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="urn:m">{entries}'
        "</manifest:manifest>",
    }
    return a_zip(members | (more or {}))


def a_pdf(*lines: str, author: str = "", encrypted: bool = False) -> bytes:
    """A page for each line, with an author in its properties, metadata and attachments."""
    with pikepdf.new() as document:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for line in lines:
            document.add_blank_page()
            shown = String(line).unparse()
            content = b"BT /F1 12 Tf 40 700 Td " + shown + b" Tj ET"
            page = document.pages[-1].obj
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = document.make_stream(content)
        if author:
            _tell(document, author)
        out = io.BytesIO()
        locked = pikepdf.Encryption(owner="o", user="u") if encrypted else None
        document.save(out, encryption=locked or False)
        return out.getvalue()


def _tell(document: pikepdf.Pdf, author: str) -> None:
    document.trailer.Info = document.make_indirect(Dictionary(Author=String(author)))
    document.Root.Metadata = document.make_stream(_PACKET.format(author).encode())
    document.Root.PieceInfo = Dictionary(Writer=Dictionary(LastModified=String(author)))
    document.attachments["notes.txt"] = author.encode()
    document.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Text,
                Rect=Array([0, 0, 9, 9]),
                T=String(author),
                Contents=String("a remark"),
                M=String("D:20260101"),
            ),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([0, 0, 9, 9]),
                A=Dictionary(S=Name.URI, URI=String(f"mailto:{author}")),
            ),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([0, 0, 9, 9]),
                A=Dictionary(S=Name.URI, URI=String("https://example.test/paper")),
            ),
        ]
    )
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.mailMsg('{author}')"))
    document.Root.OpenAction = script


def a_changed_pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A document of one page, after a change."""
    with pikepdf.open(io.BytesIO(a_pdf("A page"))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()
