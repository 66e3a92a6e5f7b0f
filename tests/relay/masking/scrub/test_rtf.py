"""Rich text loses its author, or is kept back."""

from __future__ import annotations

import pytest
from pictures import a_photo, exif_of, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))
PHOTO = saved(a_photo(), "JPEG", exif=exif_of(ME))


def test_rich_text_loses_its_author_and_keeps_its_words_apart() -> None:
    picture = PHOTO.hex().encode()
    content = (
        rb"{\rtf1\ansi\deff0{\info{\author Dana Keller}}{\*\rsidtbl \rsid1}Text \b bold\b0  and"
        rb" {\pict\jpegblip " + picture + rb"}\par}"
    )
    cleaned = scrub(content, IDENTITY)
    assert cleaned.startswith(rb"{\rtf1\ansi\deff0{}{}Text \b bold\b0  and {\pict\jpegblip ")
    assert b"Camera 5".hex().encode() not in cleaned


@pytest.mark.parametrize(
    "text",
    [
        rb"dana.\b keller\b0 @private.test",
        rb"dana\u46?keller\'40private.test",
        rb"dana.keller\uc2\u64\'40\'40private.test",
        rb"{\field{\*\fldinst HYPERLINK mailto:dana.keller%40private.test}{\fldrslt me}}",
        rb"{\object\objemb{\*\objdata 0105}}",
    ],
)
def test_rich_text_that_shows_the_address_or_hides_an_object_is_kept_back(text: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(rb"{\rtf1\ansi " + text + rb"\par}", IDENTITY)


def test_rich_text_that_tells_when_it_is_opened_is_kept_back() -> None:
    field = rb'{\rtf1{\field{\*\fldinst INCLUDEPICTURE "https://x.example/a"}}}'
    with pytest.raises(Unscrubbable, match="fetch"):
        scrub(field, IDENTITY)
    assert scrub(field.replace(b"https:", b""), IDENTITY)
