from __future__ import annotations

import pytest
from masks import a_mail, a_view, opened, shown

from relay.masking import parameters, transfer
from relay.masking.charsets import codec, decode
from relay.masking.mask import Unmaskable, mask
from relay.masking.tree import Entity, read


def leaves(raw: bytes) -> list[str]:
    return [leaf.content.decode("latin-1").strip() for leaf in read(raw).leaves()]


def several(body: str, kind: str = "multipart/mixed; boundary=b") -> bytes:
    return a_mail(body, kind=kind)


@pytest.mark.parametrize(
    ("body", "kind", "found"),
    [
        ("--b\n\none\n--b\n\ntwo\n--b--\n", "multipart/mixed; boundary=b", ["one", "two"]),
        ("--b\n\none\n--b\n\ntwo\n", "multipart/mixed; boundary=b", ["one", "two"]),
        ("pre\n--b\n\none\n--b--\npost", 'MULTIPART/Mixed; Boundary="b"', ["one"]),
        ("--b\n\none\n--b\n\ntwo\n--b--\n", "multipart/mixed", ["one", "two"]),
        ("--b\n\none\n--b\n\ntwo\n--b--\n", "multipart/mixed; boundary=other", ["one", "two"]),
        ("--b \n\none\n--b--\n", "multipart/mixed; boundary=b", ["one"]),
        (
            "--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n--a\n\nthree\n--a--\n",
            "multipart/mixed; boundary=a",
            ["one", "two", "three"],
        ),
        ("just text", "text/plain", ["just text"]),
        ("just text", "multipart/mixed; boundary=b", ["just text"]),
        ("just text", "nonsense", ["just text"]),
    ],
)
def test_parts_are_found_even_where_boundaries_are_lost(
    body: str, kind: str, found: list[str]
) -> None:
    assert leaves(several(body, kind)) == found


def test_bytes_beyond_ascii_keep_their_value() -> None:
    raw = (
        a_mail("x", kind="multipart/mixed; boundary=b")
        + b"\r\n--b\r\nContent-Type: text/plain\r\n\r\n\xff\xe9\r\n--b--\r\n"
    )
    assert read(raw).parts[0].content.strip() == b"\xff\xe9"


def test_a_digest_is_made_of_messages() -> None:
    tree = read(several("--b\n\nSubject: x\n\nhi\n--b--\n", "multipart/digest; boundary=b"))
    assert tree.parts[0].content_type == "message/rfc822"


@pytest.mark.parametrize(
    "raw",
    [
        several("--b\r\n\r\nx\r\n" * 600),
        b"From: x\r\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(2000)
        ),
    ],
    ids=["many parts", "deep parts"],
)
def test_what_is_too_large_to_be_checked_is_refused_in_plain_words(raw: bytes) -> None:
    with pytest.raises(Unmaskable, match="parts"):
        mask(raw, a_view())


def test_a_text_that_is_longer_than_any_is_refused_in_plain_words() -> None:
    with pytest.raises(Unmaskable, match="longer"):
        mask(a_mail("x" * 70 + "\n") + b"y z\r\n" * (1 << 20), a_view())


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\r\n\r\n", b"just a line", b":\r\n\r\n", b" x: y\r\n\r\nz"]
)
def test_almost_nothing_is_a_message_too(raw: bytes) -> None:
    assert opened(mask(raw, a_view()).content)["To"]


