"""What an engine promises beside its connections."""

from __future__ import annotations

import pytest
import sqlalchemy
from sqlalchemy import exc

from storage.database import Database


def test_an_error_does_not_repeat_what_was_to_be_stored(database: Database) -> None:
    broken = sqlalchemy.text("SELECT :secret FROM there_is_no_such_table")
    with (
        pytest.raises(exc.DBAPIError) as caught,
        database.engine.connect() as connection,
    ):
        connection.execute(broken, {"secret": "my salary"})
    assert "there_is_no_such_table" in str(caught.value)
    assert "salary" not in str(caught.value)
