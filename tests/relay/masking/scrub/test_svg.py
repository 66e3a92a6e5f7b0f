"""Drawings keep their shapes and lose what editors write into them."""

from __future__ import annotations

import base64

import pytest
from pictures import a_photo, exif_of, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))
PHOTO = saved(a_photo(), "JPEG", exif=exif_of(ME))


def test_a_drawing_keeps_its_shapes_and_loses_its_editor() -> None:
    data = base64.b64encode(PHOTO).decode()
    content = f"""<?xml version="1.0"?><!-- by {ME} -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="urn:i" xmlns:sodipodi="urn:s"
 sodipodi:docname="dana.svg" inkscape:export-filename="/home/dana/x.png" onload="send()">
<sodipodi:namedview/><metadata>{ME}</metadata><script>send()</script>
<image href="https://track.example.test/x.png"/><image href="data:image/jpeg;base64,{data}"/>
<path d="M0 0"/><text>Queues</text></svg>"""
    cleaned = scrub(content.encode(), IDENTITY)
    for gone in (b"dana", b"send()", b"track", b"namedview", ME.encode()):
        assert gone not in cleaned
    assert b'<path d="M0 0"/><text>Queues</text></svg>' in cleaned
    picture = base64.b64decode(cleaned.partition(b"base64,")[2].partition(b'"')[0])
    assert pixels(picture) == pixels(PHOTO)


def test_a_drawing_may_name_its_type_but_define_nothing() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert scrub(b"<!DOCTYPE svg>" + drawing, IDENTITY) == b"<!DOCTYPE svg>" + drawing
    with pytest.raises(Unscrubbable):
        scrub(b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + drawing, IDENTITY)


def test_a_drawing_that_shows_the_address_is_kept_back() -> None:
    content = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>dana.<b/>keller@private.test</text></svg>'
    )
    with pytest.raises(Unscrubbable, match="shows your address"):
        scrub(content, IDENTITY)


def test_the_styles_of_a_drawing_fetch_nothing_and_still_refer_to_it() -> None:
    content = (
        b'<svg xmlns="http://www.w3.org/2000/svg">'
        b"<style>@import url(https://x.example/a); .a&gt;b{fill:url(https://x.example/b)}</style>"
        b"<style><![CDATA[@import 'https://x.example/c'; .c>d{fill:url(#g)}]]></style>"
        b"<style>.e{fill:url(#g)}</style>"
        b"""<path style="fill:url('https://x.example/d')" filter="url(#f)" mask='url(//x.example/e)'/>"""
        b"</svg>"
    )
    cleaned = scrub(content, IDENTITY)
    assert b"x.example" not in cleaned
    for kept in (
        b".a&gt;b{",
        b".c&gt;d{fill:url(#g)}",
        b"<style>.e{fill:url(#g)}</style>",
        b'filter="url(#f)"',
    ):
        assert kept in cleaned
