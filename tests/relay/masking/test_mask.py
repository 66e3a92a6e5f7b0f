from __future__ import annotations

import pytest
from masks import ALEX, GUEST, OWN, a_mail, a_view, opened, shown

from relay.masking.gate import residual
from relay.masking.mask import Unmaskable, mask


def test_the_header_is_ours() -> None:
    raw = a_mail("Hello\n", "X-Mailer: Notes on ws-7.lan.corp.test", f"Sender: {OWN}")
    message = opened(mask(raw, a_view(trace="0a1b2c3d")).content)
    assert dict(message.items()) == {
        "From": f"Dana <{GUEST}>",
        "Reply-To": f"Dana <{GUEST}>",
        "To": f"Alex <{ALEX}>",
        "Subject": "A question",
        "Date": "Tue, 05 Mar 2024 09:30:00 +0000",
        "Message-ID": "<new.0123456789abcdef@peers.example.test>",
        "Peerpost-Trace": "0a1b2c3d",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
    }


def test_an_own_address_in_text_becomes_the_mask_and_is_reported() -> None:
    masked = mask(a_mail(f"Write to {OWN}, or call +49 30 1234.\n"), a_view())
    assert shown(masked.content).strip() == f"Write to {GUEST}, or call +49 30 1234."
    assert masked.typed == (OWN,)
    assert not residual(masked.content, a_view().hidden, [])


def test_what_stands_in_a_quotation_or_a_signature_is_masked_but_nobody_typed_it() -> None:
    masked = mask(a_mail(f"Hello\n\n> {OWN} wrote\n\n-- \nDana\n{OWN}\n"), a_view())
    assert OWN not in shown(masked.content)
    assert masked.typed == ()


def test_a_typed_address_may_be_allowed() -> None:
    view = a_view(allow_typed=True)
    content = mask(a_mail(f"Write to {OWN}\n\n-- \n{OWN}\n"), view).content
    assert shown(content).splitlines() == [f"Write to {OWN}", "", "-- ", GUEST]
    assert residual(content, view.hidden, [])
    view = a_view(allow_typed=True)
    content = mask(a_mail(f"Write to {OWN}\n"), view).content
    assert not residual(content, view.hidden, [], typed=[OWN])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ('multipart/encrypted; boundary="b"', "--b\n\nVersion: 1\n--b\n\nx\n--b--\n"),
        ("text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n"),
    ],
)
def test_what_nobody_can_check_is_not_carried(kind: str, body: str) -> None:
    with pytest.raises(Unmaskable, match="encrypt"):
        mask(a_mail(body, kind=kind), a_view())
