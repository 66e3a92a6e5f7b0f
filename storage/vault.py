"""What is sealed at rest, and how it is found again.

Cells are sealed with AES-256-GCM; the associated data is `table.column`, so that a cell cannot be
moved to another column. A sealed cell is the id of its key (4 bytes), a nonce (12 bytes), the
cipher text and its tag (16 bytes). The keys lie in the table `keyring`, wrapped by the master key
of the settings, so that a new one can be made while others read and write.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.failures import Unsealable
from storage.schema import keyring

SEAL = "seal"
INDEX = "index"
DIGEST_SIZE = 16

_NONCE_SIZE = 12
_KEY_ID_SIZE = 4
_HEAD_SIZE = _KEY_ID_SIZE + _NONCE_SIZE
_WRAP_CONTEXT = b"keyring.wrapped"
_LONGEST_DOMAIN = 255  # RFC 1035 section 2.3.4
_BARRIER = 0x70656572  # the PostgreSQL advisory lock between sealing and a new key


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of a database. `current` is the id of the one that seals."""

    seals: Mapping[int, AESGCM]
    current: int
    index: bytes


class Keyring:
    """The unwrapped keys of one database, shared by all its connections."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the master key must have 32 bytes")
        self._wrapping = AESGCM(hashlib.blake2b(master, digest_size=32, person=b"wrap").digest())
        self._keys: Keys | None = None

    def keys(self, sql: sqlalchemy.Connection) -> Keys:
        """The keys as this process last saw them."""
        return self._keys or self.load(sql)

    def load(self, sql: sqlalchemy.Connection) -> Keys:
        """Read the keys from the database; Unsealable if the master key does not open them."""
        seals: dict[int, AESGCM] = {}
        index = b""
        for row in sql.execute(sqlalchemy.select(keyring)):
            key = self._unwrap(row.wrapped)
            if row.purpose == INDEX:
                index = key
            else:
                seals[row.id] = AESGCM(key)
        if not seals or not index:
            raise Unsealable("this database has no keys yet: it was never migrated")
        self._keys = Keys(seals, max(seals), index)
        return self._keys

    def forget(self) -> None:
        """Drop the unwrapped keys from memory; the next use reads them again."""
        self._keys = None

    def wrapped(self) -> bytes:
        """A new random key, as the table keeps it."""
        nonce = os.urandom(_NONCE_SIZE)
        return nonce + self._wrapping.encrypt(nonce, os.urandom(32), _WRAP_CONTEXT)

    def _unwrap(self, wrapped: bytes) -> bytes:
        nonce, sealed = wrapped[:_NONCE_SIZE], wrapped[_NONCE_SIZE:]
        try:
            return self._wrapping.decrypt(nonce, sealed, _WRAP_CONTEXT)
        except InvalidTag:
            raise Unsealable("storage.key is not the key of this database") from None


class Vault:
    """Seals, opens and digests within one transaction."""

    def __init__(self, ring: Keyring, sql: sqlalchemy.Connection) -> None:
        self._ring = ring
        self._sql = sql
        self._current: tuple[bytes, AESGCM] | None = None

    def seal(self, plain: bytes, context: str) -> bytes:
        """`plain` sealed with the newest key for the column `context` (`table.column`)."""
        return b"".join(self.seal_parts(plain, context))

    def seal_parts(self, plain: bytes, context: str) -> tuple[bytes, bytes]:
        """`seal` without a second copy: key id and nonce, then cipher text and tag."""
        key_id, key = self._current or self._newest()
        nonce = os.urandom(_NONCE_SIZE)
        return key_id + nonce, key.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """What `seal` was given; Unsealable for anything else, or for another context."""
        key = self._key(int.from_bytes(sealed[:_KEY_ID_SIZE]))
        nonce = sealed[_KEY_ID_SIZE:_HEAD_SIZE]
        try:
            return key.decrypt(nonce, memoryview(sealed)[_HEAD_SIZE:], context.encode())
        except (InvalidTag, ValueError):
            raise Unsealable(f"a cell of {context} was changed or moved") from None

    def seal_text(self, plain: str, context: str) -> bytes:
        """`seal` of the text in UTF-8; lone surrogates pass."""
        return self.seal(plain.encode("utf-8", "surrogatepass"), context)

    def open_text(self, sealed: bytes, context: str) -> str:
        """What `seal_text` was given."""
        return self.open(sealed, context).decode("utf-8", "surrogatepass")

    def digest(self, kind: str, text: str) -> bytes:
        """A keyed hash of 16 bytes: finds a text again without storing it. It never changes."""
        index = self._ring.keys(self._sql).index
        plain = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(plain, key=index, digest_size=DIGEST_SIZE).digest()

    def is_current(self, sealed: bytes) -> bool:
        """Whether `sealed` was sealed with the newest key."""
        return sealed[:_KEY_ID_SIZE] == (self._current or self._newest())[0]

    def _key(self, key_id: int) -> AESGCM:
        key = self._ring.keys(self._sql).seals.get(key_id)
        if key is None:
            key = self._ring.load(self._sql).seals.get(key_id)
        if key is None:
            raise Unsealable("the key of this cell is gone")
        return key

    def _newest(self) -> tuple[bytes, AESGCM]:
        """The newest key, held fast until the transaction ends: `rekey` waits for us."""
        if self._sql.dialect.name == "postgresql":
            # In a statement of its own: the next one must see what was committed before the lock.
            self._sql.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({_BARRIER})")
        newest = self._sql.execute(_NEWEST).scalar_one_or_none() or 0
        self._current = key_head(newest), self._key(newest)
        return self._current


_NEWEST = sqlalchemy.select(sqlalchemy.func.max(keyring.c.id)).where(keyring.c.purpose == SEAL)


def wait_for_sealing(sql: sqlalchemy.Connection) -> None:
    """Return when no transaction is open that may still seal with an older key.

    SQLite has one writer at a time, so there the caller's own transaction is the proof.
    """
    if sql.dialect.name == "postgresql":
        sql.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_BARRIER})")


def key_head(key_id: int) -> bytes:
    """The first bytes of what this key sealed; a newer key's are greater."""
    return key_id.to_bytes(_KEY_ID_SIZE)


def fold(address: str) -> str:
    """The one spelling under which a mailbox is looked up.

    The domain in lower-case A-labels (RFC 5890), the local part in lower case: RFC 5321 section
    2.4 lets a host tell them apart, but none that matters does, and people do not.
    """
    local, _, domain = address.rpartition("@")
    if not address.isascii():
        local = unicodedata.normalize("NFC", local)
        domain = _a_labels(domain)
    return f"{local}@{domain}".lower()


def _a_labels(domain: str) -> str:
    if domain.isascii() or len(domain) > _LONGEST_DOMAIN:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
