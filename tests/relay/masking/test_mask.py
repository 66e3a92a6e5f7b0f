from __future__ import annotations

import base64

import pytest
from masks import ALEX, DOMAIN, GUEST, OWN, PEER, a_mail, a_view, opened, shown

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


TOKEN = PEER.partition("@")[0].rpartition(".")[2]


@pytest.mark.parametrize(
    "spelled",
    [
        TOKEN,
        TOKEN.upper(),
        f"x{PEER}y",
        PEER.replace("+t.", "_t_"),
        PEER.replace("+", "%2B"),
        PEER.partition("@")[0],
        f"bounce-{PEER.replace('@', '=')}@x.example",
        f"{TOKEN[:9]}\n{TOKEN[9:]}",
    ],
)
@pytest.mark.parametrize("where", ["text", "subject", "file"])
def test_a_token_of_the_other_side_is_hidden_whatever_is_left_around_it(
    spelled: str, where: str
) -> None:
    view = a_view(swapped={PEER: f"peer-alex@{DOMAIN}"})
    line = spelled.replace("\n", "")
    raw = {
        "text": a_mail(f"lighthouse {spelled} end\n"),
        "subject": a_mail("x\n", f"Subject: lighthouse {line} end"),
        "file": a_mail(f"lighthouse {line}", "Content-Disposition: attachment; filename=a.txt"),
    }[where]
    masked = mask(raw, view)
    message = opened(masked.content)
    body = bytes(message.get_payload(decode=True) or b"").decode()
    said = f"{message['Subject']} {body}"
    assert "lighthouse" in said
    assert TOKEN not in "".join(said.lower().split())
    assert residual(masked.content, view.hidden, [PEER]) == ()


@pytest.mark.parametrize("ending", ["=", "==", ""])
def test_blocks_of_base64_one_after_the_other_are_read_and_carried(ending: str) -> None:
    coded = base64.b64encode(b"nothing to see here, move along, and on, and on, please" * 2)
    block = coded.decode().rstrip("=")[:-3] + ending
    own = base64.b64encode(f"so write to {OWN} if you like, or do not".encode()).decode()
    said = shown(mask(a_mail(f"{block}\n{own}\n{block}\nend\n"), a_view()).content)
    assert own[20:40] not in said
    assert said.rstrip().endswith("end")
    assert shown(mask(a_mail(f"{block}\n{block}\n"), a_view()).content).split() == [block, block]
