from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from config import scaffold
from config.settings import Unusable, load, sections


def test_init_makes_a_settings_file_and_a_key_that_only_their_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "new" / "peerpost.toml"
    made = scaffold.create(path, "Peers.Example.Test")
    assert made == (path.parent / "peerpost-dkim.pem", path)
    assert {oct(file.stat().st_mode & 0o777) for file in made} == {"0o600"}
    found = load(path, {})
    assert found.relay.domain == "peers.example.test"
    assert len(found.storage.key) == 32
    assert found.delivery.dkim_key is not None
    key = load_pem_private_key(found.delivery.dkim_key.read_bytes(), None)
    assert key.key_size == 2048  # type: ignore[union-attr]


def test_a_second_call_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "peerpost.toml"
    scaffold.create(path, "peers.example.test")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert scaffold.create(path, "other.example.test") == ()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_key_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "peerpost-dkim.pem").write_text("mine")
    assert scaffold.create(tmp_path / "peerpost.toml", "peers.example.test") == (
        tmp_path / "peerpost.toml",
    )
    assert (tmp_path / "peerpost-dkim.pem").read_text() == "mine"


def test_nothing_is_written_through_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "peerpost.toml").symlink_to(tmp_path / "elsewhere")
    assert scaffold.create(tmp_path / "peerpost.toml", "peers.example.test") == ()
    assert not (tmp_path / "elsewhere").exists()


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "two"):
        scaffold.create(tmp_path / name / "peerpost.toml", "peers.example.test")
        keys |= {
            load(tmp_path / name / "peerpost.toml", {}).storage.key,
            (tmp_path / name / "peerpost-dkim.pem").read_bytes(),
        }
    assert len(keys) == 4


def test_a_file_with_every_default_uncommented_means_the_same(tmp_path: Path) -> None:
    path, other = tmp_path / "peerpost.toml", tmp_path / "other.toml"
    scaffold.create(path, "peers.example.test")
    text = re.sub(r"(?m)^#(?=\w)", "", path.read_text())
    other.touch(0o600)
    other.write_text(text)
    every = {name: set(keys) for name, keys in tomllib.loads(text).items()}
    assert every == {name: set(keys) for name, keys in sections().items()}
    assert load(other, {}) == load(path, {})


def test_what_is_no_domain_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match='--domain = "peers" cannot be used; write a domain name'):
        scaffold.create(tmp_path / "peerpost.toml", "peers")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="a folder that can be written"):
        scaffold.create(tmp_path / "file" / "peerpost.toml", "peers.example.test")
