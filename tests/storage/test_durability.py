"""What was answered is on disk, whatever happens to the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from stores import KEY

from storage import outbox
from storage.database import Database

# Commits one small and one large message after the other and says the id of each that is answered.
CHILD = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[4:]
from stores import NOW, an_outgoing
from storage.database import Database
from storage.records.changes import Changes
from storage.writer import Writer
writer = Writer(Database(sys.argv[1], sys.argv[2].encode(), Path(sys.argv[3])))
while True:
    for size in (100, 100_000):
        item = an_outgoing(content=b"x" * size)
        writer.commit(Changes(outgoing=(item,)), NOW).result()
        print(item.id, size, flush=True)
"""
KIT = Path(__file__).parents[1] / "kit"


@pytest.mark.parametrize("answers", [1, 36])
def test_kill_9_right_after_an_answer_loses_nothing(database: Database, answers: int) -> None:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CHILD, url, KEY.decode(), str(database.spool.folder), str(KIT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline().split() for _ in range(answers)]
        child.kill()
        said += [line.split() for line in child.stdout.read().splitlines()]
    with database.read() as c:
        for item_id, size in said:
            item = outbox.item(c, item_id)
            assert item is not None
            assert len(item.outgoing.content) == int(size)
