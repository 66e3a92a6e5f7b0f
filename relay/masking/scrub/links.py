"""Links and paths in documents: where they lead, and what they tell of the author's disk."""

from __future__ import annotations

import re

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.coded import readings

NOWHERE = "about:blank"
_ON_DISK = re.compile(r"\s*(?:file:|[A-Za-z]:[\\/]|\\\\|/(?:Users|home|Volumes|mnt|tmp|var)/)")
_HOME = re.compile(r"([\\/](?:Users|home|Documents and Settings)[\\/])[^\\/\"'<>|]{1,200}", re.I)
_ON_THE_WEB = re.compile(r"\s*https?:", re.IGNORECASE)


def local_path(value: str) -> str:
    """A path on the author's disk as the bare name of its file, other values as they are."""
    if "/" not in value and "\\" not in value:
        return value
    if _ON_DISK.match(value):
        return re.split(r"[\\/]", value.rstrip("\\/ "))[-1]
    return value if _ON_THE_WEB.match(value) else _HOME.sub(r"\1user", value)


def target(value: str, identity: Identity) -> str:
    """Where a link may lead: nowhere, if the link tells who the author is."""
    value = local_path(value)
    tells = any(traces.own(reading, identity) for reading in readings(value))
    return NOWHERE if tells else value


def loads(value: str) -> bool:
    """Whether a program that opens the document would fetch this from somewhere."""
    return bool(_ON_THE_WEB.match(value)) or value.lstrip().startswith(("//", "ftp:", "\\\\"))
