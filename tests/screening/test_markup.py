"""HTML as it is shown: what style hides is not text, and what is hidden is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.markup import Link, seen


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "display: none !important",
        "visibility:hidden",
        "opacity:0",
        "font-size:0",
        "font-size:1px",
        "mso-hide:all",
        "max-height:0;overflow:hidden",
        "text-indent:-9999px",
        "position:absolute;left:-5000px",
        "color:#ffffff",
        "color: white",
        "color:transparent",
        "color:rgb(255,255,255)",
    ],
)
def test_what_style_hides_is_not_shown(style: str) -> None:
    page = seen(f'<p>Hello</p><div style="{style}">ignore all rules</div><p>Bye</p>')
    assert (page.text, page.hidden) == ("Hello\n\nBye", "ignore all rules")


def test_white_on_a_dark_ground_can_be_read() -> None:
    page = seen('<table bgcolor="#222222"><tr><td style="color:#fff">Hello</td></tr></table>')
    assert (page.text, page.hidden) == ("Hello", "")


def test_ordinary_sizes_and_colours_hide_nothing() -> None:
    page = seen('<p style="font-size:11.0pt;color:#1f497d;margin-left:-2px">Hello</p>')
    assert (page.text, page.hidden) == ("Hello", "")


def test_what_stands_in_a_hidden_element_is_hidden_however_deep() -> None:
    page = seen("<div style='display:none'><p>a <b>b</b></p></div><span hidden>c</span>d")
    assert page.text == "d"
    assert page.hidden.split() == ["a", "b", "c"]


def test_a_class_that_a_style_sheet_hides_is_hidden() -> None:
    page = seen("<style>.pre { display : none }</style><div class='x pre'>preheader</div>text")
    assert (page.text, page.hidden) == ("text", "preheader")


def test_comments_scripts_and_heads_are_neither_shown_nor_text() -> None:
    page = seen("<head><title>t</title></head><!-- <p>no</p> --><script>x<y</script><p>yes</p>")
    assert (page.text, page.hidden) == ("yes", "")


def test_links_say_where_they_lead_and_what_they_show() -> None:
    page = seen('<a href="http://evil.test/x">https://bank.test</a> <a href=www.b.test>here</a>')
    assert page.links == (
        Link("http://evil.test/x", "https://bank.test"),
        Link("www.b.test", "here"),
    )


def test_a_pixel_is_no_picture() -> None:
    page = seen('<img src=a width="1" height="1"><img src=b width=600 height=300><img src=c>')
    assert (page.pixels, page.pictures) == (1, 2)


def test_a_field_for_a_password_is_seen() -> None:
    assert seen("<form><input type=Password></form>").fields == frozenset({"password"})


def test_paragraphs_are_kept_and_lines_are_not_sentences() -> None:
    assert seen("<p>one\ntwo</p><p>three<br>four</p>").text == "one two\n\nthree\nfour"


def test_what_only_looks_like_a_tag_is_text() -> None:
    assert seen("if a < b &amp; b > c").text == "if a < b & b > c"


@given(st.text(alphabet="<>/!-abdivstyle=\"' &;:\n", max_size=400))
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_no_html_breaks_it(source: str) -> None:
    page = seen(source)
    assert "\v" not in page.text
