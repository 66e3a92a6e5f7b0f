"""What real mail programs write, each as one file in tests/messages."""

from __future__ import annotations

import html
import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import pytest
from masks import DANA, GUEST, PEER, a_view, opened

from relay.masking.gate import residual
from relay.masking.identity import gather
from relay.masking.mask import Masked, mask

FOLDER = Path(__file__).parents[2] / "messages"
MAILS = sorted(FOLDER.glob("*.eml"))
TELLING = ("brown", "corp.test", "ws-7", "10.1.2.3", "home.test", "harbour@", "ci3", "autocrypt")


def masked(path: Path) -> Masked:
    raw = re.sub(rb"\r?\n", b"\r\n", path.read_bytes())
    hidden = gather(
        raw,
        "ws-7.lan.corp.test",
        "192.0.2.7",
        DANA.addresses,
        ["Dana Brown"],
        ours="peers.example.test",
    )
    return mask(raw, a_view(hidden=hidden, swapped={PEER: "peer-alex@peers.example.test"}))


def readings(message: EmailMessage) -> str:
    """All that a program shows of it and most of what it does not, decoded."""
    found = [f"{name}: {value}" for name, value in message.items()]
    for part in message.walk():
        found += [f"{name}: {value}" for name, value in part.items()]
        if part.get_content_maintype() == "text":
            text = str(part.get_content())
            found += [text, unquote(html.unescape(text)), re.sub(r"<[^>]*>", "", text)]
        elif not part.is_multipart():
            found.append(bytes(part.get_payload(decode=True) or b"").decode("latin-1"))
    return "\n".join(found).lower()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_nothing_of_the_author_is_left(path: Path) -> None:
    content = masked(path).content
    text = readings(opened(content))
    assert [word for word in TELLING if word in text] == []
    assert residual(content, a_view().hidden, [PEER]) == ()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_what_was_said_is_still_there(path: Path) -> None:
    before, after = readings(opened(path.read_bytes())), readings(opened(masked(path).content))
    assert "lighthouse" in after
    assert ("<b>lighthouse</b>" in before) == ("<b>lighthouse</b>" in after)


def test_each_mail_program_is_answered_with_its_own_words() -> None:
    shown = {path.stem: readings(opened(masked(path).content)) for path in MAILS}
    guest = GUEST.lower()
    wanted = {
        "GMAIL-ANSWERS-WITH-QUOTE": [f"dana <{guest}> wrote:", f"dana <{guest}> schrieb am", "☺"],
        "OUTLOOK-ANSWERS-WITH-SAFELINKS": [
            "https://docs.example.org/lighthouse", "schöne grüße", f"from: dana <{guest}>", "cc: team, harbour",
        ],
        "APPLE-MAIL-GERMAN-WITH-PICTURE": ["grüße", f"schrieb dana <{guest}>:", "re: fräge zum leuchtturm"],
        "THUNDERBIRD-FRENCH-FLOWED": [f"écrivez-moi aussi à {guest} si besoin", "dana a écrit :"],
        "YAHOO-HTML-ONLY": [f"dana <{guest}> wrote:"],
        "MUTT-ISO-2022-JP": ["こんにちは", "dana wrote:", f"dana <{guest}>:"],
        "NOTES-FORWARDS-INLINE": ["forwarded by dana/corp on", "see you"],
        "EXCHANGE-INVITES": ["method:request", f"mailto:{guest}", "summary"],
        "PGP-SIGNED-WITH-KEY": ["openpgp_0xabcd.asc was left out"],
        "WEBMAIL-HIDDEN-PREHEADER-AND-TRACKER": [f"or write to {guest}", "https://www.example.org/?ref="],
        "OUTLOOK-WEB-SPANISH": [f"también en <a href=\"mailto:{guest}\"", f"de: dana &lt;{guest}&gt;", "https://www.example.org/"],
        "OUTLOOK-PHONE-ITALIAN": [f"da: dana <{guest}>", "scarica outlook per ios", "è perfetto"],
        "APPLE-PHONE-DUTCH": [f"heeft dana <{guest}> het volgende geschreven:", "prima!"],
        "K9-POLISH": [f"dana <{guest}> napisał(a):", "w południe", "wysłane za pomocą k-9"],
        "PROTON-PORTUGUESE": [f"às 09:00, dana <{guest}> escreveu:", "até já", "https://proton.me/"],
        "THUNDERBIRD-RUSSIAN-KOI8": ["маяк", f"или пишите: {guest}", "dana пишет:"],
        "MIMECAST-FOOTER-AND-LINKS": ["https://docs.example.org/", "the map: [a link that only", f"this mail from {guest}"],
        "PHONE-TOP-POST": ["sent from my iphone", f"dana <{guest}> wrote:"],
    }  # fmt: skip
    assert set(wanted) == set(shown)
    missing = [
        (name, one) for name, all_ in wanted.items() for one in all_ if one not in shown[name]
    ]
    assert missing == []


def test_a_picture_stays_where_it_was_shown() -> None:
    message = opened(masked(FOLDER / "APPLE-MAIL-GERMAN-WITH-PICTURE.eml").content)
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    page = next(part for part in message.walk() if part.get_content_type() == "text/html")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page.get_content()
