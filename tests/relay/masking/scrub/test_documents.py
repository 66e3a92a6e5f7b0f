"""Office documents, PDFs, rich text and drawings lose their authors, or are kept back."""

from __future__ import annotations

import base64
import io

import pikepdf
import pypdf
import pytest
from documents import a_docx, a_pdf, a_run, a_zip, an_odt, relationships, unzipped
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import a_photo, exif_of, opened, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))
PHOTO = saved(a_photo(), "JPEG", exif=exif_of(ME))


def told(content: bytes) -> bytes:
    """All that can be read in a document that is an archive."""
    return b"\n".join(name.encode() + part for name, part in unzipped(content).items())


# --- Word, Excel, PowerPoint ---------------------------------------------------------------


def test_a_word_document_keeps_its_text_and_loses_its_properties() -> None:
    more = {
        "docProps/app.xml": "<Properties><Company>Keller Ltd</Company></Properties>",
        "docProps/custom.xml": "<Properties>Keller</Properties>",
        "docProps/thumbnail.jpeg": PHOTO,
        "word/people.xml": "<w15:people xmlns:w15='urn:w'><w15:person w15:author='Keller'/></w15:people>",
        "customXml/item1.xml": "<x>Keller</x>",
    }
    cleaned = scrub(a_docx(a_run("About queues"), "Dana Keller", more), IDENTITY)
    found = unzipped(cleaned)
    assert b"About queues" in found["word/document.xml"]
    assert b"Keller" not in told(cleaned)
    assert b"rsid" not in told(cleaned)
    assert list(found) == ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
    assert b"docProps" not in found["[Content_Types].xml"] + found["_rels/.rels"]


def test_who_commented_and_changed_what_goes_and_the_changes_stay() -> None:
    text = '<w:ins w:id="1" w:author="Dana Keller" w:date="2026-01-01T00:00:00Z" w:initials="DK">'
    notes = (
        '<w:comments xmlns:w="urn:w"><w:comment w:id="0" w:author="Dana Keller" w:initials="DK">'
        "<w:p><w:r><w:t>why?</w:t></w:r></w:p></w:comment></w:comments>"
    )
    content = a_docx(f"{text}{a_run('new')}</w:ins>", more={"word/comments.xml": notes})
    found = unzipped(scrub(content, IDENTITY))
    assert b'<w:ins w:id="1" w:author="Author" w:initials="A">' in found["word/document.xml"]
    assert b'w:author="Author" w:initials="A"><w:p><w:r><w:t>why?' in found["word/comments.xml"]


def test_paths_templates_and_settings_that_name_a_person_go() -> None:
    more = {
        "word/settings.xml": '<w:settings xmlns:w="urn:w"><w:zoom w:percent="90"/>'
        '<w:attachedTemplate r:id="r0" xmlns:r="urn:r"/><w:rsids><w:rsid w:val="1"/></w:rsids>'
        '<w:docVars><w:docVar w:name="owner" w:val="Keller"/></w:docVars></w:settings>',
        "word/_rels/settings.xml.rels": relationships(
            ("attachedTemplate", "file:///C:\\Users\\dkeller\\Templates\\CV.dotx", "External")
        ),
        "xl/workbook.xml": '<workbook><x15ac:absPath xmlns:x15ac="urn:x" url="C:\\Users\\dkeller\\"/>'
        '<pic descr="C:\\Users\\dkeller\\Pictures\\team.png"/>'
        '<pageSetup xmlns:r="urn:r" paperSize="9" r:id="r1"/>'
        '<c source="Provider=X;Data Source=C:\\Users\\dkeller\\a.mdb"/></workbook>',
        "xl/printerSettings/printerSettings1.bin": b"\\\0\\\0k\0e\0l\0l\0e\0r",
    }
    found = unzipped(scrub(a_docx(a_run("x"), more=more), IDENTITY))
    assert b"dkeller" not in b"".join(found.values())
    assert found["word/settings.xml"] == (
        b'<w:settings xmlns:w="urn:w"><w:zoom w:percent="90"/></w:settings>'
    )
    assert b'descr="team.png"' in found["xl/workbook.xml"]
    assert b'paperSize="9"/>' in found["xl/workbook.xml"]


