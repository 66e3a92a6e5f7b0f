"""Word, Excel and PowerPoint documents lose their authors, or are kept back."""

from __future__ import annotations

import pytest
from documents import a_docx, a_run, a_zip, relationships, told, unzipped
from pictures import a_photo, exif_of, opened, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))
PHOTO = saved(a_photo(), "JPEG", exif=exif_of(ME))


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


def test_a_plain_zip_is_no_document() -> None:
    assert unzipped(scrub(a_zip({"docProps/core.xml": "<a/>"}), IDENTITY)) == {
        "docProps/core.xml": b"<a/>"
    }


@pytest.mark.parametrize(
    "header", [f"&amp;L{ME}", f"&amp;C&amp;&quot;Arial,Bold&quot;{ME}", f"&amp;R&amp;12{ME}&amp;D"]
)
def test_an_address_in_the_header_of_a_sheet_is_seen_behind_its_codes(header: str) -> None:
    sheet = f"<worksheet><headerFooter><oddHeader>{header}</oddHeader></headerFooter></worksheet>"
    with pytest.raises(Unscrubbable, match="shows your address"):
        scrub(a_docx("x", more={"xl/worksheets/sheet1.xml": sheet}), IDENTITY)
    harmless = sheet.replace(ME, "tea@shop.test").encode()
    found = unzipped(scrub(a_docx("x", more={"xl/worksheets/sheet1.xml": harmless}), IDENTITY))
    assert found["xl/worksheets/sheet1.xml"] == harmless


@pytest.mark.parametrize(
    "fetches",
    [
        '<w:fldSimple w:instr=" INCLUDEPICTURE &quot;https://x.example/a.png&quot; "/>',
        '<w:instrText>INCLUDETEXT "https://x.example/a"</w:instrText>',
        '<f>_xlfn.WEBSERVICE("https://x.example/a")</f>',
        '<f>IMAGE("https://x.example/a")</f>',
    ],
)
def test_a_document_that_tells_when_it_is_opened_is_kept_back(fetches: str) -> None:
    with pytest.raises(Unscrubbable, match="fetch"):
        scrub(a_docx(fetches), IDENTITY)
    assert scrub(a_docx(fetches.replace("https:", "")), IDENTITY)
