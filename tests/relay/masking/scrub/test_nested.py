"""Messages within messages."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage

import pytest
from pictures import a_photo, exif_of, opened, pixels, saved

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
HOST = "ws-7.lan.private.test"
IDENTITY = Identity((ME,), hosts=(HOST,), surnames=("Keller",))
MASK = "guest-abcdefghij234567abcd@peers.test"


def a_message(text: str = "Hello", **fields: str) -> EmailMessage:
    message = EmailMessage()
    usual = {
        "Received": f"from {HOST} by mx.private.test; Tue, 3 Nov 2026 09:00:00 +0100",
        "From": f"Dana Keller <{ME}>",
        "To": "Sam <sam@other.test>, Bo <bo@private.test>",
        "Subject": "Größe",
        "Date": "Tue, 03 Nov 2026 09:00:00 +0100",
        "Message-ID": f"<1@{HOST}>",
        "X-Mailer": f"Notes on {HOST}",
    }
    for name, value in (usual | fields).items():
        message[name] = value
    message.set_content(text)
    return message


def cleaned(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(scrub(message.as_bytes(), IDENTITY, MASK), policy=message.policy)


def test_the_header_keeps_what_tells_nothing() -> None:
    found = cleaned(a_message())
    assert dict(found.items()) == {
        "From": MASK,
        "To": "Sam <sam@other.test>",
        "Subject": "Größe",
        "Date": "Tue, 03 Nov 2026 08:00:00 +0000",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
    }


def test_the_text_is_masked_and_kept() -> None:
    found = cleaned(a_message(f"Grüße,\nwrite to {ME}, or to bo@private.test\n"))
    assert (
        found.get_content().replace("\r\n", "\n")
        == f"Grüße,\nwrite to {MASK}, or to bo@private.test\n"
    )


def test_files_and_pictures_in_it_are_cleaned_and_still_shown() -> None:
    photo = saved(a_photo(), "JPEG", exif=exif_of(ME))
    message = a_message()
    message.add_alternative('<p>Hello <img src="cid:part1@ws-7.lan.private.test">', subtype="html")
    html = message.get_payload()[1]
    html.add_related(photo, "image", "jpeg", cid=f"<part1@{HOST}>")
    message.add_attachment(f"{ME}\n".encode(), "text", "csv", filename=f"{ME}.csv")
    found = cleaned(message)
    parts = {part.get_content_type(): part for part in found.walk()}
    picture = parts["image/jpeg"]
    assert pixels(picture.get_payload(decode=True)) == pixels(photo)
    assert dict(opened(picture.get_payload(decode=True)).getexif()) == {0x0112: 6}
    assert f"cid:{picture['Content-ID'].strip('<>')}" in parts["text/html"].get_content()
    assert parts["text/csv"].get_filename() == "removed.csv"
    assert b"private" not in found.as_bytes()


def test_messages_in_messages_are_cleaned_too() -> None:
    outer = a_message()
    outer.add_attachment(a_message(f"inner {ME}"))
    found = cleaned(outer)
    assert b"inner" in found.as_bytes()
    assert b"private" not in found.as_bytes()


def test_signatures_go_and_what_is_encrypted_is_refused() -> None:
    signed = a_message()
    signed.add_attachment(b"-----BEGIN PGP SIGNATURE-----", "application", "pgp-signature")
    assert "signature" not in cleaned(signed).as_string()
    sealed = a_message()
    sealed.add_attachment(b"x", "application", "pgp-encrypted")
    with pytest.raises(Unscrubbable, match="encrypted"):
        cleaned(sealed)


def test_a_mailbox_of_many_messages_is_refused() -> None:
    one = b"From x Mon Nov 2\n" + a_message().as_bytes()
    assert b"private" not in scrub(one, IDENTITY, MASK)
    with pytest.raises(Unscrubbable, match="a mailbox"):
        scrub(one + b"\n" + one, IDENTITY)


@pytest.mark.parametrize(
    "tail",
    [
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 1200,
        b"Content-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: text/plain\n\nx\n" * 600,
    ],
)
def test_endless_parts_are_refused(tail: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(b"From: a@b.test\nTo: c@d.test\nSubject: x\n" + tail, IDENTITY)
