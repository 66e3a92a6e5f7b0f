"""Archives that are broken, locked, endless or swell."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib

import pytest
from documents import a_docx, a_run, a_tar, a_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
HOST = "ws-7.lan.private.test"
IDENTITY = Identity((ME,), hosts=(HOST,))
NOTE = f"About Python\n{ME} on {HOST}\n".encode()


def test_archives_without_end_are_refused() -> None:
    content = b"x"
    for _ in range(7):
        content = gzip.compress(content)
    with pytest.raises(Unscrubbable, match="deeper"):
        scrub(content, IDENTITY)


@pytest.mark.parametrize(
    "bomb",
    [
        gzip.compress(bytes(110 << 20)),
        bz2.compress(bytes(110 << 20)),
        lzma.compress(bytes(110 << 20), preset=0),
        a_zip({"zeros": bytes(110 << 20)}),
        a_zip({str(number): "" for number in range(5001)}),
        gzip.compress(b"") * 1001,
    ],
    ids=["gzip", "bzip2", "xz", "zip", "members", "streams"],
)
def test_bombs_are_refused(bomb: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(bomb, IDENTITY)


def test_a_zip_whose_members_share_their_content_is_counted_as_often_as_it_is_read() -> None:
    content = a_zip({"kernel": bytes(4 << 20)})
    entry = content[content.index(b"PK\1\2") : content.index(b"PK\5\6")]
    copies = b"".join(entry.replace(b"kernel", b"%06d" % n) for n in range(60))
    start = content.index(b"PK\1\2")
    end = b"PK\5\6" + bytes(4) + (60).to_bytes(2, "little") * 2
    end += len(copies).to_bytes(4, "little") + start.to_bytes(4, "little") + bytes(2)
    with pytest.raises(Unscrubbable):
        scrub(content[:start] + copies + end, IDENTITY)


@pytest.mark.parametrize(
    "content",
    [
        b"7z\xbc\xaf\x27\x1c" + bytes(40),
        b"Rar!\x1a\x07\0" + bytes(40),
        b"\x28\xb5\x2f\xfd" + bytes(40),
        a_zip({"Index/Document.iwa": b"\0\1", "Metadata/x": b""}),
    ],
)
def test_what_cannot_be_looked_into_is_refused(content: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(content, IDENTITY)


@pytest.mark.parametrize(
    "header",
    [
        {"GNU.sparse.size": "9"},
        {"size": "99999999999"},
        {"path": "\n" * 2000},
    ],
)
def test_hostile_tar_headers_are_refused_or_harmless(header: dict[str, str]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a")
        info.pax_headers = header
        archive.addfile(info)
    content = out.getvalue()
    try:
        cleaned = scrub(content, IDENTITY)
    except Unscrubbable:
        return
    assert len(cleaned) < 2 * len(content) + 10_240


SAMPLES = [
    a_zip({"notes.txt": NOTE, "b/": b"", "c": b"\0\1"}),
    a_tar({"notes.txt": NOTE}),
    gzip.compress(NOTE),
    bz2.compress(NOTE),
    lzma.compress(NOTE),
    a_docx(a_run("hello")),
]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=200, deadline=None)
def test_broken_archives_raise_nothing_else(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    try:
        cleaned = scrub(bytes(broken[:cut] if data.draw(st.booleans()) else broken), IDENTITY)
    except Unscrubbable:
        return
    assert ME.encode() not in cleaned


def test_zlib_runs_in_unknown_bytes_are_read() -> None:
    content = b"\1\2\3\0" + zlib.compress(NOTE * 3) + b"\xff" * 9
    with pytest.raises(Unscrubbable):
        scrub(content, IDENTITY)
    assert scrub(content, Identity(("sam@other.test",))) == content
