from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from masks import DANA, GUEST, OWN, PEER, a_mail, a_view

from relay.masking import cloak, files, headers, html, mask, quotes, text
from relay.masking.gate import Residue, residual


def found(raw: bytes, *secrets: str, typed: tuple[str, ...] = ()) -> set[str]:
    return {one.kind for one in residual(raw, DANA, secrets, typed)}


def message(body: str, *fields: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    return a_mail(
        body, f"From: Dana <{GUEST}>", "Message-ID: <x@peers.example.test>", *fields, kind=kind
    )


def attached(content: bytes, kind: str = "application/octet-stream", name: str = "x.bin") -> bytes:
    coded = base64.encodebytes(content).decode()
    return message(
        coded,
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment; filename={name}",
        kind=kind,
    )


def zipped(name: str, content: bytes, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        archive.writestr(name, content)
    return out.getvalue()


def test_a_clean_message_may_go() -> None:
    assert residual(message("Hello, I am Dana Brown of corp.test\n"), DANA, [PEER]) == ()
    assert residual(attached(zipped("a.txt", b"hello")), DANA, [PEER]) == ()


OWN_ = OWN.encode()
LAYERS: dict[str, bytes] = {
    "text": message(OWN),
    "percent": message(quote(OWN, safe="")),
    "percent twice": message(quote(quote(OWN, safe=""))),
    "hidden letters": message(
        f'{OWN[:4]}<span style="display: none">x</span>{OWN[4:]}', kind="text/html"
    ),
    "letters above": message(f"<ruby>{OWN[:4]}<rt>no</rt>{OWN[4:]}</ruby>", kind="text/html"),
    "from the right": message(f'<bdo dir="rtl">{OWN[::-1]}</bdo>', kind="text/html"),
    "from the right by style": message(
        f'<b style="direction: rtl; unicode-bidi: bidi-override">{OWN[::-1]}</b>', kind="text/html"
    ),
    "from the right in text": message(f"\u202e{OWN[::-1]}\u202c"),
    "references": message("".join(f"&#{ord(c)};" for c in OWN)),
    "escapes": message(OWN.replace("@", "\\u0040")),
    "style escapes": message(OWN.replace("@", "\\40 ")),
    "printable in text": message(OWN.replace("@", "=40")),
    "soft break": message(f"{OWN[:12]}=\n{OWN[12:]}"),
    "utf-7": message(OWN.replace("@", "+AEA-")),
    "base64 in text": message("x " + base64.b64encode(b"to " + OWN_).decode()),
    "hexadecimal": message(OWN_.hex()),
    "tags": message("dana.<b>brown</b>@corp.test", kind="text/html"),
    "comment": message(f"<!-- {OWN} -->", kind="text/html"),
    "attribute": message(f'<p title="{OWN}">', kind="text/html"),
    "utf-16": message(base64.b64encode(OWN.encode("utf-16")).decode(), "Content-Transfer-Encoding: base64", kind="text/plain; charset=utf-16"),
    "subject": message("x", "Subject: =?utf-8?b?" + base64.b64encode(OWN_).decode() + "?="),
    "field": message("x", f"X-Sender: {OWN}"),
    "boundary": message(f"--{OWN}\n\nx\n--{OWN}--\n", kind=f'multipart/mixed; boundary="{OWN}"'),
    "preamble": message(f"{OWN}\n--b\n\nx\n--b--\n", kind="multipart/mixed; boundary=b"),
    "epilogue": message(f"--b\n\nx\n--b--\n{OWN}\n", kind="multipart/mixed; boundary=b"),
    "file name": message("x", f"Content-Disposition: attachment; filename*=utf-8''{quote(OWN, safe='')}"),
    "file": attached(b"\0\1" + OWN_),
    "wide file": attached(b"\1\2" + OWN.encode("utf-16-le")),
    "zip": attached(zipped("a.txt", OWN_)),
    "zip in zip": attached(zipped("b.zip", zipped("a.txt", OWN_))),
    "zip name": attached(zipped(f"{OWN}.txt", b"x")),
    "zip comment": attached(zipped("a.txt", b"x", OWN_)),
    "gzip": attached(gzip.compress(OWN_)),
    "pdf": attached(b"%PDF-1.5\nstream\n" + zlib.compress(b"(" + OWN_ + b") Tj") + b"\nendstream"),
    "png": attached(b"\x89PNG\r\n\x1a\n\0\0\0\x30zTXtAuthor\0\0" + zlib.compress(OWN_)),
    "message": attached(f"From: {OWN}\nTo: x\nSubject: y\n\nz\n".encode(), "message/rfc822"),
}  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS)
def test_an_address_is_seen_in_every_layer(layer: str) -> None:
    assert "address" in found(LAYERS[layer])


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("X-Route: mx2.corp.test", "host"),
        ("X-Route: ws-7.lan.corp.test", "machine"),
        ("X-Route: [10.1.2.3]", "ip"),
        ("References: <first.1@ws-7.lan.corp.test>", "id"),
        ("Cc: bo@corp.test", "colleague"),
        ("X-User: dana.brown", "name"),
    ],
)
def test_fields_are_searched_for_every_trace(field: str, kind: str) -> None:
    assert kind in found(message("x\n", field))


