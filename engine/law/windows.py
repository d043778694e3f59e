"""Windows: the local hours in which a message may start, exact to the microsecond, DST-safe.

A window is open at its first instant and closed at its last: 20:59:59.999999 is open, 21:00:00 is
not, 08:00:00 is. Hours are looked up by the local date (its weekday, its holidays), in force on
that date.

Outside Korea hours are written for texts: they bind the channel sms, all of them at the door. App
and web push there have the practice for anywhere at the door; that the hours for texts may bind
push as well is unsettled, so lint only warns of it (`foreign-window`).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone
from engine.law.book import ANYWHERE
from engine.law.daily import lifted_by_consent
from engine.law.jurisdiction import KOREA, SEOUL, zones_of
from engine.law.stretches import Window, open_stretches
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct

AD_WINDOW = "ad_window"
BRAND_WINDOW = "kakao_brand_window"

LOOK_AHEAD_DAYS = 8
"""How many days ahead an opening is looked for: longer than any run of Sundays and holidays."""
_DAY = timedelta(days=1)


@frozen(kw_only=False)
class Open:
    """It may start now. `until` is the first instant at which it may not (None: nothing binds)."""

    until: datetime | None


@frozen(kw_only=False)
class Closed:
    """It may not start now. `opens_at` is None where no window opens within eight days."""

    opens_at: datetime | None


ALWAYS = Open(None)


def is_brand(channel: Channel, product: KakaoProduct | None) -> bool:
    """Tell whether Kakao's own hours for Brand Messages apply."""
    return channel is Channel.KAKAO and product is not KakaoProduct.ALIMTALK


def windows_for(
    *,
    advertising: bool,
    brand: bool,
    jurisdiction: str,
    zone: str | None,
    night_consented: bool = False,
    channel: Channel | None = None,
    region: str | None = None,
) -> tuple[Window, ...]:
    """Return every window that must be open at once.

    An advertisement to a Korean resident is judged in Asia/Seoul and on the person's own clock; to
    others on their own clock. Where that is unknown all zones of the country bind (Korea:
    Asia/Seoul), and likewise all regions. Consent to the night lifts the hours of Korea and those
    of practice, not other countries' hours for texts. Brand Messages have Kakao's window on top,
    which nothing lifts. Informational messages, AlimTalk among them, have none.
    """
    found = [Window(BRAND_WINDOW, ANYWHERE, SEOUL)] if brand else []
    own = channel if channel is Channel.SMS else None
    if advertising and not (night_consented and lifted_by_consent(AD_WINDOW, jurisdiction, own)):
        found += _ad_windows(jurisdiction, zone, region, own)
    return tuple(found)


def _ad_windows(
    jurisdiction: str, zone: str | None, region: str | None, channel: Channel | None
) -> list[Window]:
    zones = [SEOUL] if jurisdiction == KOREA else []
    if zone is not None and find_zone(zone) is not None:
        zones.append(zone)
    elif jurisdiction != KOREA:
        zones.extend(zones_of(jurisdiction))
    return [Window(AD_WINDOW, jurisdiction, name, region, channel) for name in dict.fromkeys(zones)]


_Key = tuple[bool, bool, str, str | None, bool, bool, str | None]
_memo: dict[_Key, tuple[datetime, datetime, Open | Closed]] = {}


def window_at(
    now: datetime,
    *,
    advertising: bool,
    brand: bool,
    jurisdiction: str,
    zone: str | None,
    night_consented: bool = False,
    channel: Channel | None = None,
    region: str | None = None,
) -> Open | Closed:
    """Return whether a message may start at `now` (aware), until when, or when it may next.

    The answer holds for a stretch of time and is remembered for it, so a second call for the same
    kind of recipient costs two comparisons. `region` is an ISO 3166-2 code (None: unknown).
    """
    texts = channel is Channel.SMS
    key = (advertising, brand, jurisdiction, zone, night_consented, texts, region)
    known = _memo.get(key)
    if known is not None and known[0] <= now < known[1]:
        return known[2]
    windows = windows_for(
        advertising=advertising,
        brand=brand,
        jurisdiction=jurisdiction,
        zone=zone,
        night_consented=night_consented,
        channel=channel,
        region=region,
    )
    if not windows:
        return ALWAYS
    answer = judge(windows, now)
    if len(_memo) > 8192:
        _memo.clear()
    _memo[key] = answer
    return answer[2]


def next_opening(
    now: datetime,
    *,
    advertising: bool,
    brand: bool,
    jurisdiction: str,
    zone: str | None,
    night_consented: bool = False,
    channel: Channel | None = None,
    region: str | None = None,
) -> datetime | None:
    """Return `now` if a message may start, else when it may next (None: not within eight days)."""
    window = window_at(
        now,
        advertising=advertising,
        brand=brand,
        jurisdiction=jurisdiction,
        zone=zone,
        night_consented=night_consented,
        channel=channel,
        region=region,
    )
    return now if isinstance(window, Open) else window.opens_at


def judge(windows: tuple[Window, ...], now: datetime) -> tuple[datetime, datetime, Open | Closed]:
    """Return (from, to, answer): what holds at `now`, and the stretch of time in which it does."""
    now = now.astimezone(UTC)
    first = now.date()
    low = datetime.combine(first - _DAY, time(), UTC)
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = first + ahead * _DAY
        for start, end in open_stretches(windows, day):
            if end <= now:
                low = max(low, end)
            elif start <= now:
                return max(start, low), end, Open(end)
            else:
                return low, start, Closed(start)
    return low, datetime.combine(first + _DAY, time(), UTC), Closed(None)
