"""Outside scanners: real ones from Debian's packages, and ports where none answers."""

from __future__ import annotations

import base64
import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import clamd as kit_clamd
import pytest
import rspamd as kit_rspamd
from mails import a_case, an_envelope, parts_mail, raw_mail
from names import name_server

from config.settings import ScreeningSettings
from screening.case import Disposition, Finding
from screening.scanners.scan import scan
from screening.screen import screen

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
HONEST = raw_mail(body="How do you test migrations?\r\n")

needs_clamd = pytest.mark.skipif(not kit_clamd.is_installed(), reason="clamd is not installed")
needs_rspamd = pytest.mark.skipif(not kit_rspamd.is_installed(), reason="rspamd is not installed")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with kit_clamd.clamd(tmp_path_factory.mktemp("clamd")) as server:
        yield str(server)


@pytest.fixture(scope="module")
def rspamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("rspamd")
    with name_server() as names, kit_rspamd.rspamd(folder, names.server) as server:
        yield f"127.0.0.1:{server.port}"


def found(raw: bytes, **settings: Any) -> tuple[Finding, ...]:
    return scan(ScreeningSettings(**settings), an_envelope(), raw)


def dispositions(raw: bytes, **settings: Any) -> list[Disposition]:
    return [one.disposition for one in found(raw, **settings)]


def attached(content: bytes, name: str) -> bytes:
    kind = f'Content-Type: application/octet-stream; name="{name}"\r\n'
    head = kind + "Content-Transfer-Encoding: base64\r\n\r\n"
    text = b"Content-Type: text/plain\r\n\r\nSee the file.\r\n"
    return parts_mail(text, head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n"))


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", content)
    return packed.getvalue()


def test_where_no_scanner_is_configured_none_is_asked() -> None:
    assert found(HONEST) == ()


@needs_clamd
def test_a_clean_message_passes_the_virus_scanner(clamd: str) -> None:
    assert found(HONEST, clamd=clamd) == ()


@needs_clamd
@pytest.mark.parametrize("pack", [bytes, zipped])
def test_the_eicar_file_is_refused_bare_and_in_an_archive(clamd: str, pack: Any) -> None:
    (finding,) = found(attached(pack(kit_clamd.EICAR), "notes.bin"), clamd=clamd)
    assert finding.disposition is Disposition.REJECT
    assert "Eicar-Test-Signature" in finding.reason


@needs_clamd
def test_what_is_too_large_for_the_virus_scanner_is_held(clamd: str) -> None:
    large = raw_mail(body=b"0123456789" * (2 * kit_clamd.MOST // 10) + b"\r\n")
    assert dispositions(large, clamd=clamd) == [Disposition.HOLD]


@needs_rspamd
def test_what_the_spam_filter_refuses_is_refused_and_else_nothing_is_said(rspamd: str) -> None:
    assert found(HONEST, rspamd=rspamd) == ()
    assert found(HONEST, rspamd=f"http://{rspamd}/") == ()
    assert dispositions(raw_mail(body=GTUBE), rspamd=rspamd) == [Disposition.REJECT]


@needs_clamd
@needs_rspamd
def test_both_are_asked_until_one_says_enough(clamd: str, rspamd: str) -> None:
    spam = raw_mail(body=GTUBE)
    assert dispositions(spam, clamd=clamd, rspamd=rspamd) == [Disposition.REJECT]
    virus = attached(kit_clamd.EICAR, "x.bin")
    assert [one.rule for one in found(virus, clamd=clamd, rspamd=rspamd)] == ["clamd"]


@contextmanager
def answering(said: bytes) -> Iterator[str]:
    """A server that answers every connection so and closes it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            with link:
                link.recv(65536)
                link.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def http(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


@pytest.mark.parametrize("name", ["clamd", "rspamd"])
@pytest.mark.parametrize(
    "said", [b"", b"\0", b"nonsense", http(b"{}", b"500 no"), http(b"[1"), http(b"[]")]
)
def test_a_scanner_that_cannot_be_understood_defers_or_is_skipped(name: str, said: bytes) -> None:
    with answering(said) as server:
        assert dispositions(HONEST, **{name: server}) == [Disposition.DEFER]
        assert found(HONEST, **{name: server}, scanner_failure="skip") == ()


@pytest.mark.parametrize("name", ["clamd", "rspamd"])
def test_a_scanner_that_is_down_defers_or_is_skipped(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"127.0.0.1:{free.getsockname()[1]}"
    assert dispositions(HONEST, **{name: nobody}) == [Disposition.DEFER]
    assert found(HONEST, **{name: nobody}, scanner_failure="skip") == ()


@pytest.mark.parametrize(
    ("said", "disposition", "weight"),
    [
        (b'{"action": "no action", "score": -1.5}', None, 0),
        (b'{"action": "add header", "score": 5}', Disposition.ACCEPT, 1),
        (b'{"action": "add header", "score": 500}', Disposition.ACCEPT, 2),
        (b'{"action": "soft reject", "score": 0}', Disposition.DEFER, 0),
        (b'{"action": "reject", "score": 20}', Disposition.REJECT, 0),
    ],
)
def test_a_doubt_of_the_spam_filter_is_one_piece_of_evidence(
    said: bytes, disposition: Disposition | None, weight: float
) -> None:
    with answering(http(said)) as server:
        findings = found(HONEST, rspamd=server)
    expected = [] if disposition is None else [(disposition, weight)]
    assert [(one.disposition, one.weight) for one in findings] == expected


@pytest.mark.parametrize(
    ("said", "disposition"),
    [
        (b"stream: Win.Test.Agent-1 FOUND\0", Disposition.REJECT),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", Disposition.HOLD),
        (b"INSTREAM size limit exceeded. ERROR\0", Disposition.HOLD),
        (b"stream: evil\r\nname FOUND\0", Disposition.DEFER),
    ],
)
def test_what_the_virus_scanner_only_guesses_is_held(said: bytes, disposition: Disposition) -> None:
    with answering(said) as server:
        assert dispositions(HONEST, clamd=server) == [disposition]


def test_what_scanners_found_decides_like_any_rule_also_in_a_conversation() -> None:
    virus = Finding("clamd", Disposition.REJECT, "the virus scanner found one in it")
    for first in (True, False):
        verdict = screen(a_case(scanned=(virus,), first_contact=first))
        assert (verdict.disposition, verdict.findings[0]) == (Disposition.REJECT, virus)
    doubt = Finding("rspamd", Disposition.ACCEPT, "the spam filter has doubts about it", 1.0)
    assert screen(a_case(scanned=(doubt,))).score < screen(a_case()).score
