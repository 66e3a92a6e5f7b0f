"""An address at a random place, in a random coding: it is gone, and all else is there."""

from __future__ import annotations

import base64
import binascii
import html
import quopri
from collections.abc import Callable
from email.header import Header
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from masks import GUEST, OWN, a_mail, a_view, opened

from relay.masking.gate import residual
from relay.masking.mask import mask

LOCAL, _, HOST = OWN.partition("@")
WORDS = st.lists(
    st.sampled_from(
        [
            "Hello",
            "lighthouse",
            "größer",
            "你好",
            "Привет",
            "tea,",
            "(maybe)",
            "3.14",
            "a@b.test",
            "x=1",
            "100%",
            "&c.",
            "--",
            ">",
            "*b*",
        ]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)


def everywhere(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(range(len(text))).map(lambda at: text[:at] + "{}" + text[at:])


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "title": str.title,
    "tagged": lambda a: a.replace("@", "+jobs@"),
    "at a host": lambda a: a.replace("@", "@mx."),
    "quoted local part": lambda a: '"' + a.replace("@", '"@'),
    "percent": lambda a: quote(a, safe=""),
    "percent, all": lambda a: "".join(f"%{ord(c):02x}" for c in a),
    "percent twice": lambda a: quote(quote(a, safe="")),
    "references": lambda a: "".join(f"&#{ord(c)};" for c in a),
    "hex references": lambda a: "".join(f"&#x{ord(c):X};" for c in a),
    "named references": lambda a: a.replace("@", "&commat;").replace(".", "&period;"),
    "escapes": lambda a: a.replace("@", "\\u0040"),
    "printable": lambda a: a.replace("@", "=40").replace(".", "=2E"),
    "utf-7": lambda a: a.replace("@", "+AEA-"),
    "encoded word": lambda a: Header(a, "utf-8").encode(),
    "full width": lambda a: "".join(chr(ord(c) + 0xFEE0) for c in a),
    "soft hyphens": lambda a: a.replace("a", "a\u00ad").replace("@", "\u200b@"),
    "broken line": lambda a: a.replace("@", "@\n> "),
    "blanks": lambda a: a.replace("@", " @ "),
    "brackets": lambda a: a.replace("@", "[at]").replace(".", "[dot]"),
    "spoken": lambda a: a.replace("@", " at ").replace(".", " dot "),
    "base64": lambda a: base64.b64encode(f"to={a}&x".encode()).decode(),
    "base64, shifted": lambda a: "ab" + base64.urlsafe_b64encode(f"me <{a}>".encode()).decode(),
    "hexadecimal": lambda a: a.encode().hex(),
    "comment": lambda a: a.replace("@", "(work)@"),
}
CHARSETS = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "utf-7", "gb18030"])
TRANSFERS = st.sampled_from(["base64", "quoted-printable"])


def coded(text: str, charset: str, transfer: str, kind: str = "plain") -> bytes:
    data = text.replace("\n", "\r\n").encode(charset)
    if charset.startswith(("utf-16", "utf-32")):  # quoted-printable is for texts of octets
        transfer = "base64"
    body = base64.encodebytes(data) if transfer == "base64" else quopri.encodestring(data)
    return a_mail(
        body.decode("ascii"),
        f"Content-Type: text/{kind}; charset={charset}",
        f"Content-Transfer-Encoding: {transfer}",
    )


def tells(text: str) -> bool:
    """Whether a plain eye still sees the local part or the host, in any of the codings."""
    squeezed = "".join(text.lower().split())
    views = [squeezed, html.unescape(squeezed)]
    return any(LOCAL in view or HOST in view for view in views)


@settings(max_examples=150, deadline=None)
@given(
    before=WORDS,
    after=WORDS,
    how=st.sampled_from(sorted(SPELLINGS)),
    charset=CHARSETS,
    transfer=TRANSFERS,
)
def test_in_plain_text(before: str, after: str, how: str, charset: str, transfer: str) -> None:
    spelled = SPELLINGS[how](OWN)
    raw = coded(f"Hi {before} <{spelled}> {after} bye\n", charset, transfer)
    masked = mask(raw, a_view())
    text = str(opened(masked.content).get_content())
    assert not tells(text)
    assert not residual(masked.content, a_view().hidden, [])
    assert text.startswith(f"Hi {before} ")
    assert text.rstrip().endswith(f" {after} bye")
    assert "guest-abcdefghij234567abcd" in text
    assert masked.typed == (OWN,)


@settings(max_examples=150, deadline=None)
@given(
    words=WORDS,
    how=st.sampled_from(sorted(set(SPELLINGS) - {"broken line"})),
    where=st.sampled_from(
        [
            "<p>{words} <b>tea</b> {own} end</p>",
            '<p title="{own}">{words} <b>tea</b> end</p>',
            '<p>{words} <a href="mailto:{own}">tea</a> end</p>',
            '<p>{words} <a href="https://x.example/?a={own}&amp;b=1">tea</a> end</p>',
            '<img src="cid:x" alt="{own}"><p>{words} tea end</p>',
            '<p style="x:\'{own}\'" data-x="{own}" id="{own}">{words} tea end</p>',
            "<!-- {own} --><style>/* {own} */</style><script>{own}</script><p>{words} tea end</p>",
            '<div style="display:none">{own}</div><p>{words} tea end</p>',
        ]
    ),
    charset=CHARSETS,
)
def test_in_html(words: str, how: str, where: str, charset: str) -> None:
    own = html.escape(SPELLINGS[how](OWN)).replace("&amp;", "&")
    page = where.replace("{own}", own).replace("{words}", html.escape(words))
    masked = mask(coded(page, charset, "base64", "html"), a_view())
    shown = str(opened(masked.content).get_content())
    assert not tells(shown)
    assert not residual(masked.content, a_view().hidden, [])
    assert words in html.unescape(shown)
    assert "tea" in shown
    assert "end" in shown


@settings(max_examples=60, deadline=None)
@given(
    words=WORDS,
    how=st.sampled_from(["plain", "upper", "tagged", "percent", "encoded word", "full width"]),
)
def test_in_a_subject_and_a_file_name(words: str, how: str) -> None:
    spelled = SPELLINGS[how](OWN)
    subject = Header(f"{words} {spelled}", "utf-8").encode()
    name = quote(f"{how} {spelled}.bin", safe="")
    raw = a_mail(
        "eA==\n",
        f"Subject: {subject}",
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment; filename*=utf-8''{name}",
    )
    masked = mask(raw, a_view())
    message = opened(masked.content)
    assert not tells(f"{message['Subject']} {message.get_filename()}")
    assert not residual(masked.content, a_view().hidden, [])
    assert " ".join(words.split()) in str(message["Subject"])
    assert str(message.get_filename()).endswith(".bin")
    assert message.get_payload(decode=True) == b"x"


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=300), flowed=st.booleans())
def test_a_text_that_tells_nothing_is_carried_as_it_is(text: str, flowed: bool) -> None:
    text = "".join(c for c in text if c.isprintable() or c == "\n") + "."
    text = text.encode("utf-8", "replace").decode()
    kind = "text/plain; charset=utf-8" + ("; format=flowed" if flowed else "")
    data = binascii.b2a_base64(text.replace("\n", "\r\n").encode()).decode()
    raw = a_mail(data, "Content-Transfer-Encoding: base64", kind=kind)
    masked = mask(raw, a_view())
    shown = opened(masked.content).get_payload(decode=True)
    assert isinstance(shown, bytes)
    assert shown.decode().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert f"{GUEST}" not in shown.decode()
