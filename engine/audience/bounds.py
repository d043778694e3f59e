"""Bounds of time, computed here and handed to the database as plain values.

The database compares; it never converts bounds. An instant becomes two values: itself, for columns
that know their zone, and the wall-clock time of the workspace's zone, for columns that do not. With
f(local) = `kernel.instant.resolve_local` (monotone: a fold is the earlier instant, a gap the
first valid one), `f(local) >= instant` is the same as `local >= wall(instant)`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.audience.columns import Kind, Value
from engine.audience.sql import Params, literal
from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.kernel.instant import (
    LocalKind,
    find_zone,
    local_kind,
    parse_date,
    parse_local,
    resolve_local,
    start_of_day,
)

TICK = timedelta(microseconds=1)
"""What the database's clock resolves: `<= x` is written as `< x + TICK`."""

_HAS_OFFSET = r":\d{2}.*(Z|z|[+-]\d{2}(:?\d{2})?)$"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@frozen(kw_only=False)
class Moment:
    """The instant that every relative condition is judged at, and the workspace's zone."""

    at: datetime
    zone: ZoneInfo

    @property
    def end(self) -> datetime:
        """The first instant that does not exist yet."""
        return self.at + TICK

    def since(self, span: timedelta) -> datetime:
        """Return the first instant of the last `span`: (at − span, at] without its open end."""
        return self.at - span + TICK


def make_moment(at: datetime, timezone: str) -> Moment:
    """Return the moment `at` (aware) in the IANA zone `timezone`. Raises UsageError for no zone."""
    zone = find_zone(timezone)
    if zone is None:
        raise UsageError(
            f"`{timezone}` is not a time zone", "use an IANA name such as `Asia/Seoul`"
        )
    return Moment(at.astimezone(UTC), zone)


def read_bound(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant of a date (from 00:00), a local time or an instant. Raises UsageError."""
    try:
        if _DATE.fullmatch(text):
            return start_of_day(parse_date(text), zone)
        written = parse_local(text)
    except ValueError as error:
        raise UsageError(
            f"`{text}` is not a date or a time",
            "write `2026-09-24`, `2026-09-24 10:00` or `2026-09-24T10:00:00+09:00`",
        ) from error
    return resolve_local(written, zone) if written.tzinfo is None else written.astimezone(UTC)


def is_bound(value: object) -> bool:
    """Tell whether `value` is a text that `read_bound` reads."""
    if not isinstance(value, str):
        return False
    try:
        read_bound(value, ZoneInfo("UTC"))
    except UsageError:
        return False
    return True


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the least naive local time whose instant in `zone` is not before `instant`."""
    local = instant.astimezone(zone).replace(tzinfo=None)
    near = (local - timedelta(hours=3), local + timedelta(hours=3))
    if all(
        (edge.replace(tzinfo=zone).utcoffset() == instant.astimezone(zone).utcoffset())
        for edge in near
    ):
        return local
    low, high = near
    while high - low > TICK:
        middle = low + (high - low) // 2
        if _instant(middle, zone) >= instant:
            high = middle
        else:
            low = middle
    return high


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    if local_kind(local, zone) is LocalKind.GAP:
        return resolve_local(local, zone)
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def not_before(value: Value, instant: datetime, zone: ZoneInfo, params: Params) -> str:
    """Return SQL for `value >= instant`; NULL where the value is no date and no time."""
    return _compare(value, ">=", instant, zone, params)


def before(value: Value, instant: datetime, zone: ZoneInfo, params: Params) -> str:
    """Return SQL for `value < instant`; NULL where the value is no date and no time."""
    return _compare(value, "<", instant, zone, params)


def _compare(value: Value, sign: str, instant: datetime, zone: ZoneInfo, params: Params) -> str:
    match value.kind:
        case Kind.INSTANT:
            return f"{value.sql} {sign} {params.add(instant)}"
        case Kind.LOCAL:
            return f"{value.sql} {sign} {params.add(wall(instant, zone))}"
        case Kind.TEXT:
            return (
                f"CASE WHEN regexp_matches({value.sql}, {literal(_HAS_OFFSET)})"
                f" THEN TRY_CAST({value.sql} AS TIMESTAMPTZ) {sign} {params.add(instant)}"
                f" ELSE TRY_CAST({value.sql} AS TIMESTAMP) {sign} {params.add(wall(instant, zone))}"
                " END"
            )
        case _:
            return "CAST(NULL AS BOOLEAN)"


def instant_of(value: Value, zone: str) -> str:
    """Return SQL for the instant (TIMESTAMPTZ) of `value`; NULL where it is no date and no time.

    A time without an offset is the workspace's; one that happens twice is the earlier.
    """
    if value.kind is Kind.INSTANT:
        return value.sql
    name = literal(zone)
    if value.kind is Kind.LOCAL:
        return _earlier(f"CAST({value.sql} AS TIMESTAMP)", name)
    if value.kind is not Kind.TEXT:
        return "CAST(NULL AS TIMESTAMPTZ)"
    return (
        f"CASE WHEN regexp_matches({value.sql}, {literal(_HAS_OFFSET)})"
        f" THEN TRY_CAST({value.sql} AS TIMESTAMPTZ)"
        f" ELSE {_earlier(f'TRY_CAST({value.sql} AS TIMESTAMP)', name)} END"
    )


def _earlier(local: str, zone: str) -> str:
    # ICU reads a time that happens twice as the later one: an hour before it is the same local
    # time.
    later = f"timezone({zone}, {local})"
    hour_before = f"({later} - INTERVAL 1 HOUR)"
    return (
        f"CASE WHEN timezone({zone}, {hour_before}) = {local} THEN {hour_before} ELSE {later} END"
    )
