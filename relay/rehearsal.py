"""One message of our own, read, judged and masked: what the first mail needs is loaded then."""

from __future__ import annotations

from config.settings import Settings
from relay.foundation import open_house, utc_now
from relay.preview import preview
from screening.authentication import authenticate
from screening.case import Addressee, Case
from screening.message import Envelope, read
from screening.screen import screen
from storage.records.people import Side

_MESSAGE = (
    b"From: Dana <dana@example.org>\r\nTo: alex@example.org\r\nSubject: =?utf-8?q?hello?=\r\n"
    b"Message-ID: <1@example.org>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>How do you test it? Mine is at https://example.org/dana, dana@example.org.</p>\r\n"
)


def rehearse(settings: Settings) -> None:
    """Nothing is written or sent, and no name looked up.

    For a process that is about to become another user, who may not see where it all lies.
    """
    open_house(settings)
    message = read(_MESSAGE)
    envelope = Envelope("dana@example.org", ("alex@example.org",), "localhost", "127.0.0.1")
    proof = authenticate(envelope, _MESSAGE, message.author.address, lambda name, kind: ())
    screen(Case(message, envelope, proof, addressee=Addressee("Alex", (), "alex@example.org")))
    screen(Case(message, envelope, proof, require_auth=False))
    preview(_MESSAGE, Side.CANDIDATE, settings, utc_now())