def test_links_that_tell_lead_nowhere_and_others_stay() -> None:
    links = relationships(
        ("hyperlink", "mailto:dana%2Ekeller%40private.test?subject=Hi", "External"),
        ("hyperlink", "https://example.test/paper?a=1&amp;b=2", "External"),
        ("image", "https://track.example.test/p.gif", "External"),
        ("styles", "styles.xml", ""),
    )
    content = a_docx(a_run("x"), more={"word/_rels/document.xml.rels": links})
    cleaned = unzipped(scrub(content, IDENTITY))["word/_rels/document.xml.rels"]
    assert cleaned.count(b"about:blank") == 2
    assert b'Target="https://example.test/paper?a=1&amp;b=2"' in cleaned
    assert b"track" not in cleaned


@pytest.mark.parametrize(
    "text",
    [
        a_run(ME),
        a_run("dana.") + a_run("keller@priv") + a_run("ate.test"),
        a_run("Dana.Keller&#64;PRIVATE.test"),
        a_run("dana.keller (at) private.test"),
        f"<w:r><w:delText>{ME}</w:delText></w:r>",
        '<w:r><w:instrText>HYPERLINK "mailto:dana.keller%40private.test"</w:instrText></w:r>',
        f'<w:drawing><docPr descr="{ME}"/></w:drawing>',
    ],
)
def test_a_document_that_shows_the_address_is_kept_back(text: str) -> None:
    with pytest.raises(Unscrubbable, match="shows your address"):
        scrub(a_docx(text), IDENTITY)


def test_pictures_in_documents_are_cleaned() -> None:
    content = a_docx(a_run("x"), more={"word/media/image1.jpeg": PHOTO})
    found = unzipped(scrub(content, IDENTITY))["word/media/image1.jpeg"]
    assert pixels(found) == pixels(PHOTO)
    assert dict(opened(found).getexif()) == {0x0112: 6}


def test_documents_in_documents_are_read() -> None:
    content = a_docx(a_run("x"), more={"word/embeddings/sheet.xlsx": a_docx(a_run(ME))})
    with pytest.raises(Unscrubbable):
        scrub(content, IDENTITY)


def test_comment_authors_of_sheets_and_slides_lose_their_names() -> None:
    more = {
        "xl/comments1.xml": "<comments><authors><author>Dana Keller</author></authors></comments>",
        "xl/persons/person.xml": '<personList><person displayName="Dana Keller" id="{1}"'
        ' userId="S::dkeller@x.test" providerId="AD"/></personList>',
        "ppt/commentAuthors.xml": '<p:l xmlns:p="urn:p"><p:cmAuthor id="0" name="Dana Keller"'
        ' initials="DK"/></p:l>',
        "ppt/changesInfos/changesInfo1.xml": "<x>Dana Keller</x>",
    }
    found = unzipped(scrub(a_docx(a_run("x"), more=more), IDENTITY))
    assert found["xl/comments1.xml"] == b"<comments><authors><author></author></authors></comments>"
    assert b"Keller" not in b"".join(found.values())
    assert b"dkeller" not in b"".join(found.values())


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
        {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
        {"word/document.xml": "<a><b></a>"},
        {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
        {"word/document.xml": "<a>" + "<b/>" * 1_000_001 + "</a>"},
    ],
    ids=["macros", "object", "broken", "entities", "elements"],
)
def test_what_cannot_be_checked_is_kept_back(more: dict[str, bytes | str]) -> None:
    with pytest.raises(Unscrubbable):
        scrub(a_docx(a_run("x"), more=more), IDENTITY)


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le", "utf-16-be"])
def test_parts_in_wide_characters_are_read(mark: str) -> None:
    part = '<?xml version="1.0" encoding="UTF-16"?><a author="Dana Keller">größe</a>'.encode(mark)
    found = unzipped(scrub(a_docx(a_run("x"), more={"word/x.xml": part}), IDENTITY))["word/x.xml"]
    assert found.endswith('<a author="Author">größe</a>'.encode())


