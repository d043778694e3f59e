"""The tables on disk: one TOML file per jurisdiction, read when it is asked for, row by row.

A run of lint looks at a handful of rows. Parsing all tables would cost more than its rules, so a
file is cut at its `[[provision]]` lines and a row is parsed when its name is first looked up.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from engine.kernel.frozen import frozen
from engine.law.provision import Provision, read_row

ANYWHERE = "*"
"""The jurisdiction of rows that hold wherever a country has none of its own."""

_FOLDER = Path(__file__).parent / "tables"
_ROW = "[[provision]]\n"
_NAME = re.compile(r'name = "([a-z0-9_]+)"\n')
_CHECKED = re.compile(r"^checked_on = (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
_TURN = re.compile(r"^(?:from|until) = (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


@frozen
class Table:
    """One jurisdiction's file. `rows` are still text, by name.

    `members` are other countries for which it holds as well (of a union, or lands with a code of
    their own), `regions` the ISO 3166-2 codes of a country whose
    parts have law of their own.
    """

    jurisdiction: str
    members: frozenset[str]
    regions: frozenset[str]
    rows: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def jurisdictions() -> frozenset[str]:
    """Return everything that has a table: countries, their regions, unions, and `ANYWHERE`."""
    return frozenset(_jurisdiction_of(path) for path in _FOLDER.glob("*.toml"))


@lru_cache(maxsize=128)
def table(jurisdiction: str) -> Table | None:
    """Return the table of `jurisdiction` (ISO 3166-1 or 3166-2, a union, `ANYWHERE`), or None."""
    if jurisdiction not in jurisdictions():
        return None
    head, *blocks = _text(jurisdiction).split(_ROW)
    rows: dict[str, list[str]] = {}
    for block in blocks:
        name = _NAME.match(block)
        if name is None:
            raise ValueError(f"a row of `{jurisdiction}` does not begin with its name")
        rows.setdefault(name[1], []).append(block)
    about = tomllib.loads(head)
    return Table(
        jurisdiction=about["jurisdiction"],
        members=frozenset(about.get("members", ())),
        regions=frozenset(about.get("regions", ())),
        rows={name: tuple(found) for name, found in rows.items()},
    )


@lru_cache(maxsize=4096)
def rows_of(name: str, jurisdiction: str) -> tuple[Provision, ...]:
    """Return the rows `name` that `jurisdiction` itself has, for all channels, oldest first."""
    found = table(jurisdiction)
    if found is None:
        return ()
    rows = [read_row(jurisdiction, tomllib.loads(text)) for text in found.rows.get(name, ())]
    return tuple(sorted(rows, key=lambda row: row.since))


def last_checked() -> date:
    """Return the day on which somebody last looked at any of the sources."""
    return max(
        date.fromisoformat(day)
        for jurisdiction in jurisdictions()
        for day in _CHECKED.findall(_text(jurisdiction))
    )


def last_turn(on: date) -> date:
    """Return the last day until `on` on which a row of any table begins or is over.

    Between two such days the law of the day is the same, so what was judged by it stays as it was.
    """
    return max((day for day in _turns() if day <= on), default=date.min)


@lru_cache(maxsize=1)
def _turns() -> frozenset[date]:
    texts = map(_text, jurisdictions())
    return frozenset(date.fromisoformat(day) for text in texts for day in _TURN.findall(text))


def _jurisdiction_of(path: Path) -> str:
    return ANYWHERE if path.stem == "any" else path.stem.upper()


def _text(jurisdiction: str) -> str:
    stem = "any" if jurisdiction == ANYWHERE else jurisdiction.lower()
    return (_FOLDER / f"{stem}.toml").read_text(encoding="utf-8")
