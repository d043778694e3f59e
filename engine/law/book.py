"""The law book: dated provisions, one table per jurisdiction, read once from the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path

from engine.kernel.finding import Citation, Confidence

ANYWHERE = "*"
"""The jurisdiction of rows that hold wherever a country has none of its own."""

_FOLDER = Path(__file__).parent / "tables"
_TABLES = ("any.toml", "kr.toml")

ProvisionValue = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One dated row. `until` is the first day on which it no longer holds (None: open).

    `value` is local times for windows (`("08:00", "21:00")`, end exclusive), a text, a number, or
    true for a plain duty. `article` is the provision's name, `source` where it was read on
    `checked_on`.
    """

    name: str
    jurisdiction: str
    value: ProvisionValue
    since: date
    until: date | None
    article: str
    source: str
    checked_on: date
    citation: Citation

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on `on`."""
        return self.since <= on and (self.until is None or on < self.until)


def provision(name: str, jurisdiction: str, on: date) -> Provision:
    """Return the row `name` of `jurisdiction` (ISO country) that is in force on `on`.

    A country without such a row takes the one for anywhere. Before the first row the first holds:
    an early date makes nothing laxer. Raises LookupError if there is no such name, or if its last
    row has ended.
    """
    rows = _rows()
    found = rows.get((name, jurisdiction)) or rows.get((name, ANYWHERE))
    if found is None:
        raise LookupError(f"no provision `{name}` for `{jurisdiction}`")
    for row in found:
        if row.holds(on):
            return row
    if on < found[0].since:
        return found[0]
    raise LookupError(f"provision `{name}` for `{jurisdiction}` is not in force on {on}")


@lru_cache(maxsize=4096)
def hours(name: str, jurisdiction: str, on: date) -> tuple[time, time]:
    """Return the local (opening, closing) times of window `name` on `on`; the end is exclusive."""
    value = provision(name, jurisdiction, on).value
    if not isinstance(value, tuple):
        raise TypeError(f"provision `{name}` for `{jurisdiction}` is not a window")
    opens, closes = value
    return time.fromisoformat(opens), time.fromisoformat(closes)


def all_provisions() -> tuple[Provision, ...]:
    """Return every row of every table, in the order of jurisdiction, name and date."""
    rows = _rows()
    return tuple(row for key in sorted(rows, key=lambda k: (k[1], k[0])) for row in rows[key])


def last_checked() -> date:
    """Return the day on which somebody last looked at any of the sources."""
    return max(row.checked_on for row in all_provisions())


@lru_cache(maxsize=1)
def _rows() -> Mapping[tuple[str, str], tuple[Provision, ...]]:
    found: dict[tuple[str, str], list[Provision]] = {}
    for table in _TABLES:
        text = (_FOLDER / table).read_text(encoding="utf-8")
        data = tomllib.loads(text)
        for row in data["provision"]:
            read = _read_row(data["jurisdiction"], row)
            found.setdefault((read.name, read.jurisdiction), []).append(read)
    return {key: tuple(sorted(rows, key=lambda row: row.since)) for key, rows in found.items()}


def _read_row(jurisdiction: str, row: Mapping[str, object]) -> Provision:
    value, since, until, checked = row["value"], row["from"], row.get("until"), row["checked_on"]
    if isinstance(value, list):
        value = tuple(str(item) for item in value)
    if not isinstance(value, str | int | tuple):
        raise TypeError(f"provision `{row['name']}`: a value of type {type(value).__name__}")
    if not (isinstance(since, date) and isinstance(checked, date)):
        raise TypeError(f"provision `{row['name']}`: `from` and `checked_on` are dates")
    return Provision(
        name=str(row["name"]),
        jurisdiction=jurisdiction,
        value=value,
        since=since,
        until=until if isinstance(until, date) else None,
        article=str(row["article"]),
        source=str(row["source"]),
        checked_on=checked,
        citation=Citation(
            id=str(row["id"]),
            title=f"{row['article']}: {row['title']}",
            confidence=Confidence(str(row["confidence"])),
        ),
    )
