"""Files that run are refused, files that may are held, others are let be."""

from __future__ import annotations

import io
import zipfile

import pytest
from mails import a_case, a_message

from screening.case import Case, Disposition
from screening.message import Attachment
from screening.rules.attachments import attached, dangerous

PDF = Attachment("notes.pdf", "application/pdf", 9000, b"%PDF-1.7")


def carrying(*files: Attachment, text: str = "How do you do it?") -> Case:
    return a_case(message=a_message(text=text, attachments=files))


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "inert")
    return packed.getvalue()


def verdict(
    name: str, head: bytes = b"inert", kind: str = "application/octet-stream"
) -> Disposition | None:
    finding = dangerous(carrying(Attachment(name, kind, len(head), head)))
    return finding and finding.disposition


@pytest.mark.parametrize(
    "name",
    [
        "setup.exe",
        "photo.SCR",
        "run.js",
        "a.vbs",
        "b.hta",
        "c.lnk",
        "d.iso",
        "e.ps1",
        "f.pdf.exe",
        "g.exe. ",
    ],
)
def test_programs_are_refused_by_name(name: str) -> None:
    assert verdict(name) is Disposition.REJECT


def test_and_by_what_they_are() -> None:
    assert verdict("holiday.jpg", b"MZ\x90\x00") is Disposition.REJECT
    assert verdict("notes.txt", b"\x7fELF\x02") is Disposition.REJECT


def test_names_that_hide_what_they_are_are_refused() -> None:
    assert verdict("invoice.pdf.zip", zipped("a.txt")) is Disposition.REJECT
    assert verdict("invoice\u202efdp.txt") is Disposition.REJECT


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("run.js", Disposition.REJECT),
        ("deep/er/setup.exe", Disposition.REJECT),
        ("sheet.xlsm", Disposition.HOLD),
        ("readme.txt", None),
        ("main.py", None),
    ],
)
def test_archives_are_judged_by_what_they_hold(inner: str, expected: Disposition | None) -> None:
    assert verdict("files.zip", zipped("a.txt", inner), "application/zip") is expected


def test_an_archive_that_is_locked_is_held() -> None:
    locked = bytearray(zipped("a.txt"))
    locked[6] |= 1
    assert verdict("files.zip", bytes(locked)) is Disposition.HOLD
    assert verdict("files.rar", b"Rar!\x1a\x07") is Disposition.HOLD


@pytest.mark.parametrize("name", ["report.docm", "sheet.xlsm", "page.html", "page.mht"])
def test_macros_and_pages_are_held(name: str) -> None:
    assert verdict(name) is Disposition.HOLD


@pytest.mark.parametrize(
    "name",
    [
        "notes.pdf",
        "plot.png",
        "data.csv",
        "patch.diff",
        "key.asc",
        "notes.docx",
        "logs.tar.gz",
        "flame.svg",
    ],
)
def test_ordinary_files_are_let_be(name: str) -> None:
    assert verdict(name) is None


def test_the_gravest_of_several_files_decides() -> None:
    finding = dangerous(
        carrying(PDF, Attachment("a.docm", "x/y", 1, b""), Attachment("b.exe", "x/y", 1, b""))
    )
    assert finding is not None
    assert (finding.disposition, finding.reason) == (Disposition.REJECT, "a program is attached")


def test_a_file_with_hardly_a_word_beside_it_is_noted() -> None:
    assert {one.rule for one in attached(carrying(PDF, text="see file"))} == {"file", "only_file"}
    assert {one.rule for one in attached(carrying(PDF, text="word " * 60))} == {"file"}
    picture = Attachment("a.png", "image/png", 9, b"\x89PNG")
    assert "only_picture" in {one.rule for one in attached(carrying(picture, text="look"))}
