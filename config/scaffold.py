"""What `peerpost init` writes: a settings file with a fresh sealing key, and a DKIM key."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pydantic.fields import FieldInfo

from config import words
from config.settings import sections
from config.values import Unusable

DKIM_FILE = "peerpost-dkim.pem"
_DKIM_BITS = 2048  # RFC 8301 section 3.2; longer keys do not fit every DNS host's TXT fields

_HEAD = """\
# The settings of Peerpost. A line such as `#port = 25` shows a default: take the `#` away to change
# it. PEERPOST_SECTION__KEY in the environment comes before what is written here.
# This file holds a secret: whoever can read it can read what Peerpost stores. Keep a copy of it
# apart from the database; without storage.key nothing in there can be read again.
"""


def create(path: Path, domain: str) -> tuple[Path, ...]:
    """Writes the settings file at `path` and the DKIM key beside it, for their owner's eyes only.

    Gives the files that it made. What exists is never changed: where there is a settings file,
    nothing is made. Raises Unusable for what is no domain, or a folder that cannot be written.
    """
    try:
        name = words.domain(domain)
    except ValueError as error:
        raise Unusable("--domain", domain, str(error)) from None
    if os.path.lexists(path):
        return ()
    settings = settings_text(name, base64.b64encode(secrets.token_bytes(words.KEY_BYTES)).decode())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The key first: no settings file may ever name a key that was not made.
        files = ((path.parent / DKIM_FILE, dkim_key()), (path, settings.encode()))
        return tuple(file for file, content in files if _written(file, content))
    except OSError as error:
        wanted = f"a file in a folder that can be written ({error.strerror})"
        raise Unusable("--config", str(path), wanted) from error


def dkim_key() -> bytes:
    """A new RSA private key in PEM, not encrypted."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_DKIM_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def settings_text(domain: str, sealing_key: str) -> str:
    """Every section and every key; what is at its default stands in a comment."""
    chosen = {
        ("relay", "domain"): domain,
        ("storage", "key"): sealing_key,
        ("delivery", "dkim_key"): DKIM_FILE,
    }
    lines = [_HEAD]
    for section, fields in sections().items():
        lines.append(f"\n[{section}]")
        known: dict[str, object] = {
            key: text for (of, key), text in chosen.items() if of == section
        }
        for key, field in fields.items():
            known.setdefault(key, _default(field, known))
            lines.append(f"# {field.description}")
            mark = "" if (section, key) in chosen else "#"
            lines.append(f"{mark}{key} = {json.dumps(known[key])}")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo, known: dict[str, object]) -> object:
    """As it is written; strings, numbers, booleans and lists look the same in JSON and TOML."""
    if field.default_factory:
        return field.get_default(call_default_factory=True, validated_data=known)
    return "" if field.default is None else field.default


def _written(file: Path, content: bytes) -> bool:
    """Writes a new file for its owner alone; False, and nothing is done, if there is one."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        file.unlink(missing_ok=True)  # half a file would look like one that is to be kept
        raise
    return True