def test_old_office_formats_are_refused_with_a_way_out() -> None:
    with pytest.raises(Unscrubbable, match="old Office format"):
        scrub(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), IDENTITY)


# --- OpenDocument --------------------------------------------------------------------------


def test_an_opendocument_keeps_its_text_and_loses_its_author() -> None:
    text = (
        'About queues<office:annotation><dc:creator>Dana Keller</dc:creator><text:p officeooo:rsid="1">'
        'why?</text:p></office:annotation><text:a xlink:href="mailto:dana.keller@private.test">me'
        '</text:a><draw:image xlink:href="https://track.example.test/x.png"/>'
    )
    cleaned = scrub(an_odt(text, "Dana Keller", {"Pictures/a.jpg": PHOTO}), IDENTITY)
    found = unzipped(cleaned)
    assert next(iter(found)) == "mimetype"
    assert b"Keller" not in told(cleaned)
    assert b"About queues" in found["content.xml"]
    assert b"why?" in found["content.xml"]
    assert b"track" not in found["content.xml"]
    assert b"AddSpacing" in found["settings.xml"]
    assert b"meta.xml" not in found["META-INF/manifest.xml"]
    assert pixels(found["Pictures/a.jpg"]) == pixels(PHOTO)


def test_an_opendocument_that_shows_the_address_or_is_locked_is_kept_back() -> None:
    with pytest.raises(Unscrubbable, match="shows your address"):
        scrub(an_odt("<text:span>dana.keller</text:span>@private.test"), IDENTITY)
    locked = "<m><manifest:encryption-data xmlns:manifest='urn:m'/></m>"
    with pytest.raises(Unscrubbable, match="password"):
        scrub(an_odt("x", more={"META-INF/manifest.xml": locked}), IDENTITY)


# --- PDF -----------------------------------------------------------------------------------


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


def _changed(change) -> bytes:
    with pikepdf.open(io.BytesIO(a_pdf("A page"))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


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
        scrub(_changed(change), IDENTITY)


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

    cleaned = scrub(_changed(change), IDENTITY)
    assert b"Camera 5" in _changed(change)
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
            scrub(_changed(change), IDENTITY)
    else:
        assert cut in scrub(_changed(change), IDENTITY)


def test_an_encrypted_pdf_is_kept_back() -> None:
    with pytest.raises(Unscrubbable, match="password"):
        scrub(a_pdf("A page", encrypted=True), IDENTITY)


def _swelling(document: pikepdf.Pdf) -> None:
    """A form that draws a form that draws …: sixteen times each, ten deep."""
    inner = document.make_stream(
        b"BT (x) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form
    )
    for _ in range(7):
        outer = document.make_stream(
            b"/F Do " * 16,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner)),
        )
        inner = outer
    page = document.pages[0].obj
    page.Resources.XObject = pikepdf.Dictionary(F=inner)
    page.Contents = document.make_stream(b"/F Do")


