"""Whoever steals the disk learns no address, no name and no word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sqlalchemy import LargeBinary
from stores import NOW, a_candidate, a_thread, an_ambassador, an_outgoing, message_ids

from storage.changes import apply
from storage.database import Database
from storage.records.changes import Changes
from storage.records.mail import OutgoingState, Reason
from storage.rekey import SEALED_COLUMNS
from storage.schema import metadata

# Columns of bytes that are no sealed texts.
_OTHERS = {"keyring.wrapped", "mailboxes.digest", "candidates.digest", "message_ids.digest"}
_OTHERS |= {"outbox.digest", "rates.key", "blocks.digest", "referrals.digest", "likenesses.marks"}


def test_neither_the_database_nor_its_log_nor_the_spool_tells_anything(
    sqlite_database: Database, tmp_path: Path
) -> None:
    alex = an_ambassador(display_name="Alexandra Chen", mailboxes=("alexandra@corp.test",))
    casey = a_candidate("casey.miller@mailer.test", name="Casey Miller")
    thread = a_thread(alex, casey)
    letter = b"From: Casey Miller\r\n\r\nA secret wish\r\n"
    changes = Changes(
        ambassadors=(alex,),
        candidates=(casey,),
        threads=(thread,),
        message_ids=(message_ids(thread, theirs="<1@caseys-laptop.mailer.test>"),),
        outgoing=(
            an_outgoing(thread_id=thread.id, content=letter),
            an_outgoing(thread_id=thread.id, content=letter * 3000, recipient=casey.address),
            an_outgoing(state=OutgoingState.HELD, reasons=(Reason("links", "it names evil.test"),)),
        ),
        hits=(casey.address,),
    )
    with sqlite_database.write() as c:
        apply(c, changes, NOW)
    stolen = tmp_path / "stolen"
    shutil.copytree(sqlite_database.spool.folder, stolen)
    for path in tmp_path.glob("peerpost.db*"):
        shutil.copy(path, stolen)
    files = [path.read_bytes() for path in stolen.iterdir()]
    assert len(files) == 4  # the database, its log, the log's index, one spooled content
    assert sum(map(len, files)) > len(letter) * 3000
    told = re.compile(rb"alexandra|chen|casey|miller|mailer|corp\.test|secret|evil|laptop", re.I)
    assert [told.findall(content) for content in files] == [[], [], [], []]


def test_every_column_of_bytes_is_sealed_and_known_to_rekey() -> None:
    binary = {
        f"{column.table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    sealed = {f"{column.table.name}.{column.name}" for column in SEALED_COLUMNS}
    assert binary == sealed | _OTHERS
