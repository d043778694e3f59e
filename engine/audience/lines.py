"""Where rows stand in their file: the lines that an editor shows, whatever stands between them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path


def places(path: Path | None, rows: Sequence[int], count: int, most: int) -> str:
    """Return in words where the rows of `rows` (from 0) stand: `line 3` or `lines 3, 9, …`.

    `count` is how many rows the file has, `most` how many are named. A file without lines, or one
    that is counted differently here, is told by rows below its header.
    """
    named = rows[:most]
    lines = _lines(path, named, count) if path is not None and named else None
    what, numbers = ("row", [row + 1 for row in named]) if lines is None else ("line", lines)
    listed = ", ".join(str(number) for number in numbers)
    more = ", …" if len(rows) > most else ""
    below = " below the header" if lines is None else ""
    return f"{what}{'' if len(rows) == 1 else 's'} {listed}{more}{below}"


def _lines(path: Path, rows: Sequence[int], count: int) -> list[int] | None:
    """Return the line on which each row begins, from 1; None where this reader counts other rows."""
    suffix = path.suffix.lower()
    begins = {".csv": _begin_csv, ".jsonl": _begin_json, ".ndjson": _begin_json}.get(suffix)
    if begins is None:
        return None
    wanted, found, seen = set(rows), {}, 0
    try:
        for seen, line in enumerate(begins(path), 1):
            if seen - 1 in wanted:
                found[seen - 1] = line
    except (csv.Error, OSError, UnicodeDecodeError):
        return None
    return [found[row] for row in rows] if seen == count else None


def _begin_csv(path: Path) -> Iterator[int]:
    """Yield the first line of every record but the header: a field in quotes may take several."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        # In a file of one column the database takes an empty line for a row.
        alone = len(next(reader, [])) == 1
        begins = reader.line_num + 1
        for record in reader:
            if record or alone:
                yield begins
            begins = reader.line_num + 1


def _begin_json(path: Path) -> Iterator[int]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number
