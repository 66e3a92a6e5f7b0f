"""`report`, `referral` and `hires` as they are typed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from config.values import Unusable
from relay.cli.main import peerpost

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One command of an installation with two ambassadors; its output."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def run_one(*words: str) -> str:
        result = runner.invoke(peerpost, words, standalone_mode=False)
        if result.exception:
            raise result.exception
        return result.stdout

    run_one("init", "--domain", "peers.example.test")
    for name in ("alex", "sam"):
        email = f"{name}@corp.example.test"
        run_one("ambassador", "add", name, "--name", f"{name.title()} Chen", "--email", email)
    return run_one


def test_the_report_comes_in_every_form(run: Run) -> None:
    assert "New contacts" in run("report")
    assert "Delivery" in run("report", "--full")
    assert "Delivery" not in run("report")
    assert run("report", "--format", "html").startswith("<!DOCTYPE html>")
    rows = list(csv.reader(io.StringIO(run("report", "--format", "csv"), newline="")))
    assert rows[0][:4] == ["section", "group", "name", "figure"]
    document = json.loads(run("report", "--format", "json", "--by", "topic", "--since", "7d"))
    assert document["sections"]["contacts"]["contacts"]["value"] == 0


def test_the_report_can_go_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run("report", "--format", "html", "--out", "report.html") == ""
    assert "<h1>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_period_that_makes_no_sense_is_refused(run: Run) -> None:
    for words in (("--since", "soon"), ("--since", "1d", "--until", "2d")):
        with pytest.raises(Unusable, match="--since"):
            run("report", *words)


def test_an_address_that_wrote_to_nobody_earns_nobody_anything(run: Run) -> None:
    assert "no ambassador" in run("referral", "check", "dana@example.org")
    assert json.loads(run("referral", "check", "dana@example.org", "--json")) == []
    assert json.loads(run("referral", "list", "--json")) == []
    with pytest.raises(Unusable, match="ADDRESS"):
        run("referral", "check", "not an address")


def test_hires_are_counted_and_a_wrong_file_is_named(run: Run, tmp_path: Path) -> None:
    hires = tmp_path / "hires.csv"
    hires.write_text("Email,Hire date,Source\ndana@example.org,2026-01-02,Referral\n")
    assert run("hires", "import", "hires.csv") == "1 hire, 0 of them through ambassadors\n"
    hires.write_text("Email,Hire date\ndana@example.org,soon\n")
    with pytest.raises(Unusable, match="line 2: 'soon' is no day"):
        run("hires", "import", "hires.csv")


def test_the_page_of_the_ambassadors_is_written(run: Run, tmp_path: Path) -> None:
    run("ambassador", "pause", "sam")
    assert run("directory", "--out", "site", "--source", "pycon").startswith("1 ambassador in ")
    [alex] = json.loads((tmp_path / "site" / "directory.json").read_text())
    assert alex["address"] == "peer-alex+pycon@peers.example.test"
    assert alex["name"] == "Alex"
    assert "Chen" not in (tmp_path / "site" / "index.html").read_text()


def test_a_portrait_loses_what_the_camera_wrote(run: Run, tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 40), "#cc6600")
    written = picture.getexif()
    written[0x010E] = "at Alex' house"
    (tmp_path / "photos").mkdir()
    picture.save(tmp_path / "photos" / "alex.jpeg", exif=written)
    run("directory", "--out", "site", "--photos", "photos")
    kept = tmp_path / "site" / "alex.jpg"
    assert b"house" not in kept.read_bytes()
    with Image.open(kept) as shown:
        assert shown.size == (40, 40)
    assert 'src="alex.jpg"' in (tmp_path / "site" / "index.html").read_text()


@pytest.mark.parametrize(
    "words", [("--source", "py con"), ("--colour", "#ffff00"), ("--colour", "red")]
)
def test_a_tag_or_colour_that_cannot_be_is_refused(run: Run, words: tuple[str, str]) -> None:
    with pytest.raises(Unusable, match=words[0]):
        run("directory", "--out", "site", *words)


def test_a_portrait_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "alex.jpg").write_text("<svg onload=alert(1)>")
    with pytest.raises(Unusable, match="--photos"):
        run("directory", "--out", "site", "--photos", "photos")
