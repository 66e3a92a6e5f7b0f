"""Recordings: the sound and the film stay, what stands beside them goes or keeps them back."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,))
PLACE = b"+52.5200+013.4050/"
FRAMES = b"\xff\xfb\x90\x44" + bytes(range(1, 200)) * 3


def a_box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def a_film(*of_track: bytes) -> bytes:
    times = b"\0\0\0\0" + struct.pack(">II", 3_800_000_000, 3_800_000_001) + bytes(88)
    track = a_box(b"trak", a_box(b"tkhd", times), a_box(b"udta", ME.encode()), *of_track)
    notes = a_box(b"udta", a_box(b"\xa9xyz", PLACE))
    return b"".join(
        [
            a_box(b"ftyp", b"isom\0\0\0\0isom"),
            a_box(b"moov", a_box(b"mvhd", times), track, notes),
            a_box(b"uuid", ME.encode()),
            a_box(b"mdat", b"\1\2\3" * 99),
        ]
    )


def a_wave() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(range(200)))
    info = b"LIST" + struct.pack("<I", 4 + 8 + len(ME)) + b"INFOIART" + struct.pack("<I", len(ME))
    content = out.getvalue() + info + ME.encode()
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:]


def a_flac() -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        return bytes((kind,)) + len(body).to_bytes(3, "big") + body

    return (
        b"fLaC"
        + block(0, bytes(34))
        + block(4, ME.encode())
        + block(0x86, PLACE)
        + b"\xff\xf8frames"
    )


def an_mp3() -> bytes:
    tag = b"ID3\4\0\0" + bytes((0, 0, 0, len(ME))) + ME.encode()
    return tag + tag + FRAMES + b"APETAGEX" + ME.encode() + b"TAG" + ME.encode().ljust(125)


def test_a_film_keeps_its_pictures_in_place_and_forgets_where_and_when() -> None:
    content = a_film()
    cleaned = scrub(content, IDENTITY)
    assert len(cleaned) == len(content)
    assert cleaned[content.index(b"mdat") :] == content[content.index(b"mdat") :]
    assert PLACE not in cleaned
    assert ME.encode() not in cleaned
    assert struct.pack(">I", 3_800_000_000) not in cleaned


def test_a_film_with_a_track_of_positions_is_kept_back() -> None:
    description = a_box(b"stsd", bytes(8), a_box(b"gpmd", bytes(8)))
    track = a_box(b"mdia", a_box(b"minf", a_box(b"stbl", description)))
    with pytest.raises(Unscrubbable, match="where it was made"):
        scrub(a_film(track), IDENTITY)


def test_sound_keeps_its_frames_and_loses_its_tags() -> None:
    assert scrub(an_mp3(), IDENTITY) == FRAMES
    assert scrub(a_flac(), IDENTITY) == b"fLaC\x80\0\0\x22" + bytes(34) + b"\xff\xf8frames"
    cleaned = scrub(a_wave(), IDENTITY)
    assert ME.encode() not in cleaned
    with wave.open(io.BytesIO(cleaned)) as file:
        assert file.readframes(999) == bytes(range(200))


@pytest.mark.parametrize("content", [b"OggS" + bytes(90), b"\x1a\x45\xdf\xa3" + bytes(90)])
def test_other_recordings_are_refused_with_a_way_out(content: bytes) -> None:
    with pytest.raises(Unscrubbable) as refusal:
        scrub(content, IDENTITY)
    assert refusal.value.advice == "send it as MP3, MP4 or WAV"


@given(st.sampled_from([a_film(), a_wave(), a_flac(), an_mp3()]), st.data())
@settings(max_examples=150, deadline=None)
def test_broken_recordings_raise_nothing_else(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 5))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        cleaned = scrub(bytes(broken), IDENTITY)
    except Unscrubbable:
        return
    assert ME.encode() not in cleaned
