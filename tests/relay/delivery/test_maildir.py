"""The maildir transport, on a real disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from letters import a_letter

from config.sections import DeliverySettings
from relay.delivery.outcome import Deferred, Delivered
from relay.delivery.transports import maildir


def test_a_letter_lies_in_the_folder_of_its_recipient_as_it_was_sent(tmp_path: Path):
    transport = maildir.open(DeliverySettings(maildir=tmp_path / "outbox"), None)
    for _ in range(2):
        assert isinstance(transport.send(a_letter(recipient="Alex@Corp.test")), Delivered)
    transport.close()
    box = tmp_path / "outbox" / "alex@corp.test"
    assert [file.read_bytes() for file in (box / "new").iterdir()] == [a_letter().content] * 2
    assert not list((box / "tmp").iterdir())
    assert (box / "cur").is_dir()


def test_a_disk_that_cannot_be_written_defers(tmp_path: Path):
    (tmp_path / "outbox").write_text("in the way")
    assert isinstance(maildir.Maildir(tmp_path / "outbox").send(a_letter()), Deferred)


def test_plain_addresses_keep_their_name():
    assert maildir.folder_name("Guest+x.y-z_1@mail.corp.test") == "guest+x.y-z_1@mail.corp.test"


@given(st.text())
@example("../../etc/passwd@x")
@example("..")
@example("")
@example("a" * 5000)
@example("\ud800@x")
def test_no_address_leads_out_of_the_folder(address: str):
    name = maildir.folder_name(address)
    assert Path("outbox", name).resolve().parent == Path("outbox").resolve()
    assert name.isascii()
    assert len(name) < 130
    assert not name.startswith(".")


@pytest.mark.parametrize(
    ("one", "other"), [("a/b@x", "a_b@x"), ("a/b@x", "a:b@x"), ("." * 3, ""), ("ß@x", "é@x")]
)
def test_two_addresses_never_share_a_folder(one: str, other: str):
    assert maildir.folder_name(one) != maildir.folder_name(other)
