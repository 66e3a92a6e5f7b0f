"""`peerpost screen`: what it says of a mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from mails import DOMAIN, key_record, raw_mail, signed
from names import name_server

from config.values import Unusable
from relay.cli.main import peerpost
from relay.failures import Failed

VENDOR = (
    "Hi Alex, we help companies like yours cut cloud costs by 40%. Our clients include two banks. "
    "Are you free on Tuesday for a quick demo? If not, could you point me to the right person?"
)
CLIENT = ("--client", "203.0.113.9", "--helo", "mail.mailer.test")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation in the current folder, with a name server that knows mailer.test."""
    with name_server() as names:
        names.records |= {
            ("s1._domainkey.mailer.test", "TXT"): (key_record(),),
            ("_dmarc.mailer.test", "TXT"): ("v=DMARC1; p=reject",),
        }
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PEERPOST_DNS__RESOLVER", str(names.server))
        assert run("init", "--domain", DOMAIN).exit_code == 0
        yield


def run(*arguments: str) -> Result:
    return CliRunner().invoke(peerpost, arguments)


def shown(raw: bytes, *options: str) -> str:
    Path("mail.eml").write_bytes(raw)
    done = run("screen", "mail.eml", *options)
    assert done.exit_code == 0, done.exception
    return done.output


def told(raw: bytes, *options: str) -> Any:
    return json.loads(shown(raw, "--json", *options))


def test_it_names_the_verdict_every_finding_and_the_strongest_reasons() -> None:
    raw = raw_mail(body=VENDOR)
    found = told(raw)
    assert (found["verdict"], found["authentication"]) == ("ask", None)
    assert found["findings"][0]["rule"] == "model"
    assert len(found["findings"]) == 6
    assert {"offer", "proof", "meeting"} <= {one["rule"] for one in found["evidence"]}
    assert "It would be asked back." in shown(raw)
    assert "Strongest reasons\n  against" in shown(raw)


def test_it_judges_for_an_ambassador_and_their_topics() -> None:
    added = run("ambassador", "add", "sam", "--name", "Sam Okafor", "--email", "sam@corp.test",
                "--topic", "migrations")  # fmt: skip
    assert added.exit_code == 0, added.output
    raw = raw_mail(body="Hello Sam, how do you test migrations?\r\n")
    without, with_ = ({one["rule"] for one in told(raw, *whom)["evidence"]}
                      for whom in ((), ("--to", "sam")))  # fmt: skip
    assert {"topic", "named"} & without == set()
    assert {"topic", "named"} <= with_


def test_it_asks_dns_if_it_is_told_who_the_client_was() -> None:
    raw = raw_mail(body="How do you test migrations?\r\n")
    forged = told(raw, *CLIENT)
    assert (forged["verdict"], forged["authentication"]["dmarc"]) == ("reject", "fail")
    assert forged["evidence"] == []
    genuine = told(signed(raw), *CLIENT)
    assert (genuine["verdict"] == "reject", genuine["authentication"]["authenticated"]) == (
        False,
        True,
    )
    assert "dkim pass for mailer.test" in shown(signed(raw), *CLIENT)


def test_nothing_that_a_stranger_wrote_reaches_the_terminal_as_an_order() -> None:
    raw = raw_mail(
        "DKIM-Signature: v=1; a=rsa-sha256; d=evil.test; s=\x1b[31m; h=from; bh=AA==; b=AA==",
        From="\x1b[1mCasey <casey@mailer.test>",
        Subject="\x1b]0;owned\x07 hello",
        body="\x1b[2J Hi there\r\n",
    )
    assert "\x1b" not in shown(raw, *CLIENT) + shown(raw, "--json", *CLIENT)


def test_what_cannot_be_screened_is_said_in_a_line() -> None:
    Path("mail.eml").write_bytes(b"no header at all\r\n")
    broken = run("screen", "mail.eml").exception
    assert isinstance(broken, Failed)
    assert "would be refused" in str(broken)
    Path("mail.eml").write_bytes(raw_mail())
    assert isinstance(run("screen", "mail.eml", "--to", "nobody").exception, Unusable)
