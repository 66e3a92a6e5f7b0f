"""A new key while others read and write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from stores import NOW, a_candidate, a_thread, an_ambassador, an_outgoing, message_ids

from storage import concerned, outbox, people
from storage import message_ids as stored_ids
from storage.changes import apply
from storage.database import Database
from storage.failures import Unsealable
from storage.records.changes import Changes
from storage.records.mail import OutgoingState, Reason
from storage.records.people import Side
from storage.rekey import rekey
from storage.schema import keyring
from storage.writer import Writer

Open = Callable[[str, Path], Database]
LARGE = b"x" * 100_000


def fill(database: Database, people_number: int) -> tuple[Changes, ...]:
    alex = an_ambassador()
    guests = tuple(a_candidate() for _ in range(people_number))
    rows = tuple(a_thread(alex, guest) for guest in guests)
    reasons = (Reason("links", "it names another host"),)
    held = an_outgoing(state=OutgoingState.HELD, reasons=reasons)
    changes = Changes(
        ambassadors=(alex,),
        candidates=guests,
        threads=rows,
        message_ids=tuple(message_ids(row) for row in rows),
        outgoing=(an_outgoing(), an_outgoing(content=LARGE), held),
    )
    with database.write() as c:
        apply(c, changes, NOW)
    return (changes,)


def check(database: Database, written: tuple[Changes, ...]) -> None:
    with database.read() as c:
        for changes in written:
            for guest in changes.candidates:
                assert people.candidate_by_address(c, guest.address) == guest
            for fellow in changes.ambassadors:
                assert concerned.by_name(c, "", fellow.mailbox).author == fellow
            for pair in changes.message_ids:
                assert stored_ids.last_known(c, pair.thread_id, Side.CANDIDATE) == pair.theirs
            for item in changes.outgoing:
                found = outbox.item(c, item.id)
                assert found is not None
                assert found.outgoing.content == item.content
                assert found.outgoing.reasons == item.reasons


def test_everything_is_sealed_anew_and_the_old_key_is_gone(database: Database) -> None:
    written = fill(database, 450)  # more than two pages
    with database.write() as c:
        before = c.vault.seal(b"seen before", "a.b")
    (old_file,) = database.spool.folder.iterdir()
    rows: list[int] = []
    rekey(database, rows.append)
    assert sum(rows) > 450 * 3
    check(database, written)
    with database.read() as c:
        keys = c.sql.execute(select(keyring.c.id, keyring.c.purpose)).all()
    assert sorted(keys) == [(0, "index"), (2, "seal")]
    assert not old_file.exists()
    database.ring.forget()
    with database.read() as c, pytest.raises(Unsealable):
        c.vault.open(before, "a.b")


def test_others_read_and_write_meanwhile(
    database: Database, tmp_path: Path, open_database: Open
) -> None:
    written = fill(database, 450)
    serving = open_database(database.url.render_as_string(hide_password=False), tmp_path / "spool")
    writer = Writer(serving)
    check(serving, written)  # so that it has the old keys at hand
    done = threading.Event()
    added: list[Changes] = []
    failed: list[BaseException] = []

    def serve() -> None:
        while not done.is_set():
            changes = Changes(candidates=(a_candidate(),), outgoing=(an_outgoing(content=LARGE),))
            try:
                writer.commit(changes, NOW).result()
                check(serving, (changes,))
            except BaseException as problem:
                failed.append(problem)
                raise
            added.append(changes)

    server = threading.Thread(target=serve)
    server.start()
    rekey(database)
    done.set()
    server.join()
    writer.close()
    assert failed == []
    assert added
    database.ring.forget()
    check(database, written + tuple(added))


def test_a_content_spooled_with_the_old_key_is_spooled_again(database: Database) -> None:
    from storage.changes import Decided, apply_all
    from storage.contents import spool_large

    item = an_outgoing(content=LARGE)
    with database.read() as c:
        files = spool_large(c, (item,))
    rekey(database)
    with database.write() as c:
        apply_all(c, (Decided(Changes(outgoing=(item,)), NOW, files),))
    database.ring.forget()
    check(database, (Changes(outgoing=(item,)),))


def test_it_may_be_broken_off_and_done_again(database: Database) -> None:
    written = fill(database, 10)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rekey(database, stop)
    check(database, written)
    rekey(database)
    check(database, written)
    with database.read() as c:
        assert len(c.sql.execute(select(keyring.c.id)).all()) == 2
