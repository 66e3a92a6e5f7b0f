"""What strangers write is data: in mails, pages, listings, queries and the names of files."""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from configs import DOMAIN, environment
from mails import parts_mail, raw_mail
from stores import KEY
from town import ALEX, DANA, PEER, Town, a_town

from config.values import Unusable
from relay import roster
from relay.cli.main import peerpost
from relay.failures import Failed
from relay.masking.addresses import Public
from relay.roster import Wanted
from storage import people
from storage.database import Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.schema import metadata

TEMPLATE, PRODUCT = "{{1337*1337}}", "1787569"
SPELLINGS = (TEMPLATE, "${1337*1337}", "#{1337*1337}", "<%= 1337*1337 %>", "{% raw %}", "{#")
ORDERS = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2028\r\nX-Evil: yes"
QUERIES = (
    "'; DROP TABLE threads; --",
    '" OR 1=1 --',
    "' OR ''='",
    "%",
    "_",
    "*",
    "a' UNION SELECT token FROM requests --",
    "\\",
    "1; UPDATE ambassadors SET state='removed'",
)
Run = Callable[..., str]


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    settings = {"relay__hiring_team": ["people@corp.example.test"]}
    with a_town(sqlite_database, tmp_path, **settings) as made:
        yield made


@pytest.fixture
def strict(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, screening__policy="strict") as made:
        yield made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One command on the town's database: all that it shows, or the line that it ends with."""
    monkeypatch.chdir(tmp_path)
    written: dict[str, object] = {
        "relay.domain": DOMAIN,
        "storage.key": base64.b64encode(KEY).decode(),
        "storage.url": f"sqlite:///{tmp_path}/peerpost.db",
    }
    for name, value in environment(written).items():
        monkeypatch.setenv(name, value)

    def run_one(*words: str) -> str:
        result = CliRunner().invoke(peerpost, words, standalone_mode=False)
        expected = (Failed, Unusable, Conflict, SystemExit)
        if result.exception and not isinstance(result.exception, expected):
            raise result.exception
        return result.output

    return run_one


def named(town: Town, name: str) -> None:
    """Alex's name, role and topics are this from now on, however that came about."""
    with town.database.read() as connection:
        alex = people.ambassador_by_name(connection, "alex")
    assert alex
    changed = replace(alex, display_name=name, role=name, topics=(name,))
    town.apply(Changes(ambassadors=(changed,)))


def obeyed(text: str) -> set[str]:
    """What a terminal would do more with than show it."""
    kinds = ("Cc", "Cf", "Zl", "Zp", "Cs")
    return {sign for sign in text if unicodedata.category(sign) in kinds} - {"\n"}


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_template_arrives_as_typed_in_every_mail(town: Town, spelling: str) -> None:
    named(town, spelling)
    author = f'"{spelling}" <{DANA}>'
    assert town.send(author, PEER, f"Hello {spelling}.", Subject=f"On {spelling}").accepted
    first = town.last(ALEX)
    assert f"Hello {spelling}." in first.text
    assert first.subject == f"On {spelling}"
    guest = first.answers_to
    for order in (f"/recommend {spelling}", f"/later {spelling}", "/share", "/coffee"):
        assert town.send(ALEX, guest, order).accepted
    asked = town.last(DANA, "recommend you")
    assert town.send(DANA, asked.answers_to, f"yes {spelling}").accepted
    assert spelling in town.last("people@corp.example.test").text
    assert town.send(ALEX, guest, f"/pass {spelling}").accepted
    assert spelling in town.last(DANA).text
    assert len(town.posted) > 6
    for post in town.posted:
        assert PRODUCT not in f"{post.subject}{post.text}{post.message['From']}"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_template_arrives_as_typed_on_every_page(town: Town, run: Run, spelling: str) -> None:
    named(town, spelling)
    town.send(f'"{spelling}" <{DANA}>', PEER, "Hello.")
    for kind in ("html", "csv", "table", "json"):
        for by in ("ambassador", "topic"):
            assert PRODUCT not in run("report", "--format", kind, "--by", by)
    run("directory", "--out", "page")
    pages = [file for file in Path("page").rglob("*") if file.suffix != ".svg" and file.is_file()]
    assert pages
    assert all(PRODUCT.encode() not in file.read_bytes() for file in pages)


# --- HTML, CSV and the directory -----------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><b>", "'-alert(1)-'"],
)
def test_no_name_becomes_markup_in_a_report_or_on_the_page(town: Town, run: Run, name: str) -> None:
    named(town, name)
    town.send(DANA, PEER, "Hello.")
    pages = [run("report", "--format", "html", "--by", by) for by in ("ambassador", "topic")]
    run("directory", "--out", "page")
    pages += [file.read_text() for file in Path("page").rglob("*.html")]
    for page in pages:
        for piece in ("<script", "<img src=x", "</title><b>", "onerror=alert(1)>"):
            assert piece not in page.replace('<script type="application/ld+json">', "")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_name_becomes_a_formula(town: Town, run: Run, name: str) -> None:
    named(town, name)
    town.send(DANA, PEER, "Hello.")
    for by in ("ambassador", "topic", "source"):
        for line in run("report", "--format", "csv", "--by", by).splitlines():
            for cell in line.split(","):
                assert not cell.strip('"').startswith(("=", "+", "-", "@", "\t", "\r")), cell


