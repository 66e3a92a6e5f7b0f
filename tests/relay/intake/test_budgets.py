"""Floods wait, and nobody waits for somebody else's flood."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from mails import key_record, raw_mail, signed
from town import PEER, Town, a_town

from storage.database import Database

SAM_PEER = "peer-sam@peers.example.test"
LIMIT = 3


@contextlib.contextmanager
def a_town_with(database: Database, folder: Path, **limits: int) -> Iterator[Town]:
    chosen = {f"limits__{name}": most for name, most in limits.items()}
    with a_town(database, folder, **chosen) as town:
        for domain in ("mailer.test", "studio.test"):
            town.answers[f"s1._domainkey.{domain}", "TXT"] = (key_record(),)
        yield town


def proven(town: Town, author: str, to: str, client: str) -> int:
    """The answer to one more mail, signed by its author's domain."""
    domain = author.rpartition("@")[2]
    raw = raw_mail(
        From=author,
        To=to,
        body=f"{town.random.random()}\r\n",
        Message_ID=f"<{town.random.random()}@x>",
    )
    return town.hand_in(author, to, signed(raw, domain), client=client).code


@pytest.mark.parametrize(
    ("limit", "like", "unlike"),
    [
        (
            "domain",
            ("kim@mailer.test", SAM_PEER, "192.0.2.2"),
            ("kim@studio.test", PEER, "192.0.2.1"),
        ),
        (
            "network",
            ("kim@studio.test", SAM_PEER, "192.0.2.1"),
            ("lee@mailer.test", PEER, "192.0.2.2"),
        ),
        (
            "recipient",
            ("kim@studio.test", f"{PEER.replace('@', '+pycon@')}", "192.0.2.2"),
            ("lee@mailer.test", SAM_PEER, "192.0.2.1"),
        ),
    ],
)
def test_a_flood_is_put_off_and_others_are_not(
    sqlite_database: Database,
    tmp_path: Path,
    limit: str,
    like: tuple[str, str, str],
    unlike: tuple[str, str, str],
) -> None:
    with a_town_with(sqlite_database, tmp_path, **{limit: LIMIT}) as town:
        flood = [proven(town, f"f{n}@mailer.test", PEER, "192.0.2.1") for n in range(LIMIT + 1)]
        assert flood == [250] * LIMIT + [451]
        assert proven(town, *like) == 451
        assert proven(town, *unlike) == 250
