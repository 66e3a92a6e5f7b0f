"""preview, block, export, rekey: through the console script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mails import raw_mail
from world import ALEX, DOMAIN, World, a_world, marker

DANA = "dana@mailer.test"
PEER = f"peer-alex@{DOMAIN}"


@pytest.fixture
def world(tmp_path: Path):
    with a_world(tmp_path) as made:
        yield made


def test_preview_shows_what_the_other_side_would_see_and_what_was_removed(world: World) -> None:
    mail = raw_mail(
        "X-Originating-IP: [10.2.3.4]",
        From=f"Dana Keller <{DANA}>",
        body=f"Write to {DANA}.\r\n",
    )
    (world.folder / "mail.eml").write_bytes(mail)
    shown = world.do("preview", "mail.eml", "--as", "candidate")
    assert DANA not in shown
    assert "10.2.3.4" not in shown
    assert "From: Dana <guest-" in shown
    assert "Removed" in shown


def test_preview_says_why_a_mail_would_be_refused(world: World) -> None:
    (world.folder / "mail.eml").write_bytes(b"no header at all\r\n")
    done = world.run("preview", "mail.eml", "--as", "ambassador")
    assert (done.returncode, "refused" in done.stderr) == (1, True)


@pytest.mark.parametrize("whom", [DANA, "mailer.test"])
def test_who_is_blocked_is_refused_until_unblocked(world: World, whom: str) -> None:
    world.start()
    world.do("block", whom)
    assert world.send(DANA, PEER)[0] == 550
    world.do("unblock", whom)
    word = marker()
    assert world.send(DANA, PEER, f"{word}\r\n")[0] == 250
    world.arrived(ALEX, word)


def test_export_gives_a_person_all_that_is_stored_about_them(world: World) -> None:
    world.start()
    word = marker()
    world.send(f"Dana Keller <{DANA}>", PEER, f"{word}\r\n")
    world.arrived(ALEX, word)
    stored = json.loads(world.do("export", DANA))
    assert (stored["address"], stored["name"]) == (DANA, "Dana Keller")
    assert [one["ambassador"] for one in stored["conversations"]] == ["alex"]
    assert [one["ambassador"] for one in stored["referrals"]] == ["alex"]
    assert "on its way" in world.do("export", DANA, "--mail")
    (file,) = world.arrived(DANA, "stored about you").message.iter_attachments()
    assert json.loads(file.get_content()) == stored
    world.do("forget", DANA)
    assert json.loads(world.do("export", DANA)) == {"referrals": stored["referrals"]}
    done = world.run("export", DANA, "--mail")
    assert (done.returncode, "nothing is sent" in done.stderr) == (1, True)


def test_a_new_key_is_made_while_mail_flows(world: World) -> None:
    world.start()
    word, answer = marker(), marker()
    world.send(DANA, PEER, f"{word}\r\n")
    first = world.arrived(ALEX, word)
    world.do("rekey")
    assert world.send(ALEX, first.answers_to, f"{answer}\r\n")[0] == 250
    world.arrived(DANA, answer)


def test_nothing_on_disk_shows_an_address_a_name_or_a_word(world: World) -> None:
    world.settings["delivery.retry_after"] = "1h"
    world.smarthost.answers["RCPT"] = b"450 4.2.1 not yet\r\n"
    world.start()
    word = marker()
    code, _ = world.send(
        f"Dana Keller <{DANA}>", PEER, f"{word}\r\n" * 4000, Subject=f"about {word}"
    )
    assert code == 250
    world.stop()
    for path in world.folder.rglob("*"):
        if path.is_file() and path.name != "peerpost.toml":
            content = path.read_bytes().lower()
            for secret in (DANA, "mailer.test", "keller", ALEX, word):
                assert secret.encode() not in content, f"{secret} in {path.name}"
