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


def rows_in_force(on: date) -> list[Plain]:
    """Return every row that holds on `on`, with its article, its source and how sure it is."""
    return [_plain(row) for row in all_provisions() if row.holds(on)]


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
