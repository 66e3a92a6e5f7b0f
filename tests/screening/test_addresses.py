"""Mailboxes: strict about who wrote, and no more than that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import flanker
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.addresses import Mailbox, exactly_one, normal, parse_list, plausible


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("casey@mailer.test", "casey@mailer.test", ""),
        ("Casey Doe <casey@mailer.test>", "casey@mailer.test", "Casey Doe"),
        ('"Doe, Casey" <casey@mailer.test>', "casey@mailer.test", "Doe, Casey"),
        ("Dr. C. Doe <casey@mailer.test>", "casey@mailer.test", "Dr. C. Doe"),
        ("=?utf-8?q?Cas=C3=A9y?= <casey@mailer.test>", "casey@mailer.test", "Caséy"),
        ("Caséy <casey@mailer.test>", "casey@mailer.test", "Caséy"),
        ("<casey@mailer.test>", "casey@mailer.test", ""),
        ("casey@MAILER.Test", "casey@mailer.test", ""),
        ("casey@bücher.test", "casey@xn--bcher-kva.test", ""),
        ("用户@mailer.test", "用户@mailer.test", ""),
        ('Casey <"casey doe"@mailer.test>', '"casey doe"@mailer.test', "Casey"),
    ],
)
def test_an_honest_author_is_read(text: str, address: str, name: str) -> None:
    assert exactly_one(text) == Mailbox(address, name)


@pytest.mark.parametrize(
    "text",
    [
        *("", "<>", "nobody", "@", "casey@", ",", "@mailer.test", "casey@mailer"),
        "casey@mailer.test, boss@evil.test",
        "casey@mailer.test; boss@evil.test",
        "casey@mailer.test,",
        "Team: casey@mailer.test, boss@evil.test;",
        "undisclosed-recipients:;",
        "alex@corp.example.test <boss@evil.test>",
        "<alex@corp.example.test> <boss@evil.test>",
        "<@evil.test:alex@corp.example.test>",
        "alex@corp.example.test(comment)@evil.test",
        "alex@corp.example.test\x00@evil.test",
        "casey(comment)@mailer.test",
        "Casey (unclosed <casey@mailer.test>",
        "casey@[192.0.2.1]",
        '"casey@mailer.test"@evil.test',
        '"casey>"@mailer.test',
        '"casey\\"doe"@mailer.test',
        "ca\u200bsey@mailer.test",
        "casey@mailer.test\ufffd",
        "http://mailer.test/",
        "x" * 3000 + "@mailer.test",
    ],
)
def test_what_could_be_read_in_two_ways_has_no_author(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|long"):
        exactly_one(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Casey [HR] <casey@mailer.test>", "Casey [HR]"),
        ("casey@mailer.test <casey@mailer.test>", ""),
        ("'Casey@Mailer.test' <casey@mailer.test>", ""),
    ],
)
def test_common_faults_that_have_one_meaning_are_forgiven(text: str, name: str) -> None:
    found = exactly_one(text)
    assert found.address == "casey@mailer.test"
    assert found.name == name


def test_a_quoted_local_part_that_needs_no_quotes_is_the_same_mailbox() -> None:
    assert exactly_one('"alex.chen"@corp.example.test').address == "alex.chen@corp.example.test"


def test_a_name_never_holds_a_line_end_or_another_control_character() -> None:
    name = exactly_one("=?utf-8?q?Casey=0D=0ABcc=3A_x=1B[2J=E2=80=AE?= <casey@mailer.test>").name
    assert name == "Casey Bcc: x[2J"


def test_full_width_letters_are_the_letters_that_they_look_like() -> None:
    assert normal("alex@ｃorp.example.test") == "alex@corp.example.test"


def test_a_cyrillic_twin_of_a_domain_is_another_domain() -> None:
    assert normal("alex@соrp.example.test") != "alex@corp.example.test"


def test_a_list_is_read_whole_or_not_at_all() -> None:
    assert parse_list("A <a@x.test>, b@y.test") == (Mailbox("a@x.test", "A"), Mailbox("b@y.test"))
    assert parse_list("A <a@x.test>, nonsense") is None


@pytest.mark.parametrize(
    "address", ["alex@corp.example.test", "a.b+c@x.test", "é@x.test", "a@bücher.test"]
)
def test_a_mailbox_that_can_be_meant_is_plausible(address: str) -> None:
    assert plausible(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "alex",
            "alex@corp",
            "alex@-corp.test",
            "alex@corp-.test",
            "alex@co_rp.test",
            "a b@x.test",
        ),
        *("a..b@x.test", '"a"@x.test', "alex@192.0.2.1", f"{'x' * 65}@x.test", "a@x..test", ""),
        f"alex@{'x' * 64}.test",
    ],
)
def test_a_mailbox_that_no_mail_reaches_is_not_plausible(address: str) -> None:
    assert not plausible(address)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_has_exactly_one_author_or_a_plain_reason_why_not(text: str) -> None:
    try:
        found = exactly_one(text)
    except ValueError:
        return
    assert found.address.count("@") >= 1
    assert normal(found.address) == found.address
    assert not set(found.name) & set("\r\n\x00")


def test_threads_parse_side_by_side_without_mixing_up_addresses() -> None:
    texts = [f"Name {number} <user{number}@host{number}.test>" for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(exactly_one, texts))
    assert [one.address for one in found] == [f"user{n}@host{n}.test" for n in range(400)]


def test_importing_flanker_says_nothing_and_writes_nothing(tmp_path: Path) -> None:
    copy = shutil.copytree(Path(flanker.__file__).parent, tmp_path / "flanker")
    tables = sorted(copy.rglob("*parsetab.py"))
    for table in tables:  # as they are shipped: made by another ply
        table.write_text(table.read_text().replace("_lr_signature = '", "_lr_signature = 'older "))
    before = [table.read_bytes() for table in tables]
    program = "from screening import parsers; parsers.mime(); parsers.addresses(); import ply.yacc"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}; print(ply.yacc.yacc.__name__)"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "yacc\n", "")
    assert len(before) == 5
    assert [table.read_bytes() for table in tables] == before
