"""Whoever receives our mail can prove that it is ours, with the records that the doctor prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from letters import rsa_pem
from rspamd import HOST, Rspamd, is_installed, rspamd
from world import ALEX, DOMAIN, Mailbox, World, a_world, marker

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs rspamd: apt-get install rspamd")

PEER = f"peer-alex@{DOMAIN}"
CASEY = "casey@mailer.test"
OURS, STRANGERS = "192.0.2.7", "192.0.2.8"  # the smarthost's address, and somebody else's
PASSED = {"R_SPF_ALLOW", "R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"}


def published(world: World) -> dict[str, str]:
    """The DKIM records that the doctor prints, by their name; they and the others are published."""
    lines = [line for line in world.run("doctor").stdout.splitlines() if "DKIM1" in line]
    keys = {line.split("  TXT")[0].split()[-1]: line.split('"')[1] for line in lines}
    world.names.records |= {(name, "TXT"): (value,) for name, value in keys.items()}
    for domain in (DOMAIN, HOST):
        world.names.records[domain, "TXT"] = (f"v=spf1 ip4:{OURS} -all",)
    world.names.records["evil.test", "TXT"] = ("v=spf1 -all",)
    world.names.records[f"_dmarc.{DOMAIN}", "TXT"] = ("v=DMARC1; p=reject; aspf=s; adkim=s",)
    return keys


def judged(judge: Rspamd, mail: Mailbox, client: str = OURS) -> set[str]:
    return judge.judge(mail.content, mail.sender, mail.recipient, client)


def a_conversation(world: World) -> tuple[Mailbox, Mailbox]:
    """What each side got."""
    word, answer = marker(), marker()
    assert world.send(f"Casey Müller <{CASEY}>", PEER, f"{word} – größer\r\n")[0] == 250
    asked = world.arrived(ALEX, word)
    assert world.send(ALEX, asked.answers_to, f"{answer}\r\n")[0] == 250
    return asked, world.arrived(CASEY, answer)


def test_what_leaves_passes_spf_dkim_and_dmarc_of_our_own_domain(tmp_path: Path) -> None:
    with a_world(tmp_path, followup__acknowledge=True) as world:
        published(world)
        world.start()
        letters = a_conversation(world)
        ours = world.arrived(CASEY)  # the acknowledgement, from the null reverse path
        with rspamd(tmp_path, world.names.server) as judge:
            for letter in letters:
                assert letter.message["From"].addresses[0].domain == DOMAIN
                assert judged(judge, letter) >= PASSED
            assert judged(judge, ours) >= {"R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"}
            # And it is not just that everything passes.
            stolen = judge.judge(letters[0].content, "thief@evil.test", ALEX, STRANGERS)
            assert "R_SPF_ALLOW" not in stolen
            assert "DMARC_POLICY_ALLOW" in stolen  # by its signature: it is our mail
            forged = letters[0].content.replace(b"Subject: ", b"Subject: Pay now: ", 1)
            words = judge.judge(forged, "thief@evil.test", ALEX, STRANGERS)
            assert {"R_DKIM_REJECT", "DMARC_POLICY_REJECT"} <= words


def test_while_a_key_takes_over_either_record_will_do(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        (tmp_path / "next.pem").write_bytes(rsa_pem())
        (tmp_path / "next.pem").chmod(0o600)
        world.settings["delivery.next_dkim_key"] = "next.pem"
        keys = published(world)
        assert len(keys) == 2
        world.start()
        letter = a_conversation(world)[0]
        for hidden in keys:
            del world.names.records[hidden, "TXT"]
            folder = tmp_path / hidden
            folder.mkdir()
            with rspamd(folder, world.names.server) as judge:
                # Not by SPF, so by the signature whose record is there.
                assert "DMARC_POLICY_ALLOW" in judged(judge, letter, STRANGERS)
            world.names.records[hidden, "TXT"] = (keys[hidden],)
