"""Windows against an oracle that reads the wall clock, across zones and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.law.door import may_send
from engine.law.windows import Closed, Open, next_opening, window_at, windows_for
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.delivery import Allowed, Answer, Denied, SkipReason
from tests.law.facts import a_consent, some_facts

ZONES = (
    "Asia/Seoul",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # +05:45
    "America/St_Johns",
    "Pacific/Apia",  # no 2011-12-30 at all
    "Antarctica/Casey",  # changed in the middle of a day
    "Africa/Casablanca",
)
DAYS = (
    date(2011, 12, 29),
    date(2020, 10, 3),
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 9, 24),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2027, 3, 14),
    date(2028, 2, 29),
)
SEOUL = ZoneInfo("Asia/Seoul")


def by_the_clock(now: datetime, zones: list[ZoneInfo], closes: time = time(21)) -> bool:
    return all(time(8) <= now.astimezone(zone).time() < closes for zone in zones)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("jurisdiction", ["KR", "JP"])
def test_every_quarter_of_an_hour_agrees_with_the_wall_clock(zone: str, jurisdiction: str) -> None:
    zones = [ZoneInfo(zone), *([SEOUL] if jurisdiction == "KR" else [])]
    facts = some_facts(
        jurisdiction=jurisdiction,
        zone=zone,
        due_at=datetime(2000, 1, 1, tzinfo=UTC),
        changed_at=datetime(1999, 1, 1, tzinfo=UTC),
        planned_end=datetime(2100, 1, 1, tzinfo=UTC),
    )
    for day in DAYS:
        for minutes in range(0, 2 * 1440, 15):
            now = datetime.combine(day, time(), UTC) + timedelta(minutes=minutes)
            expected = by_the_clock(now, zones)
            answer = window_at(
                now, advertising=True, brand=False, jurisdiction=jurisdiction, zone=zone
            )
            assert isinstance(answer, Open) is expected, (zone, now)
            verdict = may_send(facts, now)
            assert isinstance(verdict, Allowed) is expected
            if not expected:
                assert verdict == Denied(reason=SkipReason.WINDOW)


@settings(max_examples=300, deadline=None)
@given(
    now=st.datetimes(datetime(2010, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    korean=st.booleans(),
    brand=st.booleans(),
    night=st.booleans(),
)
def test_edges_are_exact(now: datetime, zone: str, korean: bool, brand: bool, night: bool) -> None:
    own = [] if night else [ZoneInfo(zone), *([SEOUL] if korean else [])]

    def oracle(at: datetime) -> bool:
        kakao = not brand or by_the_clock(at, [SEOUL], time(20, 50))
        return kakao and by_the_clock(at, own)

    answer = window_at(
        now,
        advertising=True,
        brand=brand,
        jurisdiction="KR" if korean else "US",
        zone=zone,
        night_consented=night,
    )
    assert isinstance(answer, Open) is oracle(now)
    edge = answer.until if isinstance(answer, Open) else answer.opens_at
    if edge is not None:
        before = edge - timedelta(microseconds=1)
        assert oracle(before) is isinstance(answer, Open)
        assert oracle(edge) is isinstance(answer, Closed)
        for share in (0.2, 0.5, 0.8):
            assert oracle(now + (before - now) * share) is isinstance(answer, Open)


@pytest.mark.parametrize(
    ("country", "opens", "closes"),
    [
        # Hawaii opens last and the East closes first: from 08:00 HST to 21:00 EDT.
        ("US", datetime(2026, 9, 24, 18, tzinfo=UTC), datetime(2026, 9, 25, 1, tzinfo=UTC)),
        ("JP", datetime(2026, 9, 23, 23, tzinfo=UTC), datetime(2026, 9, 24, 12, tzinfo=UTC)),
        ("KR", datetime(2026, 9, 23, 23, tzinfo=UTC), datetime(2026, 9, 24, 12, tzinfo=UTC)),
    ],
)
def test_an_unknown_zone_gets_the_intersection_of_its_country(
    country: str, opens: datetime, closes: datetime
) -> None:
    def at(now: datetime) -> Open | Closed:
        return window_at(now, advertising=True, brand=False, jurisdiction=country, zone=None)

    assert at(opens) == Open(closes)
    assert isinstance(at(opens - timedelta(microseconds=1)), Closed)
    assert isinstance(at(closes), Closed)
    assert window_at(
        opens, advertising=True, brand=False, jurisdiction=country, zone="Seoul?"
    ) == Open(closes)


def test_a_country_that_does_not_exist_is_never_open() -> None:
    for hour in range(48):
        now = datetime(2026, 9, 24, tzinfo=UTC) + timedelta(hours=hour)
        answer = window_at(now, advertising=True, brand=False, jurisdiction="ZZ", zone=None)
        assert answer == Closed(None)


def test_two_far_clocks_share_only_the_hours_that_are_day_in_both() -> None:
    # 08–21 in Seoul is 19–08 of the evening before in New York (EDT): two hours are left.
    answer = window_at(
        datetime(2026, 9, 24, 12, tzinfo=UTC),
        advertising=True,
        brand=False,
        jurisdiction="KR",
        zone="America/New_York",
    )
    assert answer == Closed(datetime(2026, 9, 24, 23, tzinfo=UTC))


def test_the_next_opening_is_now_or_when_the_window_opens() -> None:
    def opening(now: datetime, **changes: Any) -> datetime | None:
        kind = {"advertising": True, "brand": False, "jurisdiction": "KR", "zone": None}
        return next_opening(now, **(kind | changes))

    noon = datetime(2026, 9, 26, 3, tzinfo=UTC)
    assert opening(noon) == noon
    assert opening(noon + timedelta(hours=10)) == datetime(2026, 9, 26, 23, tzinfo=UTC)
    french = {"jurisdiction": "FR", "zone": "Europe/Paris", "channel": Channel.SMS}
    # Saturday 23:00 in Paris: over Sunday to Monday 08:00.
    assert opening(datetime(2026, 9, 26, 21, tzinfo=UTC), **french) == (
        datetime(2026, 9, 28, 6, tzinfo=UTC)
    )
    assert opening(noon, jurisdiction="ZZ") is None


def test_informational_messages_have_no_window_at_all() -> None:
    assert windows_for(advertising=False, brand=False, jurisdiction="KR", zone="Asia/Seoul") == ()


def test_the_answer_does_not_depend_on_the_order_of_questions() -> None:
    instants = [datetime(2026, 9, 24, tzinfo=UTC) + timedelta(hours=h) for h in range(72)]

    def ask(now: datetime) -> Open | Closed:
        return window_at(now, advertising=True, brand=False, jurisdiction="KR", zone=None)

    forwards = [ask(now) for now in instants]
    backwards = [ask(now) for now in reversed(instants)]
    assert forwards == backwards[::-1]


def test_night_minutes_of_a_brand_message_are_closed_for_everybody() -> None:
    facts = some_facts(
        channel=Channel.KAKAO,
        kakao_product=KakaoProduct.BRAND,
        jurisdiction="JP",
        zone="Asia/Tokyo",
        night_consented_only=True,
        consent=a_consent(night=Answer.YES),
    )
    for minutes in range(20 * 60 + 50, 24 * 60, 5):
        now = datetime(2026, 9, 24, tzinfo=SEOUL) + timedelta(minutes=minutes)
        assert may_send(facts, now) == Denied(reason=SkipReason.WINDOW)
