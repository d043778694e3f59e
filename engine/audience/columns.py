"""What the columns of a source are, by our names, and the errors for those that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from unicodedata import normalize

from engine.audience.sql import identifier
from engine.kernel.errors import UnavailableError
from engine.kernel.frozen import frozen

KEY = "@key"
"""The column by which sources are joined: the user's id in its native type where all agree."""


class Kind(StrEnum):
    """How a column's values compare. `local` times have no zone, an `instant` has one."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LOCAL = "local"
    INSTANT = "instant"
    JSON = "json"
    OTHER = "other"


_NUMBERS = ("INT", "HUGEINT", "UINT", "DOUBLE", "FLOAT", "DECIMAL")
_NESTED = ("STRUCT", "MAP", "JSON")


def kind_of(duckdb_type: str) -> Kind:
    """Return the kind of a DuckDB type's name, such as `DECIMAL(18,3)` or `VARCHAR`."""
    name = duckdb_type.upper()
    if name.endswith("]"):
        return Kind.OTHER
    if name.startswith(("VARCHAR", "ENUM", "UUID")):
        return Kind.TEXT
    if name.startswith("TIMESTAMP WITH TIME ZONE"):
        return Kind.INSTANT
    if name.startswith(("TIMESTAMP", "DATE")):
        return Kind.LOCAL
    if name == "BOOLEAN":
        return Kind.BOOLEAN
    if name.startswith(_NESTED):
        return Kind.JSON
    if any(part in name for part in _NUMBERS):
        return Kind.NUMBER
    return Kind.OTHER


@frozen(kw_only=False)
class Value:
    """An SQL expression and the kind of what it yields."""

    sql: str
    kind: Kind

    @property
    def text(self) -> str:
        """SQL for the value as text; NULL stays NULL."""
        return self.sql if self.kind is Kind.TEXT else f"CAST({self.sql} AS VARCHAR)"


@frozen(kw_only=False)
class Table:
    """A source that is open as a relation of the same name. `file` is for messages.

    `columns` are named in NFC, and are found in NFD as well. `width` is how many the file has.
    """

    source: str
    file: str
    columns: Mapping[str, Kind]
    width: int = 0

    def has(self, name: str) -> bool:
        return normalize("NFC", name) in self.columns

    def value(self, alias: str, name: str) -> Value:
        """Return column `name` of `alias`. Raises UnavailableError if the source has none."""
        own = normalize("NFC", name)
        if own not in self.columns:
            raise missing_column(self.source, self.file, name, self.columns)
        return Value(f"{alias}.{identifier(own)}", self.columns[own])

    def text(self, alias: str, name: str) -> str:
        """Return SQL for column `name` as text, `''` read as missing; NULL where there is none."""
        if not self.has(name):
            return "CAST(NULL AS VARCHAR)"
        return f"nullif({self.value(alias, name).text}, '')"


def missing_column(
    source: str, file: str, name: str, known: Iterable[str], *others: str
) -> UnavailableError:
    """Return the error for a column that `source` should have; any of `others` would do as well."""
    names = sorted(column for column in known if not column.startswith("@"))
    close = get_close_matches(name, names, n=1)
    hint = (
        f"did you mean `{close[0]}`? otherwise map it with `sources.{source}.columns`"
        if close
        else f"add the column, or map it with `sources.{source}.columns: {{{name}: …}}`"
        f" (there are {', '.join(f'`{column}`' for column in names[:20]) or 'none'})"
    )
    wanted = " or ".join((name, *others))
    return UnavailableError(f"source `{source}` (`{file}`) has no column `{wanted}`", hint)
