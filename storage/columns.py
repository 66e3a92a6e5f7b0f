"""What the tables are made of: names, moments, and indexes over a part of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    Index,
    MetaData,
    TypeDecorator,
    bindparam,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def micros(at: datetime) -> int:
    """A moment as it is stored."""
    return (at - EPOCH) // MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC, stored as whole microseconds since 1970: alike on each database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


def partial(name: str, *columns: Column[Any], where: str, unique: bool = False) -> Index:
    """An index over the rows for which `where` is true."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def among(column: Column[Any], name: str, most: int) -> ColumnElement[bool]:
    """`column IN (...)` with a parameter for each of `most` values, as `pieces` fills them.

    SQLAlchemy writes an expanding list into the statement anew each time, which takes longer than
    the look-up itself.
    """
    return column.in_([bindparam(f"{name}_{number}") for number in range(most)])


def pieces(name: str, values: Iterable[Any], most: int) -> Iterator[dict[str, Any]]:
    """The parameters of `among` for any number of values; what is left holds the last one again."""
    left = iter(values)
    while piece := tuple(islice(left, most)):
        padded = piece + piece[-1:] * (most - len(piece))
        yield {f"{name}_{number}": value for number, value in enumerate(padded)}
