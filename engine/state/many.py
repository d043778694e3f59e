"""A thousand rows at a time, without what SQLAlchemy would do for every single one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Update, func, select
from sqlalchemy.engine import Dialect


def write_many(
    connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Run `statement` once per row and return how many rows it wrote.

    The values go to the driver as they are: instants as `microseconds`. All rows have the same
    keys; those that `statement` binds by itself may be missing.
    """
    if not rows:
        return 0
    text, names, constants = _compile(statement, connection.dialect, tuple(rows[0]))
    values = [tuple([row[n] if n in row else constants[n] for n in names]) for row in rows]
    return connection.exec_driver_sql(text, values).rowcount


def among(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Return `column IN (values)` with one parameter, however many values there are."""
    listed = func.json_each(json.dumps(sorted(values))).table_valued("value")
    return column.in_(select(listed.c.value))


@lru_cache(maxsize=32)
def _compile(
    statement: Insert | Update, dialect: Dialect, keys: tuple[str, ...]
) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    columns = list(keys) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    return str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params)
