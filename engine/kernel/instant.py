"""Instants (aware, UTC), local times in IANA zones, durations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DURATION = re.compile(r"(?P<number>[0-9]{1,9})(?P<unit>[smhdw])")
_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


YEARS = (1970, 2200)
"""Instants outside of these are mistakes, and close to the ends of the calendar sums overflow."""

_Day = TypeVar("_Day", date, datetime)


class LocalKind(StrEnum):
    """How a wall-clock time relates to instants in its zone."""

    UNIQUE = "unique"
    GAP = "gap"
    FOLD = "fold"


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """Return the IANA zone `name`, or None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def format_instant(instant: datetime) -> str:
    """Return RFC 3339 in UTC with `Z`, to the second unless there are fractions."""
    text = instant.astimezone(UTC).isoformat()
    return text.replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """Return the UTC instant of an RFC 3339 text. Raises ValueError if it names no offset."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"`{text}` has no offset: add `Z` or `+09:00`")
    _check_year(parsed.year, text)
    return parsed.astimezone(UTC)


def parse_local(text: str) -> datetime:
    """Return `YYYY-MM-DD HH:MM[:SS]` (a `T` and an offset are accepted) as it is written.

    The result is naive unless the text has an offset. Raises ValueError on anything else.
    """
    if not _LOCAL.fullmatch(text):
        raise ValueError(f"`{text}` is not a date and time like `2026-09-24 10:00`")
    return _written(datetime.fromisoformat, text)


def parse_date(text: str) -> date:
    """Return `YYYY-MM-DD` as a date. Raises ValueError on anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(f"`{text}` is not a date like `2026-09-24`")
    return _written(date.fromisoformat, text)


def _written(parse: Callable[[str], _Day], text: str) -> _Day:
    """Parse a text that has the right shape, and say in our words what is impossible about it."""
    try:
        found = parse(text)
    except ValueError:
        raise ValueError(f"`{text}` does not exist in the calendar or on the clock") from None
    _check_year(found.year, text)
    return found


def _check_year(year: int, text: str) -> None:
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"`{text}` is not between the years {YEARS[0]} and {YEARS[1]}")


@lru_cache(maxsize=256)
def parse_duration(text: str) -> timedelta:
    """Return `30m`, `4h`, `3d` … as a span of time. Raises ValueError on anything else."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is not a duration like `30m`, `4h` or `3d`")
    seconds = int(match["number"]) * _UNIT[match["unit"]]
    if seconds > 3660 * 86400:
        raise ValueError(f"`{text}` is longer than ten years")
    return timedelta(seconds=seconds)


def format_duration(span: timedelta) -> str:
    """Return the shortest text that `parse_duration` reads back: `30m`, `4h`, `90s`."""
    seconds = int(span.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNIT[unit] == 0:
            return f"{seconds // _UNIT[unit]}{unit}"
    return f"{seconds}s"


def local_kind(local: datetime, zone: ZoneInfo) -> LocalKind:
    """Tell whether the naive `local` exists in `zone` once, never (gap) or twice (fold)."""
    early = local.replace(tzinfo=zone, fold=0)
    late = local.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return LocalKind.UNIQUE
    there_and_back = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return LocalKind.FOLD if there_and_back == local else LocalKind.GAP


def resolve_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of the naive `local` in `zone`.

    A fold takes the earlier instant; a gap takes the first valid instant after it.
    """
    if local_kind(local, zone) is not LocalKind.GAP:
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    low, high = min(before, after), max(before, after)
    # The offset changes once between the two: find that instant to the second.
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
            low = middle
        else:
            high = middle
    return high


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of `day` in `zone`, in UTC."""
    return resolve_local(datetime.combine(day, time()), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant after `day` in `zone`: dates such as `until` include their day."""
    return start_of_day(day + timedelta(days=1), zone)
