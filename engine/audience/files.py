"""Files of rows: which columns they have and how the database reads them."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

import csv
import glob
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.audience.columns import Kind, kind_of
from engine.audience.connection import reading
from engine.audience.sql import identifier, literal
from engine.kernel.errors import UnavailableError, UsageError
from engine.kernel.frozen import frozen
from engine.model.workspace import TableSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Signature = tuple[int, int, int, int]
"""A file's identity and age: inode, size, modified, changed (ns). Equal means: the same content."""


_HEADER_BYTES = 1 << 20
"""What a first line may take: a file without lines is not read to its end to find that out."""


@frozen(kw_only=False)
class RowFile:
    """A file of rows. `types` are the source's own column names with the database's types.

    `columnar` files are read where they lie; the others are loaded once per signature.
    """

    source: str
    shown: str
    relation: str
    types: Mapping[str, str]
    columnar: bool
    signature: Signature

    @property
    def label(self) -> str:
        return f"source `{self.source}` (`{self.shown}`)"

    def kind(self, column: str) -> Kind:
        return kind_of(self.types[column])


def find_path(source: str, table: TableSource, root: Path) -> Path:
    """Return the file of `table`. Raises UnavailableError for none, UsageError for a `url`."""
    if table.path is None:
        raise UsageError(
            f"source `{source}` has a `url`: this version reads files only",
            "export it to csv, parquet or jsonl and give its `path`; databases are planned"
            " with the extras `postgres` and `warehouse`",
        )
    path = root / table.path
    if not path.is_file():
        raise UnavailableError(
            f"source `{source}` cannot be read: `{table.path}` does not exist",
            f"create the file, or correct `sources.{source}.path` in `pushform.yaml`",
        )
    return path


def sign(path: Path) -> Signature:
    """Return the signature of a file that exists."""
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def inspect_file(
    connection: DuckDBPyConnection, source: str, table: TableSource, path: Path
) -> RowFile:
    """Look at the columns of `path` without reading its rows.

    Raises UnavailableError if it is empty, damaged, or of an extension that is not read.
    """
    signature = sign(path)
    name = literal(glob.escape(str(path)))
    suffix = path.suffix.lower()
    where = f"source `{source}` (`{table.path}`)"
    if suffix == ".csv":
        types = dict.fromkeys(_read_header(source, table, path), "VARCHAR")
        relation = (
            f"read_csv({name}, auto_detect=false, header=true, delim=',', quote='\"',"
            f" escape='\"', columns={_struct(types)})"
        )
    elif suffix in (".jsonl", ".ndjson"):
        lines = f"{name}, format='newline_delimited'"
        found = _describe(connection, where, f"read_json({lines}, sample_size=-1, maximum_depth=1)")
        types = dict.fromkeys(found, "VARCHAR")
        relation = f"read_json({lines}, columns={_struct(types)})"
    elif suffix == ".parquet":
        relation = f"read_parquet({name}, file_row_number=true)"
        types = _describe(connection, where, relation)
        del types["file_row_number"]
    else:
        raise UnavailableError(
            f"source `{source}` cannot be read: `{table.path}` ends in `{path.suffix}`",
            "use a file that ends in `.csv`, `.parquet` or `.jsonl`",
        )
    return RowFile(source, str(table.path), relation, types, suffix == ".parquet", signature)


def _describe(connection: DuckDBPyConnection, where: str, relation: str) -> dict[str, str]:
    with reading(where):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return {row[0]: row[1] for row in rows}


def _read_header(source: str, table: TableSource, path: Path) -> list[str]:
    where = f"source `{source}` (`{table.path}`)"
    try:
        # Only the header is judged here: the database finds the line of anything further down.
        with path.open("rb") as file:
            raw = file.read(_HEADER_BYTES)
        text = io.StringIO(raw.decode("utf-8-sig", "surrogateescape"), newline="")
        names = next(csv.reader(text), [])
        "".join(names).encode()
    except (UnicodeEncodeError, OSError) as error:
        raise UnavailableError(
            f"{where} cannot be read: its first line is not UTF-8 text", "save it as UTF-8"
        ) from error
    except csv.Error as error:
        raise _endless(where) from error
    if len(raw) == _HEADER_BYTES and not text.read(1):
        raise _endless(where)
    if not any(names):
        raise UnavailableError(f"{where} is empty", "its first line must name the columns")
    seen: set[str] = set()
    for name in names:
        if not name or name.lower() in seen:
            what = f"names the column `{name}` twice" if name else "has a column without a name"
            raise UnavailableError(f"{where} {what}", "give every column a name of its own")
        seen.add(name.lower())
    return names


def _endless(where: str) -> UnavailableError:
    return UnavailableError(
        f"{where} cannot be read: its first line does not end", "begin it with the column names"
    )


def _struct(types: Mapping[str, str]) -> str:
    return (
        "{" + ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items()) + "}"
    )


def select_list(names: Mapping[str, str], expressions: Mapping[str, str]) -> str:
    """Return `expression AS ours` for every column; `expressions` replaces some of them."""
    return ", ".join(
        f"{expressions.get(ours, identifier(theirs))} AS {identifier(ours)}"
        for ours, theirs in names.items()
    )
