"""Words in the detail of an event, found by the database itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Word(FunctionElement[str]):
    """The text under a name in a JSON object of texts; null where there is none."""

    type = String()
    inherit_cache = True

    def __init__(self, detail: ColumnElement[str], name: str) -> None:
        super().__init__(detail, literal(name, literal_execute=True))


@compiles(Word, "sqlite")
def _in_sqlite(word: Word, compiler: SQLCompiler, **options: Any) -> str:
    detail, name = (compiler.process(each, **options) for each in word.clauses)
    return f"json_extract({detail}, '$.' || {name})"


@compiles(Word, "postgresql")
def _in_postgresql(word: Word, compiler: SQLCompiler, **options: Any) -> str:
    detail, name = (compiler.process(each, **options) for each in word.clauses)
    return f"(CAST({detail} AS json) ->> {name})"
