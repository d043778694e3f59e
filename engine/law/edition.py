"""Which law book this is: a digest of its tables, and the rows in force on a day, as plain values."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from engine.kernel.digest import Plain, digest, digest_bytes
from engine.law.book import all_provisions
from engine.law.provision import Provision

_FOLDER = Path(__file__).parent / "tables"


@lru_cache(maxsize=1)
def book_digest() -> str:
    """Return `sha256:…` over the names and digests of all tables: another row, another digest."""
    return digest(
        {path.name: digest_bytes(path.read_bytes()) for path in sorted(_FOLDER.glob("*.toml"))}
    )


def rows_in_force(on: date, until: date | None = None) -> list[Plain]:
    """Return every row that holds on `on`, with its article, its source and how sure it is.

    With `until` every row that holds on any day from `on` to that day, both included.
    """
    last = on if until is None else until
    return [
        _plain(row)
        for row in all_provisions()
        if row.since <= last and (row.until is None or row.until > on)
    ]


def turning_days(first: date, last: date) -> tuple[date, ...]:
    """Return `first`, and every later day until `last` on which a row begins or is over."""
    ends = (day for row in all_provisions() for day in (row.since, row.until) if day is not None)
    return (first, *sorted({day for day in ends if first < day <= last}))


def _plain(row: Provision) -> Plain:
    return {
        "name": row.name,
        "jurisdiction": row.jurisdiction,
        "channels": sorted(row.channels),
        "value": list(row.value) if isinstance(row.value, tuple) else row.value,
        "week": [list(day) for day in row.week],
        "id": row.citation.id,
        "article": row.article,
        "title": row.title,
        "title_ko": row.title_ko,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "certainty": row.certainty.value,
        "note": row.note,
        "source": row.source,
        "checked_on": row.checked_on.isoformat(),
    }
