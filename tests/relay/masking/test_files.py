from __future__ import annotations

import base64
import binascii
from email.message import EmailMessage

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from masks import GUEST, NOW, OWN, PEER, a_mail, a_view, opened, shown

from relay.masking import parameters
from relay.masking.cloak import Cloak
from relay.masking.files import shown_name
from relay.masking.mask import Masked, Unmaskable, mask
from screening.addresses import Mailbox

NOISE = bytes(range(256)) * 3


def with_files(*files: str, text: str = "See the file.\n") -> bytes:
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{text}", *files]
    return a_mail(
        "".join(f"--b\n{part}\n" for part in parts) + "--b--\n", kind="multipart/mixed; boundary=b"
    )


def a_file(content: bytes, kind: str = "application/octet-stream", name: str = "x.bin") -> str:
    coded = base64.encodebytes(content).decode()
    return (
        f"Content-Type: {kind}; name={name}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment; filename={name}\n\n{coded}"
    )


def files(masked: Masked) -> list[EmailMessage]:
    return [part for part in opened(masked.content).walk() if part.get_filename()]


def test_a_file_that_tells_nothing_arrives_byte_for_byte() -> None:
    masked = mask(
        with_files(a_file(NOISE), a_file(b"a;b\r\n1;2\r\n", "text/csv", "t.csv")), a_view()
    )
    assert [part.get_payload(decode=True) for part in files(masked)] == [NOISE, b"a;b\r\n1;2\r\n"]
    assert [part.get_filename() for part in files(masked)] == ["x.bin", "t.csv"]
    assert masked.removed == ()


def test_a_file_that_cannot_be_cleaned_is_left_out_and_named_in_both_texts() -> None:
    page = "Content-Type: text/html\n\n<html><body><p>See the file.</p></body></html>"
    masked = mask(with_files(page, a_file(b"\0\1" + OWN.encode(), name="a.dat")), a_view())
    message = opened(masked.content)
    assert masked.left_out == ("a.dat",)
    texts = [
        str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"
    ]
    assert len(texts) == 2
    assert all(
        "The file a.dat was left out: it shows its sender's address" in text for text in texts
    )
    assert texts[1].rstrip().endswith("</p></body></html>")


def test_where_there_is_no_text_one_is_made() -> None:
    raw = a_mail(
        base64.b64encode(b"\0" + OWN.encode()).decode(),
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment; filename=a.dat",
        kind="application/octet-stream",
    )
    assert "[The file a.dat was left out: " in shown(mask(raw, a_view()).content)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cv.pdf", "cv.pdf"),
        ("CV Dana Brown.pdf", "CV Dana Brown.pdf"),
        (f"größe {OWN}.bin", "größe Dana.bin"),
        ("dana.brown.txt", "Dana.txt"),
        ("C:\\Users\\dana\\a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("ws-7.lan.corp.test.log", "Dana.log"),
        ("a\r\nb\u202etxt.exe", "a b txt.exe"),
        ("x" * 300 + ".pdf", "x" * 138 + ".pdf"),
        ("=?utf-8?q?a?=", "=_utf-8_q_a_="),
    ],
)
def test_a_file_name_tells_nothing_and_leads_nowhere(name: str, told: str) -> None:
    assert shown_name(name, Cloak(a_view())) == told


def test_what_a_signature_covers_is_carried_and_the_signature_is_not() -> None:
    body = f"--b\n\nHello {OWN}\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n"
    masked = mask(a_mail(body, kind='multipart/signed; protocol="x"; boundary=b'), a_view())
    assert opened(masked.content).get_content_type() == "text/plain"
    assert shown(masked.content).strip() == f"Hello {GUEST}"


def a_signed(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.EMAIL_ADDRESS, OWN)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW)
    certificate = builder.sign(key, hashes.SHA256())
    signer = pkcs7.PKCS7SignatureBuilder().set_data(content)
    return signer.add_signer(certificate, key, hashes.SHA256()).sign(serialization.Encoding.DER, [])


def test_what_is_wrapped_in_its_signature_is_unwrapped() -> None:
    wrapped = a_signed(f"Content-Type: text/plain\r\n\r\nHello {OWN}\r\n".encode())
    raw = a_mail(
        base64.encodebytes(wrapped).decode(),
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="smime.p7m"',
        kind="application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
    )
    assert shown(mask(raw, a_view()).content).strip() == f"Hello {GUEST}"


