"""Who stands on the ambassadors' page: those who have time now, as candidates may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from config.settings import AmbassadorSettings
from relay.reports.tally import quantile
from relay.reports.withholding import SMALLEST
from relay.threads.room import has_room
from storage import people, stories
from storage.database import Connection
from storage.records.people import Ambassador
from storage.stories import Story

FirstName = Callable[[str], str]

HISTORY = timedelta(days=180)  # so far back the times to an answer are looked at
DAY = 24 * 3600 * 1_000_000  # microseconds

# Up to so many days in the middle of all first answers, and what is then said of it.
_USUALLY = (
    (1, "usually answers within a day"),
    (2, "usually answers within two days"),
    (7, "usually answers within a week"),
)


class Shown(StrEnum):
    """How much of a name the page shows; the same words as `privacy.names`."""

    FULL = "full"
    FIRST = "first"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class House:
    """Whose page it is, and where it will stand: `source` is the tag of its addresses."""

    company: str
    domain: str
    source: str = ""
    names: Shown = Shown.FIRST
    limits: AmbassadorSettings = field(default_factory=AmbassadorSettings)
    careers_url: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """One ambassador as the public sees them."""

    handle: str
    name: str
    address: str
    role: str = ""
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    timezone: str = ""
    answers: str = ""  # a sentence about how soon, or empty
    photo: str = ""  # a file beside the page, or empty
    mailto: str = ""


def faces(c: Connection, house: House, first_name: FirstName, now: datetime) -> tuple[Face, ...]:
    """The ambassadors who are there and whose week is not full, by name.

    `first_name` finds the given name in a whole one.
    """
    with c.surveying():
        habits = _habits(stories.stories(c, now - HISTORY, now))
    found = [
        _face(one, house, first_name, habits.get(one.id, ""))
        for one in people.ambassadors(c)
        if has_room(c, one, house.limits, now)
    ]
    return tuple(sorted(found, key=lambda face: (face.name.casefold(), face.handle)))


def _habits(told: Iterable[Story]) -> dict[str, str]:
    """How soon each ambassador usually answers; nothing of those with few answers."""
    taken: dict[str, list[float]] = defaultdict(list)
    for story in told:
        if story.answered is not None:
            taken[story.ambassador_id].append((story.answered - story.opened) / DAY)
    return {key: usually(days) for key, days in taken.items()}


def usually(days: list[float]) -> str:
    """What may be said of these times to the first answer."""
    middle = quantile(days, 0.5)
    if middle is None or len(days) < SMALLEST:
        return ""
    return next((sentence for most, sentence in _USUALLY if middle <= most), "")


def _face(one: Ambassador, house: House, first_name: FirstName, answers: str) -> Face:
    shown = {
        Shown.FULL: one.display_name,
        Shown.FIRST: first_name(one.display_name),
        Shown.HIDDEN: "",
    }[house.names]
    name = " ".join(shown.split()) or one.name.capitalize()
    tag = f"+{house.source}" if house.source else ""
    address = f"peer-{one.name}{tag}@{house.domain}"
    return Face(
        handle=one.name,
        name=name,
        address=address,
        role=one.role,
        topics=one.topics,
        languages=one.languages,
        timezone=one.timezone.replace("_", " "),
        answers=answers,
        mailto=mailto(address, name, house.company),
    )


def mailto(address: str, name: str, company: str) -> str:
    """A link that opens a mail with a gentle beginning (RFC 6068)."""
    subject = f"A question about your work at {company}"
    body = (
        f"Hello {name},\r\n\r\n"
        "I work on \u2026\r\n"
        "and I would like to ask you: \u2026\r\n\r\n"
        "Thank you, and answer whenever it suits you.\r\n"
    )
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
