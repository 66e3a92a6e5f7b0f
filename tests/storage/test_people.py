"""People are found by what is stored of them only sealed or hashed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stores import NOW, a_candidate, an_ambassador

from storage import concerned, people
from storage.changes import apply
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.people import Ambassador, AmbassadorState, Candidate


def store(database: Database, *stored: Ambassador | Candidate) -> None:
    for one in stored:
        changes = (
            Changes(ambassadors=(one,))
            if isinstance(one, Ambassador)
            else Changes(candidates=(one,))
        )
        with database.write() as c:
            apply(c, changes, NOW)


def whose(c: Connection, address: str) -> Ambassador | None:
    """The ambassador who has this mailbox."""
    return concerned.by_name(c, "", address).author


def test_an_ambassador_comes_back_as_stored(database: Database) -> None:
    alex = an_ambassador(
        display_name="Alex Chën",
        mailboxes=("alex.chen@corp.example.test", "alex@home.example.test"),
        role="Staff engineer",
        topics=("python", "infra"),
        timezone="Europe/Berlin",
        country="DE",
        backup="sam",
        state=AmbassadorState.PAUSED,
        paused_until=NOW,
    )
    store(database, alex)
    with database.read() as c:
        assert people.ambassador(c, alex.id) == alex
        assert people.ambassador_by_name(c, "Alex") == alex
        assert people.ambassadors(c) == (alex,)


def test_an_ambassador_is_found_by_each_mailbox_however_it_is_spelt(database: Database) -> None:
    alex = an_ambassador(mailboxes=("Alex.Chen@corp.example.test", "alex@bücher.test"))
    store(database, alex)
    with database.read() as c:
        assert whose(c, "alex.chen@CORP.example.test") == alex
        assert whose(c, "alex@XN--BCHER-KVA.test") == alex
        assert whose(c, "alexchen@corp.example.test") is None


def test_a_mailbox_that_was_given_up_finds_nobody(database: Database) -> None:
    alex = an_ambassador()
    store(database, alex, replace(alex, mailboxes=("new@corp.example.test",)))
    with database.read() as c:
        assert whose(c, alex.mailbox) is None
        assert whose(c, "new@corp.example.test") is not None


def test_two_ambassadors_cannot_share_a_name_or_a_mailbox(database: Database) -> None:
    alex = an_ambassador()
    store(database, alex)
    with pytest.raises(Conflict):
        store(database, an_ambassador("alex", mailboxes=("other@corp.example.test",)))
    with pytest.raises(Conflict):
        store(database, an_ambassador("sam", mailboxes=alex.mailboxes))


def test_one_who_was_removed_keeps_the_name_and_gives_up_the_mailbox(database: Database) -> None:
    alex = an_ambassador()
    store(database, alex, replace(alex, state=AmbassadorState.REMOVED))
    alexa = an_ambassador("alexa", mailboxes=alex.mailboxes)
    store(database, alexa)
    with database.read() as c:
        assert whose(c, alex.mailbox) == alexa
        removed = people.ambassador_by_name(c, "alex")
        assert removed is not None
        assert removed.state is AmbassadorState.REMOVED


def test_ambassadors_are_found_by_topic(database: Database) -> None:
    sam = an_ambassador("sam", topics=("Python",))
    alex = an_ambassador("alex", topics=("python", "infra"))
    store(database, sam, alex, an_ambassador("kim"))
    with database.read() as c:
        assert people.ambassadors_by_topic(c, "python") == (alex, sam)
        assert people.ambassadors_by_topic(c, "cobol") == ()


def test_a_candidate_comes_back_as_stored_and_is_found_by_address(database: Database) -> None:
    casey = a_candidate("Casey@mailer.test", name="Casey 🙂", language="de", proven=True)
    store(database, casey)
    with database.read() as c:
        assert people.candidate(c, casey.id) == casey
        assert people.candidate_by_address(c, "casey@MAILER.test") == casey
        assert people.candidate_by_address(c, "cassy@mailer.test") is None


def test_an_address_has_one_candidate(database: Database) -> None:
    store(database, a_candidate("casey@mailer.test"))
    with pytest.raises(Conflict):
        store(database, a_candidate("CASEY@mailer.test"))
