"""Pictures of every kind: no pixel changes, and nothing tells who took them."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import a_photo, a_profile, exif_of, opened, pixels, saved
from PIL import PngImagePlugin

from relay.masking.identity import Identity
from relay.masking.scrub.bmp import bmp
from relay.masking.scrub.gif import gif
from relay.masking.scrub.heif import heif
from relay.masking.scrub.jpeg import jpeg
from relay.masking.scrub.outcome import Unscrubbable
from relay.masking.scrub.png import png
from relay.masking.scrub.sniff import Kind, kind
from relay.masking.scrub.tiff import tiff
from relay.masking.scrub.webp import webp

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,))
Scrubber = Callable[[bytes, Identity], bytes]


def _png(**options: object) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", ME)
    texts.add_text("Comment", ME, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", f"<x>{ME}</x>")
    return saved(a_photo(), "PNG", pnginfo=texts, exif=exif_of(ME), **options)


def _samples() -> dict[str, tuple[Scrubber, Kind, bytes]]:
    told = {"exif": exif_of(ME), "icc_profile": a_profile()}
    frames = [a_photo("P"), a_photo("L").convert("P")]
    animated = {"save_all": True, "append_images": frames[1:], "duration": 80, "loop": 3}
    photo = a_photo()
    return {
        "jpeg": (jpeg, Kind.JPEG, saved(photo, "JPEG", comment=ME, xmp=ME.encode(), **told)),
        "progressive jpeg": (jpeg, Kind.JPEG, saved(photo, "JPEG", progressive=True, **told)),
        "jpeg with restarts": (
            jpeg,
            Kind.JPEG,
            saved(photo, "JPEG", restart_marker_rows=1, subsampling=2, **told),
        ),
        "cmyk jpeg": (jpeg, Kind.JPEG, saved(a_photo("CMYK"), "JPEG", comment=ME)),
        "png": (png, Kind.PNG, _png(icc_profile=a_profile())),
        "palette png": (
            png,
            Kind.PNG,
            saved(a_photo("P"), "PNG", exif=exif_of(ME), transparency=3),
        ),
        "gif": (gif, Kind.GIF, saved(frames[0], "GIF", comment=ME, **animated)),
        "webp": (webp, Kind.WEBP, saved(photo, "WEBP", xmp=ME.encode(), lossless=True, **told)),
        "animated webp": (webp, Kind.WEBP, saved(photo, "WEBP", lossless=True, **animated, **told)),
        "tiff": (tiff, Kind.TIFF, saved(photo, "TIFF", software=ME, **told)),
        "packed tiff": (
            tiff,
            Kind.TIFF,
            saved(photo, "TIFF", compression="tiff_lzw", artist=ME, big_tiff=False),
        ),
        "avif": (heif, Kind.HEIF, saved(photo, "AVIF", xmp=ME.encode(), **told)),
        "bmp": (bmp, Kind.BMP, saved(photo, "BMP") + ME.encode()),
    }


SAMPLES = _samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_picture_keeps_its_pixels_and_tells_nothing(name: str) -> None:
    scrub, sort, content = SAMPLES[name]
    assert kind(content) is sort
    behind = b"" if name == "avif" else b"behind the picture " + ME.encode()
    cleaned = scrub(content + behind, IDENTITY)
    assert ME.encode() not in cleaned
    assert b"Camera 5" not in cleaned
    assert pixels(cleaned) == pixels(content)
    assert opened(cleaned).info.get("icc_profile") == opened(content).info.get("icc_profile")


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "avif"])
def test_a_picture_stays_upright_and_says_nothing_else(name: str) -> None:
    scrub, _, content = SAMPLES[name]
    tags = opened(scrub(content, IDENTITY)).getexif()
    assert dict(tags) == {0x0112: 6}
    assert not tags.get_ifd(0x8825)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in ("tiff", "packed tiff")])
def test_a_clean_picture_is_not_changed_again(name: str) -> None:
    scrub, _, content = SAMPLES[name]
    once = scrub(content, IDENTITY)
    assert scrub(once, IDENTITY) == once


@pytest.mark.parametrize("name", SAMPLES)
def test_half_a_picture_is_refused_or_harmless(name: str) -> None:
    scrub, _, content = SAMPLES[name]
    for length in range(0, len(content), 97):
        try:
            cleaned = scrub(content[:length], IDENTITY)
        except Unscrubbable:
            continue
        assert ME.encode() not in cleaned


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_broken_picture_raises_nothing_else(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    scrub, _, content = SAMPLES[name]
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, min(len(broken), 3000) - 1))
        broken[place] = data.draw(st.sampled_from((0, 1, 2, 127, 254, 255)))
    with contextlib.suppress(Unscrubbable):
        scrub(bytes(broken), IDENTITY)


def test_a_jpeg_keeps_nothing_between_and_behind_its_segments() -> None:
    content = SAMPLES["jpeg"][2]
    stuffed = content[:2] + ME.encode() + content[2:] + content
    assert ME.encode() not in jpeg(stuffed, IDENTITY)
    assert len(jpeg(stuffed, IDENTITY)) < len(content)


def test_an_avif_with_something_behind_it_is_refused() -> None:
    with pytest.raises(Unscrubbable):
        heif(SAMPLES["avif"][2] + b"behind the picture", IDENTITY)


def test_a_thumbnail_in_the_head_of_a_jpeg_goes() -> None:
    plain = saved(a_photo(), "JPEG")
    head = b"\xff\xe0" + struct.pack(">H", 16 + 27) + plain[6:18] + b"\3\3" + bytes(range(27))
    cleaned = jpeg(plain[:2] + head + plain[20:], IDENTITY)
    assert bytes(range(27)) not in cleaned
    assert pixels(cleaned) == pixels(plain)


def test_a_jpeg_of_endless_segments_is_refused() -> None:
    with pytest.raises(Unscrubbable):
        jpeg(b"\xff\xd8" + b"\xff\xdd\0\4\0\0" * 1_000_000, IDENTITY)


def test_a_colour_profile_that_names_the_author_is_refused() -> None:
    profile = a_profile() + ME.encode()
    for scrub, format_name in ((jpeg, "JPEG"), (png, "PNG"), (webp, "WEBP"), (tiff, "TIFF")):
        with pytest.raises(Unscrubbable):
            scrub(saved(a_photo(), format_name, icc_profile=profile), IDENTITY)


def test_a_profile_that_swells_is_refused() -> None:
    plain = saved(a_photo(), "PNG")
    bomb = b"x\0\0" + zlib.compress(bytes(64 << 20))
    chunk = struct.pack(">I", len(bomb)) + b"iCCP" + bomb
    chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
    with pytest.raises(Unscrubbable):
        png(plain[:33] + chunk + plain[33:], IDENTITY)


def test_a_tiff_whose_entries_all_claim_the_whole_file_is_refused() -> None:
    entries = b"".join(struct.pack("<HHII", 33432 - n, 7, 1 << 20, 8) for n in range(3))
    entries += b"".join(struct.pack("<HHII", 273, 4, 200_000, 8) for _ in range(40))
    directory = struct.pack("<H", 43) + entries + bytes(4)
    content = b"II*\0" + struct.pack("<I", 1 << 20) + bytes((1 << 20) - 8) + directory
    with pytest.raises(Unscrubbable):
        tiff(content, IDENTITY)


def test_a_raw_photo_is_refused_with_a_reason() -> None:
    below = struct.pack("<HHHII", 1, 330, 4, 1, 8) + bytes(4)  # what raw photos hang the photo on
    for content in (b"MM\0+" + bytes(200), b"II*\0\x08\0\0\0" + below):
        with pytest.raises(Unscrubbable, match="TIFF"):
            tiff(content, IDENTITY)
