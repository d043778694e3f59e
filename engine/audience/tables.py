"""The sources as relations `users devices events suppression`, opened when something needs them.

Parquet is read where it lies; csv and jsonl are loaded once and again when the file has changed,
so a later reading always sees what the file says then. Every relation has our column names and
`@key`.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.audience.bounds import instant_of
from engine.audience.columns import KEY, Kind, Table, Value, kind_of
from engine.audience.connection import reading
from engine.audience.files import (
    RowFile,
    Signature,
    find_path,
    inspect_file,
    select_list,
    sign,
)
from engine.audience.header import REQUIRED, aliased, names_of
from engine.audience.repeated import FirstRows, write_first_rows
from engine.audience.sql import identifier
from engine.kernel.errors import UnavailableError
from engine.kernel.frozen import frozen
from engine.model.workspace import TableSource, Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROW = "@row"
"""The position of a row of suppression in its file, from 0: a message may name it."""

_JOINED = ("users", "devices", "events")
_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
)


@frozen
class RowProfile:
    """Rows of users: people, rows that repeat an id (`engine.audience.repeated`), rows without one."""

    users: int
    repeated: int
    without_id: int


class Tables:
    """The open sources of one workspace. Not for several threads at once."""

    def __init__(self, connection: DuckDBPyConnection, workspace: Workspace, root: Path) -> None:
        self._connection = connection
        self._root = root
        self._zone = workspace.timezone
        sources = workspace.sources
        self._consent = tuple(sources.consent.values())
        self._written: Mapping[str, TableSource | None] = {
            "users": sources.users,
            "devices": sources.devices,
            "events": sources.events,
            "suppression": sources.suppression,
        }
        self._files: dict[str, RowFile] = {}
        self._open: dict[str, Table] = {}
        self._loaded: dict[str, Signature] = {}
        self._key_type = "VARCHAR"
        self._profile: RowProfile | None = None

    def refresh(self) -> None:
        """Forget whatever is no longer what its file says. Called before every question."""
        changed = False
        for source, table in self._written.items():
            if table is None or table.path is None:
                continue
            path = self._root / table.path
            known = self._files.get(source)
            if known and path.is_file() and sign(path) == known.signature:
                continue
            if known or source in self._open:
                self._open.pop(source, None)
            self._files.pop(source, None)
            if path.is_file():
                self._files[source] = inspect_file(self._connection, source, table, path)
                changed = True
        if changed:
            self._choose_key()

    def open(self, source: str) -> Table:
        """Return `source`, ready to be queried under its own name.

        Devices and suppression that nobody wrote are empty. Raises UnavailableError if the file, or
        a column that must be there, is missing.
        """
        if source in self._open:
            return self._open[source]
        table = self._written[source]
        if table is None:
            opened = self._open_empty(source)
        else:
            find_path(source, table, self._root)
            opened = self._open_file(self._files[source], table)
        self._open[source] = opened
        return opened

    def profile(self) -> RowProfile:
        """Return how many rows of users count, and how many do not."""
        self.open("users")
        if self._profile is None:
            raise AssertionError("users are open, so they were counted")
        return self._profile

    def _open_empty(self, source: str) -> Table:
        if source in ("users", "events"):
            raise UnavailableError(
                f"there is no source `{source}`", f"add `sources.{source}` to `pushform.yaml`"
            )
        columns = ", ".join(
            f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in (*REQUIRED[source], KEY, ROW)
        )
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {source} AS SELECT {columns} WHERE false"
        )
        return Table(source, "", dict.fromkeys((*REQUIRED[source], KEY), Kind.TEXT))

    def _choose_key(self) -> None:
        """Join by whole numbers where every source has them: texts cost more than twice as much."""
        types = set()
        for source in _JOINED:
            file, table = self._files.get(source), self._written[source]
            if file and table:
                theirs = aliased(file, table.columns).get("user_id")
                types.add(file.types[theirs] if theirs else "VARCHAR")
        chosen = "BIGINT" if types and types <= _INTEGERS else "VARCHAR"
        if chosen != self._key_type:
            self._key_type = chosen
            self._open.clear()

    def _open_file(self, file: RowFile, table: TableSource) -> Table:
        names = names_of(file, table.columns)
        with reading(file.label):
            relation = file.relation if file.columnar else self._load(file, names)
            shown = names if file.columnar else {ours: ours for ours in names}
            first = self._first_rows(file, relation, shown)
            columns = self._create_view(file, relation, shown, first)
        return Table(file.source, file.shown, columns, len(file.types))

    def _load(self, file: RowFile, names: Mapping[str, str]) -> str:
        relation = identifier(f"@{file.source}")
        if self._loaded.get(file.source) == file.signature:
            return relation
        expressions = {}
        if file.source == "events":
            written = Value(identifier(names["occurred_at"]), Kind.TEXT)
            expressions["occurred_at"] = instant_of(written, self._zone)
        # The first row of a person counts, so loading is the one place where rows keep their order.
        self._connection.execute("SET preserve_insertion_order = true")
        try:
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {relation} AS"
                f" SELECT {select_list(names, expressions)} FROM {file.relation}"
            )
        finally:
            self._connection.execute("SET preserve_insertion_order = false")
        self._loaded[file.source] = file.signature
        return relation

    def _first_rows(
        self, file: RowFile, relation: str, names: Mapping[str, str]
    ) -> FirstRows | None:
        """Count the rows of users; return each person's first, None where nobody is repeated."""
        if file.source != "users":
            return None
        user_id = f"nullif(CAST({identifier(names['user_id'])} AS VARCHAR), '')"
        key = identifier(names["user_id"]) if self._key_type == "BIGINT" else user_id
        rows, present, people = self._one(
            f"SELECT count(*), count({key}), count(DISTINCT {key}) FROM {relation}"
        )
        self._profile = RowProfile(
            users=people, repeated=present - people, without_id=rows - present
        )
        if present == people:
            return None
        position = "file_row_number" if file.columnar else "rowid"
        return write_first_rows(self._connection, relation, position, key, names, self._consent)

    def _create_view(
        self, file: RowFile, relation: str, names: Mapping[str, str], first: FirstRows | None
    ) -> dict[str, Kind]:
        expressions = dict(first.expressions) if first else {}
        conditions = ["true"]
        if "user_id" in names:
            written = identifier(names["user_id"])
            expressions["user_id"] = f"nullif(CAST({written} AS VARCHAR), '')"
            whole = self._key_type == "BIGINT" and file.source in _JOINED
            key = f"CAST({written} AS BIGINT)" if whole else expressions["user_id"]
            if file.source != "suppression":
                conditions.append(f"{written} IS NOT NULL AND CAST({written} AS VARCHAR) <> ''")
        else:
            key = "CAST(NULL AS VARCHAR)"
        if (
            file.source == "events"
            and file.columnar
            and file.kind(names["occurred_at"]) is Kind.TEXT
        ):
            text = Value(identifier(names["occurred_at"]), Kind.TEXT)
            expressions["occurred_at"] = instant_of(text, self._zone)
        more = ""
        if file.source == "suppression":
            more = f", {'file_row_number' if file.columnar else 'rowid'} AS {identifier(ROW)}"
        if first is not None:
            relation = first.relation
            more = "".join(f", {sql} AS {identifier(name)}" for name, sql in first.more.items())
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {file.source} AS"
            f" SELECT {select_list(names, expressions)}, {key} AS {identifier(KEY)}{more}"
            f" FROM {relation} WHERE {' AND '.join(conditions)}"
        )
        described = self._connection.execute(f"DESCRIBE {file.source}").fetchall()
        return {row[0]: kind_of(row[1]) for row in described}

    def _one(self, sql: str) -> tuple[int, ...]:
        row = self._connection.execute(sql).fetchone()
        return tuple(row or ())
