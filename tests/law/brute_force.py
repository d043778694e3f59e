"""The tables read a second time, the plain way: may an advertisement start now, by the clocks?

Nothing of `engine.law` is used here. A place's hours are looked up in the TOML files as they stand,
and the wall clock of every zone is asked: there are no stretches, no offsets and no memory of
earlier answers.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

TABLES = Path(__file__).parents[2] / "engine" / "law" / "tables"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHUT = (time(0), time(0))
MEMBERS = {
    member: above
    for above in ("eu", "fr", "us")
    for member in tomllib.loads((TABLES / f"{above}.toml").read_text("utf-8"))["members"]
}
US = tomllib.loads((TABLES / "us.toml").read_text("utf-8"))["regions"]


def is_open(
    now: datetime, country: str, zone: str | None, channel: str, region: str | None = None
) -> bool:
    """Tell whether all clocks that count show an hour within the hours of their day."""
    return all(
        within(now.astimezone(ZoneInfo(name)), country, channel, region)
        for name in clocks(country, zone)
    )


def within(local: datetime, country: str, channel: str, region: str | None) -> bool:
    day, shows = local.date(), local.time()
    return all(opens <= shows < closes for opens, closes in hours_of(country, channel, region, day))


def clocks(country: str, zone: str | None) -> tuple[str, ...]:
    if country == "KR":
        return ("Asia/Seoul", zone) if zone else ("Asia/Seoul",)
    return (zone,) if zone else all_clocks(country)


@lru_cache(maxsize=64)
def all_clocks(country: str) -> tuple[str, ...]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(cell[2] for cell in cells if cell[0] == country)


@lru_cache(maxsize=200_000)
def hours_of(
    country: str, channel: str, region: str | None, day: date
) -> tuple[tuple[time, time], ...]:
    """Return every pair of hours that binds on `day`: the country's and those of its regions."""
    found = [_on(place, row, day) for place, row in _national(country, channel, day)]
    if country == "US":
        for place in [region] if region in US else US:
            found += [_on(place, row, day) for row in _windows(place, channel, day)]
    return tuple(found)


def _national(country: str, channel: str, day: date) -> list[tuple[str, dict]]:
    above = MEMBERS.get(country, "any")
    for place in (country, above, MEMBERS.get(above.upper(), "any"), "any"):
        rows = _windows(place, channel, day)
        if rows:
            return [(place, row) for row in rows]
    raise AssertionError("there is always a row for anywhere")


def _windows(place: str, channel: str, day: date) -> list[dict]:
    rows = [row for row in _rows(place) if row["from"] <= day < row.get("until", date.max)]
    own = [row for row in rows if channel in row.get("channels", [])]
    return own or [row for row in rows if "channels" not in row]


@lru_cache(maxsize=128)
def _rows(place: str) -> list[dict]:
    path = TABLES / f"{place.lower()}.toml"
    if not path.exists():
        return []
    rows = tomllib.loads(path.read_text("utf-8"))["provision"]
    return [row for row in rows if row["name"] == "ad_window"]


def _on(place: str, row: dict, day: date) -> tuple[time, time]:
    if row.get("closed_on_holidays") and day in _calendar(place, day.year):
        return SHUT
    value = row.get("days", {}).get(DAYS[day.weekday()], row["value"])
    return (time.fromisoformat(value[0]), time.fromisoformat(value[1])) if value else SHUT


@lru_cache(maxsize=256)
def _calendar(place: str, year: int) -> holidays.HolidayBase:
    country, _, part = place.upper().partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=year)


def edges_of(day: date, country: str, zone: str | None, channel: str, region: str | None):
    """Yield the instants at which a clock shows an opening or a closing on `day`, in both folds."""
    for name in clocks(country, zone):
        for pair in hours_of(country, channel, region, day):
            for at in pair:
                for fold in (0, 1):
                    local = datetime.combine(day, at, ZoneInfo(name)).replace(fold=fold)
                    yield local.astimezone(UTC)
