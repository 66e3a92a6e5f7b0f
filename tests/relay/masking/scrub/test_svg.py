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
