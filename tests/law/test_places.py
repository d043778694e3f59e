"""Many people's windows at once agree with each one's at the door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.law.door import may_send
from engine.law.places import Place, clocks_closed, closing_of, together_at
from engine.law.windows import Closed, Open
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.delivery import Allowed, Answer
from tests.law.facts import NOON, a_consent, seoul, some_facts

KR = Place(jurisdiction="KR", channel=Channel.APP, zone="Asia/Seoul")
BRAND = Place(jurisdiction="KR", channel=Channel.KAKAO, zone="Asia/Seoul", brand=True)
NEW_YORK = Place(jurisdiction="US", channel=Channel.SMS, zone="America/New_York", region="US-NY")
PARIS = Place(jurisdiction="FR", channel=Channel.SMS, zone="Europe/Paris")
ALL = (
    KR,
    BRAND,
    NEW_YORK,
    PARIS,
    Place(jurisdiction="US", channel=Channel.SMS),
    Place(jurisdiction="FR", channel=Channel.APP, zone="Europe/Paris"),
    Place(jurisdiction="SA", channel=Channel.SMS, zone="Asia/Riyadh"),
)


def door_opens(place: Place, now: datetime, *, night: bool) -> bool:
    facts = some_facts(
        channel=place.channel,
        kakao_product=KakaoProduct.BRAND if place.brand else None,
        jurisdiction=place.jurisdiction,
        zone=place.zone,
        region=place.region,
        night_consented_only=night,
        consent=a_consent(night=Answer.YES if night else Answer.UNKNOWN),
        due_at=datetime(2000, 1, 1, tzinfo=UTC),
        changed_at=datetime(1999, 1, 1, tzinfo=UTC),
    )
    return isinstance(may_send(facts, now), Allowed)


@settings(max_examples=200, deadline=None)
@given(
    places=st.lists(st.sampled_from(ALL), min_size=1, unique=True),
    now=st.datetimes(datetime(2026, 9, 1), datetime(2027, 3, 30), timezones=st.just(UTC)),
    night=st.booleans(),
)
def test_an_audience_is_judged_as_each_of_its_people_is(
    places: list[Place], now: datetime, night: bool
) -> None:
    counted = {place: number for number, place in enumerate(places, 1)}
    found = closing_of(counted, now, advertising=True, night_consented=night)
    shut = {place for place in places if not door_opens(place, now, night=night)}
    assert set(found.closed) == shut
    assert found.count == sum(counted[place] for place in shut)
    if found.closes_at is not None:
        ending = found.closes_at
        still = [place for place in places if place not in shut]
        assert any(not door_opens(place, ending, night=night) for place in still)
        before = ending - timedelta(microseconds=1)
        assert all(door_opens(place, before, night=night) for place in still)
    together = together_at(places, now, advertising=True, night_consented=night)
    assert isinstance(together, Open) is (not shut)


def test_two_far_places_open_together_only_for_some_hours() -> None:
    both = together_at((KR, NEW_YORK), NOON, advertising=True, night_consented=False)
    assert both == Closed(seoul("2026-09-24 21:00") + timedelta(hours=11))
    riyadh = together_at((KR, ALL[-1]), NOON, advertising=True, night_consented=False)
    assert riyadh == Closed(seoul("2026-09-24 15:00"))


def test_places_that_never_share_an_hour_are_told() -> None:
    # Riyadh's 09:00–20:00 ends when it is 07:00 in Honolulu, where texts of an unknown state open at
    # 10:00 and end at 18:00: 07:00 in Riyadh.
    honolulu = Place(jurisdiction="US", channel=Channel.SMS, zone="Pacific/Honolulu")
    both = (ALL[-1], honolulu)
    assert together_at(both, NOON, advertising=True, night_consented=False) == Closed(None)
    assert together_at(both, NOON, advertising=False, night_consented=False) == Open(None)


def test_the_clocks_of_a_country_that_are_closed() -> None:
    closed, zones = clocks_closed(
        Place(jurisdiction="US", channel=Channel.APP), datetime(2026, 9, 24, 13, tzinfo=UTC)
    )
    assert "America/New_York" not in closed  # 09:00
    assert {"America/Denver", "America/Los_Angeles", "Pacific/Honolulu"} <= set(closed)  # 07:00 …
    assert set(closed) < set(zones)
    assert clocks_closed(KR, seoul("2026-09-24 22:00")) == (("Asia/Seoul",), ("Asia/Seoul",))
    assert clocks_closed(PARIS, NOON) == (("Europe/Paris",), ("Europe/Paris",))
