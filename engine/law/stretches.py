"""The stretches of time in which windows are open: local hours laid on the line of instants.

A zone is cut where its offset changes, so a gap shortens a window and a fold lengthens it, as it
does on the wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone
from engine.law.daily import daily_hours
from engine.model.channel import Channel

_DAY = timedelta(days=1)
Stretch = tuple[datetime, datetime]


@frozen(kw_only=False)
class Window:
    """The hours of provision `name` of `jurisdiction`, read off the clock of `zone`.

    `region` is an ISO 3166-2 code (None: unknown, so every region binds); `channel` the one whose
    own hours count (None: those for every channel).
    """

    name: str
    jurisdiction: str
    zone: str
    region: str | None = None
    channel: Channel | None = None


@lru_cache(maxsize=8192)
def open_stretches(windows: tuple[Window, ...], day: date) -> tuple[Stretch, ...]:
    """Return when all `windows` are open together, from the UTC day before `day` to that after."""
    first, *rest = (_stretches(window, day) for window in windows)
    for other in rest:
        first = tuple(_intersect(first, other))
    return first


@lru_cache(maxsize=8192)
def _stretches(window: Window, day: date) -> tuple[Stretch, ...]:
    zone = find_zone(window.zone)
    if zone is None:
        return ()
    start = datetime.combine(day - _DAY, time(), UTC)
    found: list[Stretch] = []
    for low, high, offset in _pieces(zone, start, start + 3 * _DAY):
        local_day, last = (low + offset).date(), (high + offset).date()
        while local_day <= last:
            allowed = daily_hours(
                window.name, window.jurisdiction, window.region, window.channel, local_day
            )
            if allowed is not None:
                begin = max(low, datetime.combine(local_day, allowed[0], UTC) - offset)
                end = min(high, datetime.combine(local_day, allowed[1], UTC) - offset)
                if begin < end:
                    if found and found[-1][1] == begin:
                        begin = found.pop()[0]
                    found.append((begin, end))
            local_day += _DAY
    return tuple(found)


def _intersect(left: Iterable[Stretch], right: tuple[Stretch, ...]) -> Iterator[Stretch]:
    for a, b in left:
        for c, d in right:
            if a < d and c < b:
                yield max(a, c), min(b, d)


def _pieces(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut [start, end) where the zone's offset changes: (from, to, offset), all in UTC."""
    low = start
    while low < end:
        offset = _offset(zone, low)
        high = low
        while high < end and _offset(zone, high) == offset:
            high += timedelta(hours=6)
        high = min(high, end)
        if _offset(zone, high) != offset:
            high = _change(zone, max(low, high - timedelta(hours=6)), high, offset)
        yield low, high, offset
        low = high


def _change(zone: ZoneInfo, low: datetime, high: datetime, offset: timedelta) -> datetime:
    """Return the first whole second in (low, high] with another offset than `offset`."""
    before, after = int(low.timestamp()), int(high.timestamp())
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == offset:
            before = middle
        else:
            after = middle
    return datetime.fromtimestamp(after, UTC)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - every ZoneInfo has one
    return offset
