"""Whose mail is refused, and by whom."""

from __future__ import annotations

from stores import NOW

from storage import blocks
from storage.changes import apply
from storage.database import Connection, Database
from storage.records.changes import Changes
from storage.records.people import Block

ALEX, SAM = "a1ex", "5am"


def block(c: Connection, whom: str, by: str | None = None) -> None:
    apply(c, Changes(blocks=(Block(whom, NOW, by),)), NOW)


def test_an_address_is_blocked_in_any_spelling_and_no_other_of_its_domain(
    database: Database,
) -> None:
    with database.write() as c:
        block(c, "Mallory@Evil.test")
        assert blocks.blocked(c, "mallory@evil.TEST", ALEX)
        assert not blocks.blocked(c, "molly@evil.test", ALEX)


def test_a_domain_is_blocked_with_all_below_it_and_none_above(database: Database) -> None:
    with database.write() as c:
        block(c, "evil.test")
        assert blocks.blocked(c, "x@evil.test", ALEX)
        assert blocks.blocked(c, "x@mail.evil.test", ALEX)
        assert not blocks.blocked(c, "x@devil.test", ALEX)
        assert not blocks.blocked(c, "x@test", ALEX)


def test_what_one_ambassador_blocks_may_write_to_another(database: Database) -> None:
    with database.write() as c:
        block(c, "evil.test", ALEX)
        block(c, "evil.test", ALEX)
        assert blocks.blocked(c, "x@evil.test", ALEX)
        assert not blocks.blocked(c, "x@evil.test", SAM)
        assert not blocks.blocked(c, "x@evil.test", None)


def test_the_program_can_take_a_block_back(database: Database) -> None:
    with database.write() as c:
        block(c, "evil.test")
        block(c, "evil.test", ALEX)
        apply(c, Changes(unblocked=("evil.test",)), NOW)
        assert not blocks.blocked(c, "x@evil.test", SAM)
        assert blocks.blocked(c, "x@evil.test", ALEX)
