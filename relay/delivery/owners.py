"""Names in leases: who is sending, and which of them are known to be dead."""

from __future__ import annotations

import os
import secrets
import socket


def new_owner() -> str:
    """A name for this process: its host, its id there, and a word that no other start has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def dead(owner: str, me: str) -> bool:
    """Whether the process of that name has surely ended: it ran here, and its id is free or mine.

    Of other hosts nothing is known; their leases run out by themselves.
    """
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    if owner == me or host != me.rpartition(":")[0].rpartition(":")[0] or not rest.isdigit():
        return False
    if int(rest) == os.getpid():
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