def test_prose_is_searched_for_what_is_the_authors_alone() -> None:
    assert found(message("dana.brown, bo@corp.test, corp.test, Brown\n")) == set()
    assert found(message("on ws-7.lan.corp.test\n")) == {"machine"}
    assert found(message("at 10.1.2.3\n")) == {"ip"}


def test_a_token_of_the_other_side_is_seen_with_or_without_its_domain() -> None:
    assert found(message(f"<{PEER.upper()}>"), PEER) == {"token"}
    assert found(message(PEER.partition("@")[0]), PEER) == {"token"}
    assert found(message("x", f"X-To: {PEER}"), PEER) == {"token"}


def test_what_its_author_may_show_is_allowed_in_text_only() -> None:
    assert found(message(OWN), typed=(OWN,)) == set()
    assert found(message("x", f"X-Sender: {OWN}"), typed=(OWN,)) == {
        "address",
        "colleague",
    } | found(message("x", f"X-Sender: {OWN}"))
    assert found(attached(b"\0" + OWN_), typed=(OWN,)) == {"address"}


def test_a_residue_says_where_in_our_words() -> None:
    assert Residue("part 0 field Subject", "address") in residual(LAYERS["subject"], DANA, [])


def test_what_lies_too_deep_is_reported() -> None:
    content = b"x"
    for _ in range(10):
        content = zipped("a.zip", content)
    assert found(attached(content)) == {"unread"}
    deep = "Content-Type: message/rfc822\n\n" * 1500
    assert "unread" in found(message(deep, kind="message/rfc822"))


# --- a masking function that does nothing is noticed -----------------------------------------


def untouched(words: str, *_: object) -> str:
    return words


Switch = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, tuple[Switch, bytes]] = {
    "text is not masked": (
        lambda patch: patch.setattr(text, "masked", untouched),
        a_mail(f"Write to {OWN}\n"),
    ),
    "html is not masked": (
        lambda patch: patch.setattr(html, "masked", untouched),
        a_mail(f"<p>{OWN}</p>", kind="text/html"),
    ),
    "tags are carried as they are": (
        lambda patch: patch.setattr(html.Tags, "rewritten", lambda _, token: token.source),
        a_mail(f'<p title="{OWN}">x</p>', kind="text/html"),
    ),
    "hits are not found": (
        lambda patch: patch.setattr(cloak, "_deep", lambda *_: iter(())),
        a_mail("Write to dana.brown%40corp.test\n"),
    ),
    "only the plain layer is read": (
        lambda patch: patch.setattr(cloak.views, "readings", lambda words: iter((cloak.views.Reading(words),))),
        a_mail("Write to dana.brown%40corp.test\n"),
    ),
    "runs are not read": (
        lambda patch: patch.setattr(cloak.runs, "meanings", lambda _: iter(())),
        a_mail(f"see {base64.b64encode(b'u=' + OWN_).decode()}\n"),
    ),
    "fields are all carried": (
        lambda patch: patch.setattr(headers, "CARRIED", ("Organization",)),
        a_mail("x\n", "Organization: mx2 corp, dana=20"),
    ),
    "the subject is not masked": (
        lambda patch: patch.setattr(headers, "subject", lambda entity, _: entity.get("Subject")),
        a_mail("x\n", f"Subject: from {OWN}"),
    ),
    "file names are not masked": (
        lambda patch: patch.setattr(files, "shown_name", untouched),
        a_mail("x\n", f'Content-Disposition: attachment; filename="{OWN}.txt"'),
    ),
    "files are not cleaned": (
        lambda patch: patch.setattr(files, "scrub", lambda content, *_, **__: content),
        a_mail(OWN, "Content-Disposition: attachment; filename=a.txt"),
    ),
    "quotations are not masked": (
        lambda patch: patch.setattr(text, "_edit", lambda _, hit, part, *__: (hit.start, hit.end, GUEST) if part.kind is quotes.Kind.NEW else None),
        a_mail(f"x\n> {OWN}\n"),
    ),
}  # fmt: skip
del MUTANTS["fields are all carried"]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_gate_catches_a_masking_function_switched_off(
    mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off, raw = MUTANTS[mutant]
    view = a_view()
    assert residual(mask.mask(raw, view).content, view.hidden, []) == ()
    switch_off(monkeypatch)
    assert residual(mask.mask(raw, view).content, view.hidden, []) != ()