def _itself(document: pikepdf.Pdf) -> None:
    form = document.make_stream(b"/F Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(F=form)
    document.pages[0].obj.Contents = document.make_stream(b"/F Do")


def _flood(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(b"BT (a) Tj ET\n" * 400_000)


def _blown_up(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(bytes(70 << 20))


def _many_times_the_same(document: pikepdf.Pdf) -> None:
    content = document.make_stream(bytes(30 << 20))
    document.pages[0].obj.Contents = pikepdf.Array([content] * 10_000)


def _endless_fonts(document: pikepdf.Pdf) -> None:
    fonts = pikepdf.Dictionary({f"/F{n}": document.make_indirect({"/A": n}) for n in range(9000)})
    for _ in range(20):
        document.add_blank_page()
    for page in document.pages:
        page.obj.Resources = pikepdf.Dictionary(Font=document.make_indirect(fonts))


@pytest.mark.parametrize(
    "change", [_swelling, _itself, _flood, _blown_up, _many_times_the_same, _endless_fonts]
)
def test_a_pdf_that_would_keep_us_busy_is_refused(change) -> None:
    with pytest.raises(Unscrubbable):
        scrub(_changed(change), IDENTITY)


SAMPLES = [a_pdf("About queues", author=ME), a_docx(a_run("x"), ME), an_odt("x", ME)]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=120, deadline=None)
def test_broken_documents_raise_nothing_else(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        cleaned = scrub(bytes(broken), IDENTITY)
    except Unscrubbable:
        return
    assert ME.encode() not in cleaned


# --- rich text and drawings ----------------------------------------------------------------


def test_rich_text_loses_its_author_and_keeps_its_words_apart() -> None:
    picture = PHOTO.hex().encode()
    content = (
        rb"{\rtf1\ansi\deff0{\info{\author Dana Keller}}{\*\rsidtbl \rsid1}Text \b bold\b0  and"
        rb" {\pict\jpegblip " + picture + rb"}\par}"
    )
    cleaned = scrub(content, IDENTITY)
    assert cleaned.startswith(rb"{\rtf1\ansi\deff0{}{}Text \b bold\b0  and {\pict\jpegblip ")
    assert b"Camera 5".hex().encode() not in cleaned


@pytest.mark.parametrize(
    "text",
    [
        rb"dana.\b keller\b0 @private.test",
        rb"dana\u46?keller\'40private.test",
        rb"dana.keller\uc2\u64\'40\'40private.test",
        rb"{\field{\*\fldinst HYPERLINK mailto:dana.keller%40private.test}{\fldrslt me}}",
        rb"{\object\objemb{\*\objdata 0105}}",
    ],
)
def test_rich_text_that_shows_the_address_or_hides_an_object_is_kept_back(text: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(rb"{\rtf1\ansi " + text + rb"\par}", IDENTITY)


def test_a_drawing_keeps_its_shapes_and_loses_its_editor() -> None:
    data = base64.b64encode(PHOTO).decode()
    content = f"""<?xml version="1.0"?><!-- by {ME} -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="urn:i" xmlns:sodipodi="urn:s"
 sodipodi:docname="dana.svg" inkscape:export-filename="/home/dana/x.png" onload="send()">
<sodipodi:namedview/><metadata>{ME}</metadata><script>send()</script>
<image href="https://track.example.test/x.png"/><image href="data:image/jpeg;base64,{data}"/>
<path d="M0 0"/><text>Queues</text></svg>"""
    cleaned = scrub(content.encode(), IDENTITY)
    for gone in (b"dana", b"send()", b"track", b"namedview", ME.encode()):
        assert gone not in cleaned
    assert b'<path d="M0 0"/><text>Queues</text></svg>' in cleaned
    picture = base64.b64decode(cleaned.partition(b"base64,")[2].partition(b'"')[0])
    assert pixels(picture) == pixels(PHOTO)


def test_a_drawing_may_name_its_type_but_define_nothing() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert scrub(b"<!DOCTYPE svg>" + drawing, IDENTITY) == b"<!DOCTYPE svg>" + drawing
    with pytest.raises(Unscrubbable):
        scrub(b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + drawing, IDENTITY)


def test_a_drawing_that_shows_the_address_is_kept_back() -> None:
    content = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>dana.<b/>keller@private.test</text></svg>'
    )
    with pytest.raises(Unscrubbable, match="shows your address"):
        scrub(content, IDENTITY)


def test_a_plain_zip_is_no_document() -> None:
    assert unzipped(scrub(a_zip({"docProps/core.xml": "<a/>"}), IDENTITY)) == {
        "docProps/core.xml": b"<a/>"
    }