# --- terminals -----------------------------------------------------------------------------------

LISTINGS = (
    *((name, *form) for name in ("held", "threads", "queue") for form in ((), ("--json",))),
    ("ambassador", "list"),
    ("ambassador", "list", "--json"),
    ("report",),
    ("report", "--full"),
    ("report", "--format", "csv"),
    ("referral", "list"),
    ("export", DANA),
)


def test_no_listing_gives_a_terminal_orders(strict: Town, run: Run) -> None:
    named(strict, f"Alex{ORDERS}")
    author = f"Dana=?utf-8?q?=1B[2J=C2=9B31m=E2=80=AE=0D=0AX?= <{DANA}>"
    for number in range(2):
        ids = f"<{number}\u009b31m\u202e@mailer.test>"
        raw = raw_mail(From=author, To=PEER, Subject="a \u009b2J \u202e", Message_ID=ids)
        assert strict.hand_in(DANA, PEER, raw).accepted
    assert "mailer.test" in run("held")
    for words in LISTINGS:
        shown = run(*words)
        assert shown
        assert not obeyed(shown) - {"\r"}, words


def test_neither_preview_nor_screen_gives_a_terminal_orders(town: Town, run: Run) -> None:
    assert town
    name = "=?utf-8?q?a=1B[2J=C2=9B31m=E2=80=AE.txt?="
    part = f'Content-Type: text/plain; name="{name}"\r\nContent-Disposition: attachment; '
    part += f'filename="{name}"\r\n\r\n\x1b[2Jhello\u009b31m {DANA}\r\n'
    text = "Content-Type: text/plain; charset=utf-8\r\n\r\n\x1b[2Jhello \u009b31m\u202e\r\n"
    bodies = (text.encode(), part.encode())
    for subject in ("=?utf-8?q?a=1B]0;owned=07=C2=9B31m?=", "\u009b31m \u202e"):
        Path("mail.eml").write_bytes(parts_mail(*bodies, Subject=subject))
        for words in (("preview", "mail.eml", "--as", "candidate"), ("screen", "mail.eml")):
            shown = run(*words)
            assert shown
            assert not obeyed(shown), words


def test_what_goes_wrong_is_said_without_orders(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from relay.cli import main

    monkeypatch.setattr("sys.argv", ["peerpost", "preview", f"no{ORDERS}", "--as", "candidate"])
    with pytest.raises(SystemExit):
        main.main()
    said = capsys.readouterr().err
    assert said.startswith("peerpost: ")
    assert not obeyed(said)


# --- queries -------------------------------------------------------------------------------------


def test_no_input_becomes_a_part_of_a_query(town: Town, run: Run) -> None:
    assert town.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
    guest, threads = town.last(ALEX).answers_to, town.threads()
    for text in QUERIES:
        town.receiver.admit(f'"{text}"@{DOMAIN}')
        town.receiver.admit(f"peer-{text}@{DOMAIN}")
        town.receiver.admit(f"desk+t.{text}@{DOMAIN}")
        for order in ("handoff", "coffee"):
            town.send(ALEX, guest, f"/{order} {text}")
            town.send(ALEX, f"desk@{DOMAIN}", f"{order} {text}", Message_ID=f"<{text}@x>")
        for words in (
            ("approve", text),
            ("decline", text),
            ("stage", text, "coffee"),
            ("export", text),
            ("export", f"{text}@mailer.test"),
            ("forget", f"{text}@mailer.test"),
            ("block", f"{text}@mailer.test"),
            ("unsuspend", f"{text}@mailer.test"),
            ("referral", "check", f"{text}@mailer.test"),
            ("ambassador", "pause", text),
            ("ambassador", "remove", text),
            ("queue", "retry", text),
            ("report", "--since", text),
        ):
            run(*words)
    with town.database.read() as connection:
        for table in metadata.sorted_tables:
            connection.sql.execute(table.select()).first()
    assert town.threads() == threads
    assert json.loads(run("export", DANA)), "nobody was forgotten"
    assert town.send(DANA, PEER, "And I am not blocked.").accepted


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../alex", "/etc/passwd", "a/b", "..", ".", "a\\b", "a\0b", "a\nb", "%2e%2e", ""]
)
def test_no_ambassadors_name_is_a_path(town: Town, name: str) -> None:
    with town.database.read() as connection:
        known = people.ambassadors(connection)
    with pytest.raises(Unusable):
        roster.add(Wanted(name, "Eve", ("eve@corp.example.test",)), known, town.pen)
    destination = town.receiver.admit(f"peer-{name}@{DOMAIN}")
    assert not isinstance(destination, Public)


def test_the_page_lies_in_its_folder_whatever_people_are_called(town: Town, run: Run) -> None:
    named(town, "../../etc/cron.d/evil")
    before = {file for file in Path().rglob("*") if "page" not in file.parts}
    run("directory", "--out", "page")
    assert {file for file in Path().rglob("*") if "page" not in file.parts} == before
    assert all(
        file.resolve().is_relative_to(Path("page").resolve()) for file in Path("page").rglob("*")
    )
