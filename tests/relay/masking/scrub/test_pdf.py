"""PDF documents keep their pages and lose all that lies beside them, or are kept back."""

from __future__ import annotations

import io

import pikepdf
import pypdf
import pytest
from documents import a_changed_pdf, a_pdf
from pictures import a_photo, exif_of, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))
PHOTO = saved(a_photo(), "JPEG", exif=exif_of(ME))


def test_a_pdf_keeps_its_pages_and_loses_its_author() -> None:
    cleaned = scrub(a_pdf("About queues", "More", author=ME), IDENTITY)
    reader = pypdf.PdfReader(io.BytesIO(cleaned))
    assert [page.extract_text() for page in reader.pages] == ["About queues", "More"]
    assert not reader.metadata
    assert not reader.attachments
    with pikepdf.open(io.BytesIO(cleaned)) as document:
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/OpenAction", "/Names"}
        everything = b"".join(one.unparse(resolved=True) for one in document.objects)
    assert b"dana" not in everything.lower()
    assert b"example.test/paper" in everything
    assert b"a remark" in everything


def test_what_an_earlier_version_of_a_pdf_said_is_gone() -> None:
    first = a_pdf(f"Write to {ME}")
    with pikepdf.open(io.BytesIO(first)) as document:
        number = document.pages[0].obj.Contents.objgen[0]
        root, size = document.Root.objgen[0], len(document.objects) + 1
    update = (
        b"%d 0 obj<</Length 29>>stream\nBT /F1 9 Tf 40 700 Td (Hi) Tj ET\nendstream endobj\n"
        % number
    )
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(first))
    before = int(first.rpartition(b"startxref\n")[2].split()[0])
    end = b"trailer<</Size %d/Root %d 0 R/Prev %d>>\n" % (size, root, before)
    end += b"startxref\n%d\n%%%%EOF\n" % (len(first) + len(update))
    cleaned = scrub(first + update + table + end, IDENTITY)
    assert pypdf.PdfReader(io.BytesIO(cleaned)).pages[0].extract_text() == "Hi"


@pytest.mark.parametrize(
    "content",
    [
        a_pdf(f"Write to {ME}"),
        a_pdf("first page", "Dana.Keller@Private.Test"),
        a_pdf("dana.keller [at] private.test"),
    ],
)
def test_a_pdf_that_shows_the_address_is_kept_back(content: bytes) -> None:
    with pytest.raises(Unscrubbable, match="on its pages"):
        scrub(content, IDENTITY)


def _field(document: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("mail"), V=pikepdf.String(ME))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))


def _drawn_apart(document: pikepdf.Pdf) -> None:
    text = b"BT /F1 9 Tf [(dana.kel) -20 (ler@pri) 5 (vate.test)] TJ ET"
    form = document.make_stream(text, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Stamp,
        Rect=pikepdf.Array([0, 0, 9, 9]),
        AP=pikepdf.Dictionary(N=form),
    )
    document.pages[0].obj.Annots = pikepdf.Array([annotation])


def _outline(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"Write to {ME}", 0))


@pytest.mark.parametrize("change", [_field, _drawn_apart, _outline])
def test_what_shows_beside_the_text_of_the_pages_is_read_too(change) -> None:
    with pytest.raises(Unscrubbable, match="on its pages"):
        scrub(a_changed_pdf(change), IDENTITY)


def test_pictures_in_a_pdf_are_cleaned() -> None:
    def change(document: pikepdf.Pdf) -> None:
        image = document.make_stream(
            PHOTO,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=64,
            Height=48,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
        )
        image.write(PHOTO, filter=pikepdf.Name.DCTDecode)
        document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Im0=image)

    cleaned = scrub(a_changed_pdf(change), IDENTITY)
    assert b"Camera 5" in a_changed_pdf(change)
    assert b"Camera 5" not in cleaned
    with pikepdf.open(io.BytesIO(cleaned)) as document:
        raw = document.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
    assert pixels(raw) == pixels(PHOTO)


@pytest.mark.parametrize("taken_by", [b"", b"Exif\0\0"])
def test_a_picture_that_is_cut_short_stays_if_it_tells_nothing(taken_by: bytes) -> None:
    cut = b"\xff\xd8\xff\xe1\0\x40" + taken_by + bytes(20)

    def change(document: pikepdf.Pdf) -> None:
        image = document.make_stream(cut, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        image.write(cut, filter=pikepdf.Name.DCTDecode)
        document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Im0=image)

    if taken_by:
        with pytest.raises(Unscrubbable):
            scrub(a_changed_pdf(change), IDENTITY)
    else:
        assert cut in scrub(a_changed_pdf(change), IDENTITY)


def test_an_encrypted_pdf_is_kept_back() -> None:
    with pytest.raises(Unscrubbable, match="password"):
        scrub(a_pdf("A page", encrypted=True), IDENTITY)