@pytest.mark.parametrize(
    ("value", "main", "found"),
    [
        ('text/plain; charset="utf-8"; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
        ("TEXT/Plain ; CHARSET = utf-8", "text/plain", {"charset": "utf-8"}),
        ("text/plain (a comment); a=b", "text/plain", {"a": "b"}),
        ('x/y; name="a;b\\"c"', "x/y", {"name": 'a;b"c'}),
        ("x/y; name=a b.txt", "x/y", {"name": "a b.txt"}),
        ("x/y; name*=utf-8''gr%C3%B6%C3%9Fe", "x/y", {"name": "größe"}),
        ("x/y; name*0*=iso-8859-1''gr%F6; name*1=\"x\"; name*2*=%DFe", "x/y", {"name": "größe"} | {"name": "gröxße"}),
        ('x/y; name="=?utf-8?q?gr=C3=B6=C3=9Fe?="', "x/y", {"name": "größe"}),
        ("x/y; name=\"open", "x/y", {"name": "open"}),
        ("x/y; ; =; a", "x/y", {}),
        ("", "", {}),
    ],
)  # fmt: skip
def test_parameters_are_read_as_programs_read_them(
    value: str, main: str, found: dict[str, str]
) -> None:
    assert parameters.parse(value) == (main, found)


@pytest.mark.parametrize(
    "value", ["a", "a b.txt", "größe 你好.pdf", 'a"b\\c', "x" * 200, "ü" * 80, "a;b=c"]
)
def test_parameters_that_are_written_are_read_again(value: str) -> None:
    line = "x/y" + parameters.written("name", value)
    assert max(map(len, line.split("\r\n"))) < 100
    assert parameters.parse(line.replace("\r\n", "")) == ("x/y", {"name": value})


@pytest.mark.parametrize(
    ("body", "encoding", "content"),
    [
        (b"aGk=\r\n", "base64", b"hi"),
        (b"aG k!", "BASE64", b"hi"),
        (b"aGkh\r\nQQ", "base64", b"hi!A"),
        (b"=", "base64", b""),
        (b"a=3Db=\r\nc=ZZ", "quoted-printable", b"a=bc=ZZ"),
        (b"a= \r\nb", "quoted-printable", b"ab"),
        (b"begin 644 x\n#:&D*\n`\nend\n", "x-uuencode", b"hi\n"),
        (b"a=3Db", "x-unknown", b"a=3Db"),
        (b"a=3Db", "", b"a=3Db"),
    ],
)
def test_transfer_encodings_are_read_leniently(body: bytes, encoding: str, content: bytes) -> None:
    assert transfer.decode(body, encoding) == content


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("hello\n", "7bit"),
        ("trailing \nblank", "7bit"),
        ("From here\nFrom there\n", "quoted-printable"),
        ("größe, and some more\n", "quoted-printable"),
        ("x" * 2000, "quoted-printable"),
        ("你好世界\n", "base64"),
        ("a\n.\nß\n", "quoted-printable"),
    ],
)
def test_a_text_is_written_in_a_fitting_encoding(text: str, encoding: str) -> None:
    name, body = transfer.encoded(text.encode())
    assert name == encoding
    assert transfer.decode(body, name).replace(b"\r\n", b"\n") == text.encode()
    assert b"\r\n.\r\n" not in body
    assert b"\nFrom " not in body
    assert all(len(line) < 998 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("größe".encode(), "utf-8", "größe"),
        ("größe".encode("latin-1"), "utf-8", "größe"),
        ("größe".encode(), "us-ascii", "größe"),
        ("größe".encode(), "x-unknown", "größe"),
        ("“größe”".encode("cp1252"), "iso-8859-1", "“größe”"),
        ("größe".encode("utf-16"), "utf-16", "größe"),
        ("größe".encode("utf-16-le"), "utf-16", "größe"),
        (b"punycode-", "punycode", "punycode-"),
        (b"\\u0041", "unicode_escape", "\\u0041"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        (b"a+AEA-b", "utf-7", "a@b"),
        (b"\xff\xfe\x80", "utf-8", "ÿþ€"),
    ],
)
def test_a_charset_is_believed_only_as_far_as_it_fits(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


@pytest.mark.parametrize(
    "name", ["idna", "punycode", "unicode_escape", "zip", "rot13", "hex", "", "0", "utf-8\0x"]
)
def test_what_is_no_charset_runs_no_codec(name: str) -> None:
    assert codec(name) in (None, "utf-8")


def test_an_entity_is_a_text_unless_it_is_called_a_file() -> None:
    def entity(kind: str, disposition: str) -> Entity:
        return Entity((("Content-Type", kind), ("content-disposition", disposition)), b"")

    assert entity("text/plain; name=body.txt", "").is_text
    assert entity("text/html", "inline").is_text
    assert not entity("text/plain", "attachment").is_text
    assert not entity("text/plain", "inline; filename=a.txt").is_text
    assert not entity("text/csv", "").is_text


def test_line_ends_flowed_text_and_quoting_survive() -> None:
    raw = a_mail(
        "a \nb\n-- \nFrom me\n", kind="text/plain; charset=utf-8; format=flowed; delsp=yes"
    )
    message = opened(mask(raw, a_view()).content)
    assert message.get_param("format") == "flowed"
    assert message.get_param("delsp") == "yes"
    assert shown(mask(raw, a_view()).content).splitlines() == ["a ", "b", "-- ", "From me"]
