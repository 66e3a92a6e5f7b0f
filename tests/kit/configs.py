"""Settings as if somebody had written them: every default, and what a test wants otherwise."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from config.settings import Settings, load

DOMAIN = "peers.example.test"
KEY = base64.b64encode(bytes(range(32))).decode("ascii")


def environment(written: dict[str, object] | None = None) -> dict[str, str]:
    """`{"relay.max_size": "1MiB"}` as variables, with a domain and a key unless they are given."""
    all_written = {"relay.domain": DOMAIN, "storage.key": KEY} | (written or {})
    return {
        "PEERPOST_" + key.upper().replace(".", "__"): value
        if isinstance(value, str)
        else json.dumps(value)
        for key, value in all_written.items()
    }


def some_settings(written: dict[str, object] | None = None, base: Path = Path()) -> Settings:
    """Settings that `load` took from the environment alone; paths are below `base`."""
    placed: dict[str, object] = {
        "storage.url": f"sqlite:///{base.absolute()}/peerpost.db",
        "storage.spool": f"{base.absolute()}/spool",
        "delivery.maildir": f"{base.absolute()}/outbox",
    }
    return load(None, environment(placed | (written or {})))
