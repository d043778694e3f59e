"""Windows: the local hours in which a message may start, exact to the microsecond, DST-safe.

A window is open at its first instant and closed at its last: 20:59:59.999999 is open, 21:00:00 is
not, 08:00:00 is. Hours are looked up by the local date, in force on that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.kernel.instant import find_zone
from engine.law.book import ANYWHERE, hours
from engine.law.jurisdiction import KOREA, SEOUL, zones_of

AD_WINDOW = "ad_window"
BRAND_WINDOW = "kakao_brand_window"

_LOOK_AHEAD_DAYS = 8
_DAY = timedelta(days=1)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of provision `name` of `jurisdiction`, read off the clock of `zone`."""

    name: str
    jurisdiction: str
    zone: str


@dataclass(frozen=True, slots=True)
class Open:
    """It may start now. `until` is the first instant at which it may not (None: nothing binds)."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Closed:
    """It may not start now. `opens_at` is None where no window opens within eight days."""

    opens_at: datetime | None


ALWAYS = Open(None)


def windows_for(
    *,
    advertising: bool,
    brand: bool,
    jurisdiction: str,
    zone: str | None,
    night_consented: bool = False,
) -> tuple[Window, ...]:
    """Return every window that must be open at once.

    An advertisement to a Korean resident is judged in Asia/Seoul and on the person's own clock; to
    others on their own clock. Where that is unknown all zones of the country bind (Korea:
    Asia/Seoul). Consent to the night lifts these. Brand Messages have Kakao's window on top, which
    nothing lifts. Informational messages, AlimTalk among them, have none.
    """
    found = [Window(BRAND_WINDOW, ANYWHERE, SEOUL)] if brand else []
    if advertising and not night_consented:
        zones = [SEOUL] if jurisdiction == KOREA else []
        if zone is not None and find_zone(zone) is not None:
            zones.append(zone)
        elif jurisdiction != KOREA:
            zones.extend(zones_of(jurisdiction))
        found.extend(Window(AD_WINDOW, jurisdiction, name) for name in dict.fromkeys(zones))
    return tuple(found)


_Key = tuple[bool, bool, str, str | None, bool]
_memo: dict[_Key, tuple[datetime, datetime, Open | Closed]] = {}


def window_at(
    now: datetime,
    *,
    advertising: bool,
    brand: bool,
    jurisdiction: str,
    zone: str | None,
    night_consented: bool = False,
) -> Open | Closed:
    """Return whether a message may start at `now` (aware), until when, or when it may next.

    The answer holds for a stretch of time and is remembered for it, so a second call for the same
    kind of recipient costs two comparisons.
    """
    key = (advertising, brand, jurisdiction, zone, night_consented)
    known = _memo.get(key)
    if known is not None and known[0] <= now < known[1]:
        return known[2]
    windows = windows_for(
        advertising=advertising,
        brand=brand,
        jurisdiction=jurisdiction,
        zone=zone,
        night_consented=night_consented,
    )
    if not windows:
        return ALWAYS
    answer = judge(windows, now)
    if len(_memo) > 8192:
        _memo.clear()
    _memo[key] = answer
    return answer[2]


def judge(windows: tuple[Window, ...], now: datetime) -> tuple[datetime, datetime, Open | Closed]:
    """Return (from, to, answer): what holds at `now`, and the stretch of time in which it does."""
    now = now.astimezone(UTC)
    first = now.date()
    low = datetime.combine(first - _DAY, time(), UTC)
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        day = first + ahead * _DAY
        for start, end in open_stretches(windows, day):
            if end <= now:
                low = max(low, end)
            elif start <= now:
                return max(start, low), end, Open(end)
            else:
                return low, start, Closed(start)
    return low, datetime.combine(first + _DAY, time(), UTC), Closed(None)


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
            opens, closes = hours(window.name, window.jurisdiction, local_day)
            begin = max(low, datetime.combine(local_day, opens, UTC) - offset)
            end = min(high, datetime.combine(local_day, closes, UTC) - offset)
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
