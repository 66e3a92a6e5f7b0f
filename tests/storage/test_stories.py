"""What the database makes of the events of a thread."""

from __future__ import annotations

from datetime import timedelta

from stores import NOW, an_event

from storage import events, stories
from storage.columns import micros
from storage.database import Database
from storage.records.events import EventKind
from storage.stories import STAGES, Story

K = EventKind
HOUR = timedelta(hours=1)


def happen(database: Database, *happened: tuple[EventKind, dict[str, str]], thread: str) -> None:
    """One thing an hour, from NOW on."""
    with database.write() as c:
        rows = [
            an_event(
                kind, at=NOW + hours * HOUR, thread_id=thread, ambassador_id="a", detail=detail
            )
            for hours, (kind, detail) in enumerate(happened)
        ]
        events.add(c, rows)


def told(database: Database) -> list[Story]:
    with database.read() as c, c.surveying():
        return list(stories.stories(c, NOW, NOW + 100 * HOUR))


def at(hours: int) -> int:
    return micros(NOW + hours * HOUR)


def test_a_held_contact_is_reached_when_it_is_approved_and_its_words_are_to_be_read(
    database: Database,
) -> None:
    contact = {"outcome": "held", "source": "pycon", "words": "70"}
    happen(database, (K.CONTACTED, contact), (K.HELD, {}), (K.APPROVED, {}), thread="t")
    assert told(database) == [Story(at(0), "held", "a", "pycon", 70, at(2))]


def test_a_forwarded_contact_is_a_mail_that_was_counted_already(database: Database) -> None:
    words = {"words": "70"}
    happen(
        database,
        (K.CONTACTED, {"outcome": "forwarded"} | words),
        (K.CANDIDATE_WROTE, words),
        thread="t",
    )
    assert told(database) == [Story(at(0), "forwarded", "a", reached=at(0), candidate_turns=1)]


def test_whoever_answered_an_escalated_contact_first_is_named(database: Database) -> None:
    happen(
        database,
        (K.CONTACTED, {"outcome": "forwarded"}),
        (K.ESCALATED, {"to": "backup"}),
        (K.AMBASSADOR_WROTE, {"words": "9", "by": "backup"}),
        (K.AMBASSADOR_WROTE, {"words": "1", "by": "alex"}),
        thread="t",
    )
    [story] = told(database)
    assert (story.answered, story.answered_by, story.escalated_to) == (at(2), "backup", "backup")


def test_a_thread_is_closed_unless_somebody_answered_or_wrote_again(database: Database) -> None:
    contact, end = (K.CONTACTED, {"outcome": "forwarded"}), (K.CLOSED, {"why": "pass"})
    wrote, answer = (K.CANDIDATE_WROTE, {"words": "1"}), (K.AMBASSADOR_WROTE, {"words": "1"})
    for thread, last in {"ended": (end,), "again": (end, wrote), "answered": (answer, end)}.items():
        happen(database, contact, wrote, *last, thread=thread)
    found = sorted((story.closed or 0, story.closed_why) for story in told(database))
    assert found == [(0, ""), (0, ""), (at(2), "pass")]


def test_the_last_stage_counts_in_whatever_order_they_came(database: Database) -> None:
    steps = [(K.STAGE_REACHED, {"stage": stage}) for stage in ("recommended", "hired", "coffee")]
    happen(database, (K.CONTACTED, {"outcome": "forwarded"}), *steps, thread="t")
    assert [STAGES[story.stage - 1] for story in told(database)] == ["hired"]


def test_a_thread_that_began_before_the_period_is_none_of_its_stories(database: Database) -> None:
    happen(database, (K.CANDIDATE_WROTE, {"words": "1"}), thread="t")
    assert told(database) == []


def test_the_server_keeps_what_was_not_asked_for_yet(postgresql_database: Database) -> None:
    happen(postgresql_database, (K.CONTACTED, {"outcome": "held"}), thread="t")
    cursors = "SELECT count(*) FROM pg_cursors"
    with postgresql_database.read() as c, c.surveying():
        going = stories.stories(c, NOW, NOW + HOUR)
        next(going)
        assert c.sql.exec_driver_sql(cursors).scalar() == 1
        assert list(going) == []
        assert c.sql.exec_driver_sql(cursors).scalar() == 0


def test_a_survey_sees_one_state_and_leaves_the_connection_as_it_was(database: Database) -> None:
    with database.read() as c:
        with c.surveying():
            before = list(events.between(c, NOW, NOW + HOUR))
            happen(database, (K.AUTOMATIC, {}), thread="t")
            assert list(events.between(c, NOW, NOW + HOUR)) == before == []
        if c.sql.dialect.name == "postgresql":
            assert c.sql.exec_driver_sql("SHOW work_mem").scalar() == "4MB"
    with database.read() as c:
        assert len(list(events.between(c, NOW, NOW + HOUR))) == 1
