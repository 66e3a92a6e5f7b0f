"""Sealing, opening and finding again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.failures import Unsealable
from storage.vault import Keyring, fold


def test_what_was_sealed_opens_in_its_own_column_only(database: Database) -> None:
    with database.write() as c:
        sealed = c.vault.seal(b"casey@mailer.test", "candidates.address")
        assert c.vault.open(sealed, "candidates.address") == b"casey@mailer.test"
        with pytest.raises(Unsealable):
            c.vault.open(sealed, "candidates.name")


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_byte_is_noticed(sqlite_database: Database, place: int) -> None:
    with sqlite_database.write() as c:
        sealed = bytearray(c.vault.seal(b"casey@mailer.test", "candidates.address"))
        sealed[place] ^= 1
        with pytest.raises(Unsealable):
            c.vault.open(bytes(sealed), "candidates.address")


def test_a_cut_cell_is_noticed(sqlite_database: Database) -> None:
    with sqlite_database.write() as c:
        sealed = c.vault.seal(b"", "candidates.name")
        for length in range(len(sealed)):
            with pytest.raises(Unsealable):
                c.vault.open(sealed[:length], "candidates.name")


def test_equal_texts_are_sealed_unlike_and_digested_alike(sqlite_database: Database) -> None:
    with sqlite_database.write() as c:
        assert c.vault.seal(b"same", "a.b") != c.vault.seal(b"same", "a.b")
        assert c.vault.digest("address", "same") == c.vault.digest("address", "same")
        assert c.vault.digest("address", "same") != c.vault.digest("rate", "same")
        assert b"same" not in c.vault.digest("address", "same")


def test_a_digest_needs_the_key(sqlite_database: Database, postgresql_database: Database) -> None:
    with sqlite_database.read() as one, postgresql_database.read() as other:
        mine = one.vault.digest("address", "casey@mailer.test")
        assert mine != other.vault.digest("address", "casey@mailer.test")


@given(text=st.text())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_comes_back(sqlite_database: Database, text: str) -> None:
    with sqlite_database.read() as c:
        assert c.vault.open_text(c.vault.seal_text(text, "a.b"), "a.b") == text


def test_a_lone_surrogate_from_a_broken_mail_comes_back(sqlite_database: Database) -> None:
    with sqlite_database.read() as c:
        assert c.vault.open_text(c.vault.seal_text("\udc80", "a.b"), "a.b") == "\udc80"
        assert c.vault.digest("address", "\udc80")


def test_a_master_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        Keyring(b"too short")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Casey@Mailer.TEST", "casey@mailer.test"),
        ("casey@bücher.test", "casey@xn--bcher-kva.test"),
        ("casey@BÜCHER.test", "casey@XN--BCHER-KVA.TEST"),
        ("jose\u0301@mailer.test", "jos\u00e9@mailer.test"),
        ('"a@b"@mailer.test', '"A@B"@mailer.test'),
    ],
)
def test_spellings_of_one_mailbox_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("casey@mailer.test", "casey+tag@mailer.test"),
        ("casey@mailer.test", "cas.ey@mailer.test"),
        ("casey@mailer.test", "casey@sub.mailer.test"),
        ("casey@mailer.test", "саsey@mailer.test"),
    ],
)
def test_other_mailboxes_fold_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(address=st.text())
@settings(max_examples=100, deadline=None)
def test_folding_takes_any_text_and_is_stable(address: str) -> None:
    assert fold(fold(address)) == fold(address)
