"""Real mail programs answer a thread from a Maildir, as their users would."""

from __future__ import annotations

import json
import mailbox
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from town import ALEX, DANA, PEER, a_town

from storage.database import Database

pytestmark = pytest.mark.clients

ASKED = "How do you run migrations?"
TYPED = "/coffee 2026-11-24 15:00\n/recommend Asks well.\n\nHi Dana, in two steps."
MUTT = """\
set folder={home} mbox_type=Maildir realname="Alex Chen" from={alex} use_from=yes
set sendmail={home}/sendmail editor={home}/editor record="" autoedit=yes include=yes fast_reply=yes
set crypt_use_gpgme=no
push "<first-entry><reply><send-message><exit>"
"""
NAIL = """\
set v15-compat from="Alex Chen <{alex}>" mta={home}/sendmail sendwait quote indentprefix="> "
"""


def program(file: Path, text: str) -> None:
    """An executable in Python."""
    file.write_text(f"#!{sys.executable}\nimport json, pathlib, sys\n{text}")
    file.chmod(0o700)


def run(home: Path, *command: str, **more: object) -> None:
    environment = {**os.environ, "TERM": "vt100", "HOME": str(home), "MAILRC": f"{home}/nailrc"}
    done = subprocess.run(
        command, env=environment, cwd=home, capture_output=True, text=True, timeout=60, **more
    )
    assert done.returncode == 0, done


def with_mutt(home: Path) -> None:
    """Alex presses `r`, types above the quote, and sends with `y`."""
    program(
        home / "editor",
        "draft = pathlib.Path(sys.argv[-1])\n"
        f"draft.write_text({TYPED!r} + '\\n\\n' + draft.read_text())\n",
    )
    (home / "muttrc").write_text(MUTT.format(home=home, alex=ALEX))
    # mutt wants a terminal; `script` is one.
    run(home, "script", "-qec", f"mutt -n -F {home}/muttrc -f {home}/inbox", "/dev/null")


def with_s_nail(home: Path) -> None:
    """Alex types `reply 1` at the prompt, and writes below the mail that is quoted."""
    (home / "nailrc").write_text(NAIL.format(home=home, alex=ALEX))
    typed = f"reply 1\n{TYPED}\n~.\nexit\n"
    run(home, "s-nail", "-:u", "-#", "-f", f"{home}/inbox", input=typed)


PROGRAMS: dict[str, Callable[[Path], None]] = {"mutt": with_mutt, "s-nail": with_s_nail}


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_answer_with_commands_goes_its_way(
    name: str, sqlite_database: Database, tmp_path: Path
) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is missing: apt-get install {name}")
    with a_town(sqlite_database, tmp_path, relay__hiring_team=["hr@corp.example.test"]) as town:
        assert town.send(f"Dana Keller <{DANA}>", PEER, ASKED).accepted
        delivered = town.last(ALEX, ASKED).content.replace(b"\r\n", b"\n")
        mailbox.Maildir(tmp_path / "inbox").add(delivered)
        program(
            tmp_path / "sendmail",
            "pathlib.Path('sent').write_bytes(sys.stdin.buffer.read())\n"
            "pathlib.Path('to').write_text(json.dumps(sys.argv[1:]))\n",
        )
        PROGRAMS[name](tmp_path)
        named = json.loads((tmp_path / "to").read_text())  # some answer to all
        to = next(one for one in named if one.startswith("guest-"))
        raw = (tmp_path / "sent").read_bytes().replace(b"\n", b"\r\n")
        assert town.hand_in(ALEX, to, raw).accepted, raw
        answer = town.last(DANA, "in two steps")
        assert f"> {ASKED}" in answer.message.get_body().get_content()
        assert answer.message["In-Reply-To"]
        for hidden in (b"/coffee", b"Asks well", b"corp.example.test"):
            assert hidden not in answer.content
        assert town.got(DANA, "A coffee with Alex")
        assert town.got(DANA, "May Alex recommend you")
