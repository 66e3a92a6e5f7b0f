"""ClamAV's daemon: is there a virus in it? (clamd(8), command INSTREAM)"""

from __future__ import annotations

import contextlib
import re
import socket
import time

from config.values import HostPort
from screening.case import Disposition, Finding
from screening.scanners.unanswered import PATIENCE, Unanswered

RULE = "clamd"

_MOST = 1024  # bytes of an answer
_FOUND = re.compile(r"stream: ([\w./+:-]{1,100}) FOUND")


def clamd(server: HostPort, raw: bytes) -> Finding | None:
    """What clamd has against the message. Raises Unanswered, after PATIENCE at the latest."""
    answer = _ask(server, raw)
    if answer == "stream: OK":
        return None
    if "size limit exceeded" in answer:
        return Finding(RULE, Disposition.HOLD, "it is larger than the virus scanner takes")
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise Unanswered(RULE)
    # Heuristics name what may be harmless, such as a file under a password.
    guessed = found[1].startswith("Heuristics.")
    reason = f"the virus scanner found {found[1]} in it"
    return Finding(RULE, Disposition.HOLD if guessed else Disposition.REJECT, reason)


def _ask(server: HostPort, raw: bytes) -> str:
    end = time.monotonic() + PATIENCE
    try:
        with socket.create_connection((server.host, server.port), PATIENCE) as link:
            # It closes when it takes no more; why, it has said before.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for piece in (b"zINSTREAM\0", len(raw).to_bytes(4, "big"), raw, bytes(4)):
                    link.settimeout(_left(end))
                    link.sendall(piece)
            return _answer(link, end)
    except OSError as error:
        raise Unanswered(RULE) from error


def _answer(link: socket.socket, end: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _MOST:
        link.settimeout(_left(end))
        piece = link.recv(_MOST)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode("ascii", "replace").strip()


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
