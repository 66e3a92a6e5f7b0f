"""What masking is asked and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from relay.masking.identity import Identity
from screening.addresses import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What one reader may see of one author in a text.

    `author` is the author as this reader knows them, `hidden` the author's side. `swapped` maps
    addresses in our domain that this reader must not see to what they see instead. `allow_typed`
    leaves own addresses in new text as they are. `cut` are whole lines (commands) to be taken out.
    """

    author: Mailbox
    hidden: Identity
    swapped: Mapping[str, str] = field(default_factory=dict)
    allow_typed: bool = False
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Eyes):
    """The same for a whole message.

    `author` stands in From and Reply-To, `reader` in To, both as this reader knows them.
    `references` maps Message-IDs that the author's program knows to those that the reader's knows;
    `last_known` is referred to if none of them does. `allow_files` carries files that show an own
    address and would be left out.
    """

    reader: Mailbox
    message_id: str
    now: datetime
    domain: str
    references: Mapping[str, str] = field(default_factory=dict)
    last_known: str = ""
    allow_files: bool = False
    trace: str = ""  # a word of hexadecimal digits for the loop mark


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing that the reader will not see: `what` it was, in words of ours, and `why`."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The message as the reader gets it, with CRLF line ends, and what was done to it.

    `left_out` names files as the author called them, of which some are `telling`: they might go if
    their author let them, and are not just too large to be looked at. `typed` are own addresses
    that stood in new text, as the identity has them; `outsiders` are addresses in To and Cc that
    are not ours.
    """

    content: bytes
    removed: tuple[Removed, ...] = ()
    left_out: tuple[str, ...] = ()
    telling: bool = False
    typed: tuple[str, ...] = ()
    outsiders: tuple[str, ...] = ()
    smtputf8: bool = False


class Unmaskable(Exception):
    """It cannot be carried at all; the text tells its author why and what to do."""
