"""Documents of LibreOffice lose their authors, or are kept back."""

from __future__ import annotations

import pytest
from documents import an_odt, told, unzipped
from pictures import a_photo, exif_of, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))
PHOTO = saved(a_photo(), "JPEG", exif=exif_of(ME))


def test_an_opendocument_keeps_its_text_and_loses_its_author() -> None:
    text = (
        'About queues<office:annotation><dc:creator>Dana Keller</dc:creator><text:p officeooo:rsid="1">'
        'why?</text:p></office:annotation><text:a xlink:href="mailto:dana.keller@private.test">me'
        '</text:a><draw:image xlink:href="https://track.example.test/x.png"/>'
    )
    cleaned = scrub(an_odt(text, "Dana Keller", {"Pictures/a.jpg": PHOTO}), IDENTITY)
    found = unzipped(cleaned)
    assert next(iter(found)) == "mimetype"
    assert b"Keller" not in told(cleaned)
    assert b"About queues" in found["content.xml"]
    assert b"why?" in found["content.xml"]
    assert b"track" not in found["content.xml"]
    assert b"AddSpacing" in found["settings.xml"]
    assert b"meta.xml" not in found["META-INF/manifest.xml"]
    assert pixels(found["Pictures/a.jpg"]) == pixels(PHOTO)


def test_an_opendocument_that_shows_the_address_or_is_locked_is_kept_back() -> None:
    with pytest.raises(Unscrubbable, match="shows your address"):
        scrub(an_odt("<text:span>dana.keller</text:span>@private.test"), IDENTITY)
    locked = "<m><manifest:encryption-data xmlns:manifest='urn:m'/></m>"
    with pytest.raises(Unscrubbable, match="password"):
        scrub(an_odt("x", more={"META-INF/manifest.xml": locked}), IDENTITY)
