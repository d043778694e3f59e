"""The embedded DuckDB: bounded, offline, in UTC, spilling into a private folder."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.kernel.errors import UnavailableError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_LIMIT = "650MB"
"""What the database may hold before it spills: with Python and Arrow beside it this stays below the
1 GiB of the design's bar for 10 M people."""
THREADS = 2


def make_private(directory: Path) -> Path:
    """Create `directory` (and missing parents) for the owner only and return it."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
    except OSError as error:
        raise UnavailableError(
            f"`{directory}` cannot be made: {error.strerror}",
            "audiences are evaluated with files there: check the rights of the folder",
        ) from error
    return directory


def open_connection(root: Path) -> tuple[DuckDBPyConnection, Path]:
    """Return an in-memory database and the folder under `root/.pushform/tmp` that it spills into.

    The caller removes the folder (`remove_spill`) when the connection is closed.
    """
    import duckdb

    make_private(root / ".pushform")
    spill = Path(tempfile.mkdtemp(dir=make_private(root / ".pushform" / "tmp"), prefix="people-"))
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    # Results that need an order ask for it; keeping one that nobody asked for costs memory.
    connection.execute("SET preserve_insertion_order = false")
    return connection, spill


def remove_spill(spill: Path) -> None:
    """Remove what the database left behind."""
    shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn a database's failure into UnavailableError about `what`.

    Only the kind of the failure and a line number are passed on: the database's own text may quote
    the row, and rows are people.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise UnavailableError(f"{what} cannot be read: {_reason(str(error))}", _HINT) from error


_HINT = "check that the file is complete and written as its extension says, in UTF-8"
_REASONS = (
    ("not utf-8", "it is not UTF-8"),
    ("invalid unicode", "it is not UTF-8"),
    ("Expected Number of Columns", "a row has more or fewer fields than the header"),
    ("unterminated quote", "a quote is not closed"),
    ("state machine", "its lines end in different ways, or a quote is not closed"),
    ("Maximum line size", "a line is too long"),
    ("Malformed JSON", "it has malformed JSON"),
    ("No magic bytes", "it is not a Parquet file"),
    ("too small to be a Parquet file", "it is not a Parquet file"),
    ("Out of Memory", "memory and disk are not enough for it"),
    ("memory limit", "memory and disk are not enough for it"),
)


def _reason(text: str) -> str:
    found = next((reason for mark, reason in _REASONS if mark in text), "the database refused it")
    line = re.search(r"(?:on Line: |at byte \d+ in .* line )(\d+)", text)
    return f"{found} (line {line[1]})" if line else found
