"""Messages within messages."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage

import pytest
from documents import a_zip, unzipped
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


TRACKER = "<p>lighthouse <img src='https://track.example/x.gif'><b style='background:url(//track.example/y)'>x</b>"


def a_page(**fields: str) -> bytes:
    """A message with nothing but what the fields say, and a page that tells who reads it."""
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{head}Content-Type: text/html\r\n\r\n{TRACKER}{ME}".encode()


@pytest.mark.parametrize(
    "wrapped",
    [
        b"",
        b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n",
        b"Subject: x\r\nContent-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\n",
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        b"--a\r\nContent-Type: message/rfc822\r\n\r\n",
    ],
)
def test_pages_in_messages_fetch_nothing_at_any_depth(wrapped: bytes) -> None:
    content = wrapped + a_page(Subject="y", X_Sender=ME, Organization="Private")
    found = scrub(content, IDENTITY, MASK, content_type="message/rfc822")
    assert b"lighthouse" in found
    for gone in (b"track", b"private.test", b"X-Sender", b"Organization"):
        assert gone not in found
    assert MASK.encode() in found


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream"])
def test_an_attached_page_fetches_nothing_and_keeps_its_charset(content_type: str) -> None:
    page = f"<html><head><meta charset='iso-8859-1'></head><p>größe {TRACKER}{ME}<script>x</script>"
    found = scrub(page.encode("latin-1"), IDENTITY, MASK, content_type=content_type)
    assert found.startswith(
        b'<html><head><meta charset="iso-8859-1"></head><p>gr\xf6\xdfe <p>light'
    )
    for gone in (b"track", b"private", b"script"):
        assert gone not in found


def test_a_text_that_begins_with_a_tag_is_a_page_if_it_says_so() -> None:
    assert b"track" not in scrub(TRACKER.encode(), IDENTITY, content_type="text/html")
    assert scrub(TRACKER.encode(), IDENTITY) == TRACKER.encode()


def test_messages_in_an_archive_are_cleaned_as_well() -> None:
    content = a_page(From=ME, To="a@b.test", Subject="y", Message_ID=f"<1@{HOST}>")
    (found,) = unzipped(scrub(a_zip({"a.eml": content}), IDENTITY, MASK)).values()
    assert b"lighthouse" in found
    assert b"track" not in found
    assert b"private" not in found
