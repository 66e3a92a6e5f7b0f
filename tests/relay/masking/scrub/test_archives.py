"""Archives: what they hold is cleaned as if it had been attached alone."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
from documents import a_docx, a_pdf, a_run, a_tar, a_zip, untarred, unzipped
from pictures import a_photo, exif_of, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
HOST = "ws-7.lan.private.test"
IDENTITY = Identity((ME,), hosts=(HOST,))
NOTE = f"About Python\n{ME} on {HOST}\n".encode()
CLEAN = b"About Python\n[address removed] on [removed]\n"


def test_files_in_a_zip_are_cleaned_with_their_names_and_comments() -> None:
    photo = saved(a_photo(), "JPEG", exif=exif_of(ME))
    content = a_zip({"notes.txt": NOTE, f"home/{ME}/me.jpg": photo, "a/": b""}, comment=HOST)
    cleaned = scrub(content, IDENTITY)
    found = unzipped(cleaned)
    assert found["notes.txt"] == CLEAN
    assert pixels(found["home/removed/me.jpg"]) == pixels(photo)
    assert b"private" not in cleaned
    assert zipfile.ZipFile(io.BytesIO(cleaned)).comment == b""


def test_a_home_folder_loses_its_owner() -> None:
    found = unzipped(scrub(a_zip({"Users/Dana.Keller/x.txt": "x", "dana.keller": "y"}), IDENTITY))
    assert list(found) == ["Users/user/x.txt", "dana.keller"]


def test_times_owners_and_extra_fields_of_a_zip_go() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("run.sh", (2026, 11, 2, 9, 30, 0))
        info.extra = b"ux\x0b\0\1\4\xf5\1\0\0\4\xf5\1\0\0"
        info.external_attr = 0o100700 << 16
        info.comment = ME.encode()
        archive.writestr(info, "#!/bin/sh\n")
    (info,) = zipfile.ZipFile(io.BytesIO(scrub(out.getvalue(), IDENTITY))).infolist()
    assert (info.date_time, info.extra, info.comment) == ((1980, 1, 1, 0, 0, 0), b"", b"")
    assert info.external_attr >> 16 == 0o100755


def test_what_stands_before_and_behind_a_zip_goes() -> None:
    content = a_zip({"a.txt": "a"})
    assert ME.encode() not in scrub(content + ME.encode(), IDENTITY)


def test_names_that_become_equal_stay_apart() -> None:
    other = "dana.keller+x@private.test"
    found = unzipped(scrub(a_zip({f"{ME}.txt": "1", f"{other}.txt": "2"}), IDENTITY))
    assert sorted(found.values()) == [b"1", b"2"]


def test_a_tar_loses_owners_dates_and_extended_headers() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("long/" * 30 + "notes.txt")
        info.size, info.uname, info.pax_headers = len(NOTE), "dkeller", {"comment": ME}
        archive.addfile(info, io.BytesIO(NOTE))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "notes.txt"
        archive.addfile(link)
    cleaned = scrub(out.getvalue(), IDENTITY)
    assert untarred(cleaned) == {"long/" * 30 + "notes.txt": CLEAN}
    assert b"dkeller" not in cleaned
    assert ME.encode() not in cleaned
    with tarfile.open(fileobj=io.BytesIO(cleaned)) as archive:
        assert archive.getmember("link").issym()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_dialect_of_tar_is_read(form: int) -> None:
    out = io.BytesIO()
    names = ["a.txt", "b/" + "c" * 90 + "/" + "d" * 60, "größe.txt"]
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
    assert untarred(scrub(out.getvalue(), IDENTITY)) == dict.fromkeys(names, b"abc")


@pytest.mark.parametrize("module", [gzip, bz2, lzma])
def test_compressed_files_are_cleaned(module) -> None:
    assert module.decompress(scrub(module.compress(NOTE), IDENTITY)) == CLEAN


def test_a_gzip_loses_the_name_and_the_time_in_its_header() -> None:
    out = io.BytesIO()
    with gzip.GzipFile(f"{ME}.log", "wb", fileobj=out, mtime=1_700_000_000) as file:
        file.write(b"nothing")
    cleaned = scrub(out.getvalue() + gzip.compress(b" more") + bytes(9), IDENTITY)
    assert ME.encode() not in cleaned
    assert cleaned[4:8] == bytes(4)
    assert gzip.decompress(cleaned) == b"nothing more"


def test_archives_within_archives_are_cleaned() -> None:
    inner = gzip.compress(a_tar({"notes.txt": NOTE}))
    found = unzipped(scrub(a_zip({"deep.tgz": inner}), IDENTITY))
    assert untarred(gzip.decompress(found["deep.tgz"]))["notes.txt"] == CLEAN


def test_a_document_in_an_archive_that_shows_the_address_keeps_it_all_back() -> None:
    for document in (a_pdf(f"Write to {ME}"), a_docx(a_run(ME))):
        with pytest.raises(Unscrubbable, match="address"):
            scrub(a_zip({"cv": document}), IDENTITY)


def test_a_password_keeps_an_archive_back() -> None:
    content = bytearray(a_zip({"a.txt": "a"}))
    content[content.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(Unscrubbable, match="password"):
        scrub(bytes(content), IDENTITY)
