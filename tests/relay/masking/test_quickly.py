"""Where a quick look decides whether a slow one is taken, both say the same."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from relay.masking import disguise, octets, readings, runs, spelling, squeezed, tree
from relay.masking.scrub import runs as scrub_runs
from relay.masking.scrub import traces
from relay.masking.skeleton import Skeleton, skeleton
from relay.masking.squeezed import Squeezed
from screening import parsers

OWN = "dana.brown@corp.example.test"
SOME = st.lists(
    st.sampled_from(
        [
            "a",
            "B7",
            "+/_-",
            "x" * 11,
            "Z" * 12,
            "q" * 16,
            "9" * 40,
            " ",
            "\n",
            "\xa0",
            "=",
            "é",
            "一",
        ]
    ),
    max_size=12,
).map("".join)
PARTS = (
    *("dana", "brown", "corp", "example", "test", "at", "ÄT", "dot", "Punkt"),
    *("(", ")", "[", "]", " ", ".", "@", "_", "\n", "-", "x"),
)
SPELLED = st.lists(st.sampled_from(PARTS), max_size=16).map("".join)
WHOLE = ("dana", "brown", " at ", "corp", " dot ", "example", "test")


@given(SOME)
def test_long_words_are_found_as_by_a_pattern(text: str) -> None:
    long = [found.span() for found in re.finditer(r"[A-Za-z0-9+/_-]{12,}", text)]
    assert list(runs._words(text)) == long
    assert list(readings._long_runs(text)) == re.findall(r"[A-Za-z0-9+/_-]{16,}", text)


def test_long_runs_are_found_in_every_window() -> None:
    texts = [("x" * 20 + " ") * 100 + "\n", "y" * 70_000, "\n", "z" * 15, "\n", "w" * 16]
    text = "".join(texts) + "".join(texts)
    assert list(readings._long_runs(text)) == re.findall(r"[A-Za-z0-9+/_-]{16,65536}", text)


@given(st.one_of(SPELLED, st.permutations(WHOLE).map("".join)), SPELLED)
def test_what_is_no_suspect_is_no_disguise(text: str, around: str) -> None:
    for address in (OWN, "dana_@corp.test", "dana@corp.test", "_@corp.test", "dana.b@corp.test"):
        for local in (wanted := spelling.forms(address)).locals:
            for domain in wanted.domains:
                source = f"{around} {text} {around}"
                if "@" not in source and disguise._pattern(local, domain).search(source):
                    assert disguise._suspected(Squeezed(source).text, local, domain)


@given(st.text(), st.text(alphabet="ABc d>\n\x1f"))
def test_a_text_is_squeezed_as_character_by_character(text: str, mostly: str) -> None:
    source = text[:4] + mostly * 5 + text + mostly
    assert Squeezed(source).text == "".join(squeezed._spaced(source).split())


READER = parsers.mime()
LINES = (
    *("Content-Type: multipart/mixed; boundary=b", "Content-Type: text/plain", "Subject: x", "--"),
    *(
        "Content-Type: message/rfc822",
        'content-type: multipart/digest;\r\n boundary="c"',
        "--b",
        "-",
    ),
    *(
        "--c",
        "--c--",
        "--b--",
        "",
        "",
        " folded",
        "long " * 150,
        "long" * 150,
        "text: " + "a" * 600,
    ),
)
MAILS = st.tuples(
    st.lists(st.sampled_from(LINES), max_size=25), st.sampled_from(["\r\n", "\n", "\r\n"])
).map(lambda one: one[1].join(["Content-Type: multipart/mixed; boundary=b", *one[0]]))


def flankers(raw: bytes, bones: Skeleton) -> tree.Entity | None:
    try:
        found = READER.from_string(bones.text.decode("latin-1"))
        return tree._from_flanker(raw, bones, found, 0)
    except Exception:  # noqa: BLE001 whatever flanker raises: the other reader decides
        return None


@given(MAILS)
def test_flanker_needs_the_skeleton_alone(text: str) -> None:
    raw = text.encode()
    assert flankers(raw, skeleton(raw)) == flankers(raw, Skeleton(raw, (), ()))


def test_what_is_left_out_is_the_body() -> None:
    body = b"one two\r\n" * 1000
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + body + b"\r\n--b--\r\n"
    assert len(skeleton(raw).text) < 100
    assert [part.body for part in tree.read(raw).parts] == [body]


OCTETS = st.lists(
    st.sampled_from(
        [b"a", b"Bc", b"\0", b"\xff", b" ", b"\n", b":", b"word", b"12ab", b"0f" * 12, b"x/-" * 6]
    ),
    max_size=40,
).map(b"".join)


@given(OCTETS, st.sampled_from([0, 40]))
def test_stretches_of_octets_are_found_as_by_patterns(some: bytes, apart: int) -> None:
    content = some + bytes(64) * apart + some  # with many in a row, and with few
    shown = re.findall(rb"[\t\n\r\x20-\x7e]{6,}", content)
    assert list(traces._runs_of_shown(content)) == shown
    assert list(octets._shown_runs(content)) == re.findall(rb"[\t\n\r\x20-\x7e]{5,}", content)
    pattern = rb"[A-Za-z0-9+/_-]{16,}(?:\s{1,2}[A-Za-z0-9+/_-]{4,})*"
    coded = [found.span() for found in re.finditer(pattern, content)]
    assert [found.span() for found in scrub_runs._runs_of_base64(content)] == coded
    digits = [found.span() for found in scrub_runs._HEX.finditer(content)]
    assert [found.span() for found in scrub_runs._runs_of_hex(content)] == digits


@given(st.lists(st.sampled_from(["40", "ab", "a", "1", " ", ":", "x", "4 0", "é"]), max_size=40))
def test_pairs_of_digits_are_suspected_wherever_they_are(some: list[str]) -> None:
    text = "".join(some)
    assert runs._EIGHT in runs._spelled(text) or not runs._PAIRS.search(text)


HIDING = (
    *("<b ", "<rt>", "<RP x>", "<i>", ">", "</b>", "</rt>", "x", " hidden", "Hidden", "\n", " "),
    *("display", "Display :", ": none", ":none", "font-size", "FONT-SIZE: 0", ":0", 'style="'),
    *("visibility: hidden", "bdo", "<bdo dir=rtl>", "bidi-override", "\u202e"),
)


@given(st.lists(st.sampled_from(HIDING), max_size=12).map("".join))
def test_what_hides_nothing_is_shown_as_it_is(page: str) -> None:
    if readings._shown(page) == page:
        assert readings._HIDDEN.sub("", page) == page
