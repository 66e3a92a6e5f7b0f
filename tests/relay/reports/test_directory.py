"""The files of the ambassadors' page, and how a browser shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno
from browser import CHROMIUM, DESKTOP, PHONE, Browser, chromium
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.reports.directory import PLAIN_COLOUR, code, contrast_on_white, files, vcard, write
from relay.reports.showcase import Face, House, mailto

HOUSE = House("Corp Example", "peers.example.test", careers_url="https://corp.example.test/jobs")
ACCESSIBLE = (Path(__file__).parents[2] / "kit" / "accessible.js").read_text()
browsing = pytest.mark.skipif(not CHROMIUM, reason="needs chromium (apt-get install chromium)")

HOSTILE = [
    "<xss-probe onmouseover=alert(1)>",
    '"><xss-probe a="',
    "'};*{display:none}</style><xss-probe>",
    "</script><xss-probe>",
    "a\u202eb\x1b[31m\r\nBcc: victim@other.test",
    "x" * 120,
    "محمد عبد الرحمن الأنصاري",
]


def a_face(handle: str = "alex", name: str = "Alex", **fields: object) -> Face:
    address = f"peer-{handle}@peers.example.test"
    values: dict[str, object] = {
        "role": "Staff engineer",
        "topics": ("python", "infra"),
        "languages": ("English",),
        "timezone": "Europe/Berlin",
        "answers": "usually answers within a day",
        "mailto": mailto(address, name, HOUSE.company),
    }
    return Face(handle, name, address, **(values | fields))  # type: ignore[arg-type]


def made(*faces: Face, house: House = HOUSE, templates: Path | None = None) -> dict[str, str]:
    return files(faces, house, PLAIN_COLOUR, templates)


class Markup(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs)]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["index.html", "snippet.html"])
def test_no_foreign_text_becomes_markup_or_style(name, text):
    hostile = a_face("eve", text, role=text, topics=(text, "data"), languages=(text,))
    page = made(hostile, a_face())[name]
    seen = Markup(page)
    bad = [tag for tag in seen.tags if "probe" in tag or tag.startswith("on") or tag == "script"]
    assert bad == []
    styles = page.partition("<style>")[2].partition("</style>")[0]
    assert "display:none}" not in styles
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_every_link_leads_to_a_mail_a_file_of_ours_or_the_company():
    pages = made(a_face(), a_face("sam", "Sam"))
    for link in Markup(pages["index.html"]).links:
        known = link in pages or link.startswith(("mailto:peer-", "data:,", HOUSE.careers_url))
        assert known, link


@pytest.mark.parametrize("text", HOSTILE)
def test_json_holds_the_names_as_they_are_shown_and_ends_no_script(text):
    pages = made(a_face("eve", text, topics=(text,)))
    [face] = json.loads(pages["directory.json"])
    assert set(face) >= {"id", "name", "address", "mailto", "role", "topics", "languages"}
    linked = json.loads(pages["directory.jsonld"])
    assert linked["@context"] == "https://schema.org"
    [item] = linked["itemListElement"]
    assert item["item"]["name"] == face["name"]
    assert item["item"]["email"] == "mailto:peer-eve@peers.example.test"
    assert "</" not in pages["directory.json"] + pages["directory.jsonld"]


@given(st.text(max_size=120), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_a_contact_card_has_whole_lines_and_one_address_whatever_the_name_is(name, role):
    card = vcard(a_face(name=name, role=role), HOUSE)
    rows = card.split("\r\n")
    assert all(len(row.encode("utf-8", "surrogatepass")) <= 75 for row in rows)
    lines = card.replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0] for line in lines if line]
    assert [each for each in names if each.startswith("EMAIL")] == ["EMAIL;TYPE=INTERNET"]
    assert (names[0], names[-1]) == ("BEGIN", "END")
    assert set(names) <= {
        "BEGIN",
        "VERSION",
        "FN",
        "N",
        "ORG",
        "EMAIL;TYPE=INTERNET",
        "TITLE",
        "CATEGORIES",
        "END",
    }


def test_the_code_is_drawn_as_the_standard_says():
    text = "mailto:peer-alex@peers.example.test"
    drawn = code(text)
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=2)]
    dark = [[0] * drawn.size for _ in range(drawn.size)]
    for part in drawn.path.strip("M").split("M"):
        place, _, shape = part.partition("h")
        x, y = map(int, place.split())
        for offset in range(int(shape.partition("v")[0])):
            dark[y][x + offset] = 1
    assert [bytes(row) for row in dark] == rows


def test_files_of_who_is_gone_are_taken_away_and_no_others(tmp_path: Path):
    (tmp_path / "logo.png.txt").write_text("the company's")
    write(tmp_path, made(a_face(), a_face("sam")))
    assert (tmp_path / "sam.vcf").exists()
    write(tmp_path, made(a_face()))
    assert {each.name for each in tmp_path.iterdir()} == {
        *("index.html", "snippet.html", "directory.json", "directory.jsonld"),
        *("alex.vcf", "alex.svg", "logo.png.txt"),
    }


def test_a_company_s_own_page_comes_first(tmp_path: Path):
    (tmp_path / "directory.html").write_text("{% for face in faces %}[{{ face.name }}]{% endfor %}")
    pages = made(a_face(name="<Alex>"), templates=tmp_path)
    assert pages["index.html"] == "[&lt;Alex&gt;]"
    assert "peers" in pages["snippet.html"]


def test_nobody_free_is_said_kindly():
    assert "Please look in again" in made()["index.html"]
    assert json.loads(made()["directory.json"]) == []


def test_contrast_is_what_wcag_says():
    assert contrast_on_white("#000000") == pytest.approx(21)
    assert contrast_on_white("#ffffff") == pytest.approx(1)
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast_on_white(PLAIN_COLOUR) > 4.5
    for odd in ("red", "#fff", "#12345g", "url(x)"):
        with pytest.raises(ValueError, match="colour"):
            contrast_on_white(odd)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


CROWDS = {
    "nobody": (),
    "one": (a_face(),),
    "odd": tuple(
        a_face(f"h{n}", text, role=text, topics=(text, "data")) for n, text in enumerate(HOSTILE)
    ),
    "two hundred": tuple(a_face(f"n{n}", f"Person {n}") for n in range(200)),
}


@browsing
@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("crowd", CROWDS)
def test_it_shows_without_a_request_a_complaint_or_a_barrier(browser, crowd, size, tmp_path):
    write(tmp_path, made(*CROWDS[crowd]))
    host = tmp_path / "host.html"
    snippet = (tmp_path / "snippet.html").read_text()
    host.write_text(
        f"<!DOCTYPE html><html lang=en><title>Jobs</title><main><h1>Jobs</h1><h2>Ask</h2>{snippet}</main></html>"
    )
    for page in (tmp_path / "index.html", host):
        visit = browser.open(page, size)
        assert visit.requests == []
        assert visit.complaints == []
        assert browser.evaluate(ACCESSIBLE) == []
        assert browser.evaluate("document.scripts.length") == 0


@browsing
@pytest.mark.browser
def test_a_topic_is_chosen_without_a_script(browser, tmp_path):
    people = (
        a_face("ann", "Ann"),
        a_face("bob", "Bob", topics=("data",)),
        a_face("cem", "Cem", topics=()),
    )
    write(tmp_path, made(*people))
    browser.open(tmp_path / "index.html")
    seen = """[...document.querySelectorAll('.card')].filter(card => card.getClientRects().length)
        .map(card => card.querySelector('h2').textContent)"""
    labels = browser.evaluate(
        "[...document.querySelectorAll('label')].map(each => each.textContent)"
    )
    assert labels == ["everything", "data", "infra", "python"]
    found = {
        label: browser.evaluate(f"document.querySelectorAll('label')[{place}].click(); {seen}")
        for place, label in enumerate(labels)
    }
    assert found == {
        "everything": ["Ann", "Bob", "Cem"],
        "data": ["Bob"],
        "infra": ["Ann"],
        "python": ["Ann"],
    }
