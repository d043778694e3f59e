"""One open database over one workspace's sources: what every question of this room is asked of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.audience.bounds import make_moment
from engine.audience.condition import Scope, patterns_of, sources_of
from engine.audience.connection import reading
from engine.audience.sql import identifier
from engine.audience.tables import Tables
from engine.kernel.errors import UnavailableError, UsageError
from engine.model.audience import Condition, DerivedAttribute, InCampaign, parts
from engine.model.ports import Reached
from engine.model.workspace import Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyarrow import RecordBatchReader

_WHAT = "the audience"


@dataclass(slots=True, kw_only=True)
class Session:
    """The connection, the open sources, and what hashes and `campaign:` conditions need."""

    connection: DuckDBPyConnection
    workspace: Workspace
    root: Path
    state_key: bytes
    reached: Reached | None
    tables: Tables = field(init=False)

    def __post_init__(self) -> None:
        self.tables = Tables(self.connection, self.workspace, self.root)

    def scope(
        self,
        conditions: Sequence[Condition],
        attributes: Mapping[str, DerivedAttribute],
        at: datetime,
        *,
        also: Iterable[str] = (),
    ) -> Scope:
        """Return a scope at `at` with every source open that `conditions` (and `also`) need."""
        self.tables.refresh()
        needed = {"users", *also}
        for condition in conditions:
            needed |= sources_of(condition, attributes)
            self._check_patterns(condition)
        opened = {source: self.tables.open(source) for source in sorted(needed)}
        return Scope(
            moment=make_moment(at, self.workspace.timezone),
            tables=opened,
            attributes=attributes,
            reached=self._register_reached(conditions, at),
            state_key=self.state_key,
            country=self.workspace.country,
        )

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Execute one statement for its effect inside the database."""
        with reading(_WHAT):
            self.connection.execute(sql, dict(values or {}))

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of a query: only for answers that are small."""
        with reading(_WHAT):
            found: list[tuple[Any, ...]] = self.connection.execute(
                sql, dict(values or {})
            ).fetchall()
        return found

    def number(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Return the one number that a query yields."""
        return int(self.rows(sql, values)[0][0])

    def stream(self, sql: str, batch: int) -> RecordBatchReader:
        """Return the rows of a query in Arrow batches of about `batch` rows."""
        with reading(_WHAT):
            return self.connection.sql(sql).to_arrow_reader(batch)

    def keep(self, name: str, columns: Mapping[str, Sequence[object]], types: str) -> None:
        """Store small columns that Python computed as the relation `name`.

        `types` names DuckDB types in the order of `columns`, separated by commas.
        """
        names = [identifier(column) for column in columns]
        pairs = zip(names, types.split(","), strict=True)
        self.run(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)}"
            f" ({', '.join(f'{column} {type_}' for column, type_ in pairs)})"
        )
        if any(columns.values()):
            lists = {f"p{index}": list(values) for index, values in enumerate(columns.values())}
            unnested = ", ".join(f"unnest(${mark})" for mark in lists)
            self.run(f"INSERT INTO {identifier(name)} SELECT {unnested}", lists)

    def _register_reached(
        self, conditions: Sequence[Condition], at: datetime
    ) -> dict[InCampaign, str]:
        nodes = [
            part
            for condition in conditions
            for part in parts(condition)
            if isinstance(part, InCampaign)
        ]
        names: dict[InCampaign, str] = {}
        for node in nodes:
            if node in names:
                continue
            if self.reached is None:
                raise UnavailableError(
                    f"the condition `campaign: {node.campaign}` needs the state",
                    "run it where the state can be reached, or leave the condition out",
                )
            names[node] = f"@reached {len(names) + 1}"
            hashes = sorted(set(self.reached(node, at)))
            self.keep(names[node], {"hash": hashes}, "VARCHAR")
        return names

    def _check_patterns(self, condition: Condition) -> None:
        import duckdb

        for pattern in patterns_of(condition):
            try:
                self.connection.execute("SELECT regexp_full_match('', $1)", [pattern]).fetchall()
            except duckdb.Error as error:
                raise UsageError(
                    f"`{pattern}` is not a pattern", "`matches` takes RE2 syntax"
                ) from error
