"""Invitations that work across the mask (RFC 5545, RFC 5546): who invites whom, under masked names.

The UID of an event often names a host. It is encrypted under a key that both directions of a thread
share and neither side knows, so that an answer brings the organiser's program its own UID back and
nothing has to be stored.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from urllib.parse import unquote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.coded import readings
from relay.masking.scrub.contentlines import ContentLine, edited, spoken, written
from relay.masking.scrub.inside import Inside, People

_KEPT = frozenset(
    """BEGIN END VERSION CALSCALE METHOD DTSTART DTEND DUE DURATION DTSTAMP CREATED LAST-MODIFIED
    SEQUENCE STATUS TRANSP CLASS PRIORITY RRULE RDATE EXDATE EXRULE RECURRENCE-ID ACTION TRIGGER
    REPEAT ACKNOWLEDGED TZID TZNAME TZOFFSETFROM TZOFFSETTO TZUNTIL FREEBUSY PERCENT-COMPLETE
    COMPLETED COLOR DAYLIGHT X-LIC-LOCATION X-WR-TIMEZONE X-MICROSOFT-CDO-BUSYSTATUS
    X-MICROSOFT-CDO-INTENDEDSTATUS X-MICROSOFT-CDO-ALLDAYEVENT X-MICROSOFT-CDO-IMPORTANCE
    X-MICROSOFT-CDO-INSTTYPE X-MICROSOFT-DISALLOW-COUNTER""".split()  # noqa: SIM905
)
_TEXTS = frozenset(
    "SUMMARY DESCRIPTION LOCATION COMMENT CONTACT CATEGORIES RESOURCES REQUEST-STATUS".split()  # noqa: SIM905
)
_LINKS = frozenset(("URL", "ATTACH", "CONFERENCE", "X-GOOGLE-CONFERENCE"))
_PARAMETERS = frozenset(
    """TZID VALUE LANGUAGE ROLE PARTSTAT RSVP CUTYPE CN RANGE RELATED RELTYPE FBTYPE FMTTYPE
    FEATURE LABEL ENCODING CHARSET""".split()  # noqa: SIM905
)
_PROGRAM = "-//Peerpost//Peerpost//EN"
_MARK = "pp-"


def calendar(
    content: bytes, identity: Identity, stand_in: str, swapped: Mapping[str, str]
) -> bytes:
    """The calendar with masked people: the author is `stand_in`, `swapped` says who others are.

    `swapped` maps addresses in our domain that the reader must not see to what they see instead.
    Guests who are neither are left out: their addresses would tell. METHOD and all times stay, and
    lines that tell nothing keep their bytes. Without a stand-in, nobody is named.
    """
    people = People(identity, stand_in, {mask.lower(): shown for mask, shown in swapped.items()})
    return _calendar(content, people)


def invitation(content: bytes, inside: Inside) -> bytes:
    """The same for a file among others."""
    return _calendar(content, inside.people)


def _calendar(content: bytes, people: People) -> bytes:
    cleaned = edited(content, _Editor(people).edit)
    traces.refuse_traces(cleaned, people.hidden)
    return cleaned


class _Editor:
    """One file, line by line."""

    def __init__(self, people: People) -> None:
        self.people, self.hidden = people, people.hidden
        self.named: set[tuple[str, str]] = set()  # who has a line already in this event
        secrets = "\n".join(sorted({people.stand_in.lower(), *people.swapped}))
        self.cipher = AESSIV(sha256(secrets.encode()).digest()) if people.swapped else None

    def edit(self, line: ContentLine) -> ContentLine | None:
        """The line as the reader may have it, if at all."""
        if line.name == "BEGIN":
            self.named.clear()
        if line.name in ("ORGANIZER", "ATTENDEE"):
            return self._person(line)
        line = self._plain(line)
        if line.name in _KEPT:
            return line
        if line.name == "PRODID":
            return line.saying(_PROGRAM)
        if line.name in ("UID", "RELATED-TO"):
            return line.saying(self._other_uid(line.value))
        if line.name in _TEXTS:
            text = spoken(line.value)
            masked = self._masked(text)
            return line if masked == text else line.saying(written(masked))
        if line.name in _LINKS and line.parameter("VALUE").upper() != "BINARY":
            return None if self._tells(line.value) else line
        return None

    def _plain(self, line: ContentLine) -> ContentLine:
        return line.without(lambda key, value: key in _PARAMETERS and not self._tells(value))

    def _tells(self, text: str) -> bool:
        """Whether something that a program wrote tells who the author is, or shows a mask."""
        return any(
            span.kind != "surname"
            for reading in readings(spoken(text))
            for span in self.hidden.traces_in(reading)
        )

    def _masked(self, text: str) -> str:
        """Something that a person wrote, with the addresses that its reader may see."""
        parts, place = [], 0
        for span in traces.own(text, self.hidden):
            parts += [text[place : span.start], self.people.instead(span)]
            place = span.end
        return "".join(parts) + text[place:]

    def _person(self, line: ContentLine) -> ContentLine | None:
        known = self._shown(line)
        shown = known or (self.people.stand_in if line.name == "ORGANIZER" else "")
        if not shown or (line.name, shown) in self.named:
            return None
        self.named.add((line.name, shown))
        name = line.parameter("CN") if known else ""
        for span in reversed(self.hidden.traces_in(name)):
            name = name[: span.start] + name[span.end :]
        name = " ".join(name.split()).strip(" ,")
        parameters = [("CN", f'"{name}"')] if name and "@" not in name else []
        line = self._plain(line).without(lambda key, _: key != "CN")
        if parameters and line.parameters + tuple(parameters) != line.parameters:
            line = replace(line, parameters=(*line.parameters, *parameters), raw="")
        return line.saying(f"mailto:{shown}")

    def _shown(self, line: ContentLine) -> str:
        """Whom the reader sees in the place of an organiser or a guest; empty for nobody."""
        address = _address(line)
        if self.people.author.addresses_in(address):
            return self.people.stand_in
        for mask, shown in self.people.swapped.items():
            if address in (mask, shown.lower()) or _untagged(address) == _untagged(mask):
                return shown
        return ""

    def _other_uid(self, uid: str) -> str:
        """The UID that the other side's program knows for one that this side's knows."""
        if self.cipher is None:
            return sha256(uid.encode()).hexdigest()[:40]
        if uid.startswith(_MARK):
            with suppress(InvalidTag, binascii.Error, ValueError):  # somebody else may write so too
                sealed = base64.urlsafe_b64decode(uid.removeprefix(_MARK) + "==")
                return self.cipher.decrypt(sealed, None).decode()
        sealed = self.cipher.encrypt(uid.encode() or b" ", None)
        return _MARK + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _address(line: ContentLine) -> str:
    scheme, _, place = line.value.partition(":")
    return (unquote(place) if scheme.lower() == "mailto" else line.parameter("EMAIL")).lower()


def _untagged(address: str) -> str:
    """An address without what follows a plus sign: a person has one for each source and thread."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"
