"""One message of our own, read, judged and masked: what mail needs is loaded then."""

from __future__ import annotations

import codecs

from config.settings import Settings
from relay.foundation import open_house, utc_now
from relay.preview import preview
from screening.authentication import authenticate
from screening.case import Addressee, Case
from screening.decoding import TEXT_CODECS
from screening.message import Envelope, read
from screening.screen import screen
from storage.records.people import Side

_MESSAGE = b"""From: Dana <dana@example.org>
To: alex@example.org
Subject: =?utf-8?q?hello?=
Message-ID: <1@example.org>
Content-Type: multipart/mixed; boundary=next

--next
Content-Type: text/html; charset=utf-8

<p>How do you test it? Mine is at https://example.org/dana, dana@example.org.</p>
--next
Content-Type: application/pdf
Content-Disposition: attachment; filename=cv.pdf

%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF
--next--
""".replace(b"\n", b"\r\n")


def rehearse(settings: Settings) -> None:
    """Nothing is written or sent, and no name looked up.

    For a process that is about to become another user, who may not see where it all lies.
    """
    # All are imported when they are needed, and character sets and what reads a PDF are.
    import holidays  # noqa: F401

    import relay.reports.due  # noqa: F401
    from relay.threads.invitation import invitation

    for name in TEXT_CODECS:
        codecs.lookup(name)
    open_house(settings)
    alex, dana, now = ("alex@example.org", "Alex"), ("dana@example.org", "Dana"), utc_now()
    invitation("1@example.org", now, alex, dana, settings.relay.company, now)
    message = read(_MESSAGE)
    envelope = Envelope("dana@example.org", ("alex@example.org",), "localhost", "127.0.0.1")
    proof = authenticate(envelope, _MESSAGE, message.author.address, lambda name, kind: ())
    screen(Case(message, envelope, proof, addressee=Addressee("Alex", (), "alex@example.org")))
    screen(Case(message, envelope, proof, require_auth=False))
    preview(_MESSAGE, Side.CANDIDATE, settings, now)