@pytest.mark.parametrize("content", [b"", b"\x30\x80\x06\x09", b"\x30" * 40])
def test_a_wrapping_that_cannot_be_opened_is_refused(content: bytes) -> None:
    raw = a_mail(
        base64.encodebytes(content).decode(),
        "Content-Transfer-Encoding: base64",
        kind="application/pkcs7-mime",
    )
    with pytest.raises(Unmaskable, match="encrypted"):
        mask(raw, a_view())


def test_a_clear_signed_text_is_carried_without_its_armour() -> None:
    text = (
        "Hi\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -- \n- From me\nbody\n"
        f"-----BEGIN PGP SIGNATURE-----\nComment: {OWN}\n\nxx\n-----END PGP SIGNATURE-----\nbye\n"
    )
    lines = shown(mask(a_mail(text), a_view()).content).splitlines()
    assert lines == ["Hi", "-- ", "From me", "body", "", "bye"]


def test_a_key_is_taken_out_of_a_text_and_left_out_as_a_file() -> None:
    key = f"-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: {OWN}\n\nxsBN\n-----END PGP PUBLIC KEY BLOCK-----\n"
    masked = mask(
        with_files(a_file(key.encode(), "application/pgp-keys", "k.asc"), text=f"a\n{key}b\n"),
        a_view(),
    )
    assert masked.left_out == ("k.asc",)
    assert "BEGIN" not in shown(masked.content)
    assert "k.asc was left out: it is a key" in shown(masked.content)


def test_a_uuencoded_file_in_a_text_becomes_an_attachment() -> None:
    lines = "".join(
        binascii.b2a_uu(NOISE[at : at + 45]).decode() for at in range(0, len(NOISE), 45)
    )
    masked = mask(a_mail(f"See:\nbegin 644 a.dat\n{lines}`\nend\nbye\n"), a_view())
    assert shown(masked.content).split() == ["See:", "bye"]
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in files(masked)] == [
        ("a.dat", NOISE)
    ]


def test_a_mask_that_the_reader_must_not_see_is_swapped_everywhere() -> None:
    view = a_view(swapped={PEER: "peer-alex@peers.example.test"})
    token = PEER.partition("@")[0]
    masked = mask(
        with_files(
            a_file(PEER.encode(), "text/plain", "a.txt"), text=f"to {PEER.upper()} or {token}\n"
        ),
        view,
    )
    assert "zzzzzzzzzz" not in masked.content.decode().lower()
    assert shown(masked.content).split() == [
        "to",
        "peer-alex@peers.example.test",
        "or",
        "peer-alex",
    ]
    assert files(masked)[0].get_content().strip() == "peer-alex@peers.example.test"


def test_commands_are_cut_from_the_text() -> None:
    raw = a_mail("/later 3d\n/share  \nHello\n> /later 3d\n")
    masked = mask(raw, a_view(cut=("/later 3d", "/share")))
    assert shown(masked.content).split("\n")[:2] in (
        ["Hello", "> /later 3d"],
        ["Hello\r", "> /later 3d\r"],
    )


def test_a_message_for_a_reader_beyond_ascii_needs_smtputf8() -> None:
    masked = mask(a_mail(), a_view(reader=Mailbox("älex@firm.example", "Alex")))
    assert masked.smtputf8
    assert "To: Alex <älex@firm.example>\r\n".encode() in masked.content
    assert not mask(a_mail(), a_view()).smtputf8


def test_every_line_of_a_masked_message_ends_as_lines_end() -> None:
    content = mask(with_files(a_file(NOISE), text="a\nb\n"), a_view()).content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")


def test_what_is_labelled_a_message_is_cleaned_as_one() -> None:
    inner = f"X-Anything: ws-7.lan.corp.test\nContent-Type: text/plain\n\nHello {OWN}\n"
    part = f"Content-Type: message/rfc822\n\n{inner}"
    masked = mask(with_files(part), a_view())
    message = next(
        p for p in opened(masked.content).walk() if p.get_content_type() == "message/rfc822"
    )
    assert message["Content-Transfer-Encoding"] in ("7bit", "8bit")
    assert b"corp.test" not in masked.content
    assert b"Hello" in masked.content


def test_a_name_with_half_a_character_is_written_without_it() -> None:
    assert parameters.written("filename", "plan.p\udceeg") == ";\r\n filename*=utf-8''plan.p%3Fg"
