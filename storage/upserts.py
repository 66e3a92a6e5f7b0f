"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy in two dialects."""

from __future__ import annotations

from functools import cache

import sqlalchemy
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def inserting(dialect: str, table: sqlalchemy.Table) -> Insert:
    """An insert that knows `on_conflict_do_update`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def replacing(dialect: str, table: sqlalchemy.Table) -> Insert:
    """An insert that replaces all but the primary key of a row which exists."""
    statement = inserting(dialect, table)
    others = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)
