from __future__ import annotations

from datetime import UTC, datetime

import pytest
from configs import some_settings

from relay.preview import preview
from storage.records.people import Side

NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)
MAIL = b"""From: "Keller, Dana" <dana@mailer.example>\r
To: alex@corp.example\r
Subject: Your talk\r
Date: Mon, 16 Nov 2026 10:00:00 +0000\r
Message-ID: <1@mailer.example>\r
\r
Write to dana@mailer.example.\r
"""


@pytest.mark.parametrize("author", Side)
def test_a_plain_mail_of_either_side_can_be_masked_whole(author: Side) -> None:
    seen = preview(MAIL, author, some_settings(), NOW)
    assert (seen.still, seen.typed) == ((), 1)
    assert b"dana@mailer.example" not in seen.content
    assert b"Keller" not in seen.content
