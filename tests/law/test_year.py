"""A year of advertisements: none starts in a closed window, none is refused in an open one.

The door against a second reading of the tables (`brute_force`). Here: the edges of every window, a
second before, at and a second after, on days that matter; and every minute of some days. Every
minute of the year in all zones and jurisdictions is `benchmarks/law_year.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.law.door import may_send
from engine.law.shelf import ANYWHERE, jurisdictions
from engine.model.channel import Channel
from engine.model.delivery import Allowed, DeliveryFacts, Denied, SkipReason
from tests.law import brute_force
from tests.law.facts import some_facts

ZONES = (
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/St_Johns",  # half past
    "Pacific/Apia",  # the far side of the date line
)
COUNTRIES = sorted(
    place for place in jurisdictions() if "-" not in place and place not in (ANYWHERE, "EU")
)
STATES = sorted(place for place in jurisdictions() if place.startswith("US-"))
PLACES = (
    *((country, None) for country in (*COUNTRIES, "NL", "VN", "PR", "RE")),
    *(("US", state) for state in (*STATES, "US-NY")),
)
DAYS = (
    date(2026, 1, 1),  # a holiday everywhere
    date(2026, 1, 19),  # Martin Luther King Jr. Day
    date(2026, 3, 7),  # a Saturday, and the Sunday of the change to summer time in America
    date(2026, 3, 8),
    date(2026, 3, 28),  # the same in Europe
    date(2026, 3, 29),
    date(2026, 4, 5),  # the change to winter time in Australia
    date(2026, 5, 1),  # a holiday in France
    date(2026, 7, 3),  # Independence Day, observed
    date(2026, 9, 24),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),  # a Sunday, a change of the clock, a holiday in France
    date(2026, 12, 25),
    date(2026, 12, 31),
)
MORE_DAYS = tuple(date(2026, 1, 3) + timedelta(days=19 * number) for number in range(19))
SECOND = timedelta(seconds=1)


def facts_for(
    country: str, region: str | None, zone: str | None, channel: Channel
) -> DeliveryFacts:
    return some_facts(
        channel=channel,
        jurisdiction=country,
        region=region,
        zone=zone,
        due_at=datetime(2000, 1, 1, tzinfo=UTC),
        changed_at=datetime(1999, 1, 1, tzinfo=UTC),
        planned_end=datetime(2100, 1, 1, tzinfo=UTC),
    )


def agree(facts: DeliveryFacts, now: datetime) -> bool:
    expected = brute_force.is_open(
        now, facts.jurisdiction, facts.zone, str(facts.channel), facts.region
    )
    verdict = may_send(facts, now)
    return isinstance(verdict, Allowed) if expected else verdict == Denied(reason=SkipReason.WINDOW)


@pytest.mark.parametrize("zone", ZONES)
def test_the_edges_of_every_window_are_exact_for_texts(zone: str) -> None:
    for country, region in PLACES:
        facts = facts_for(country, region, zone, Channel.SMS)
        for day in DAYS + MORE_DAYS:
            for edge in set(brute_force.edges_of(day, country, zone, "sms", region)):
                for now in (edge - SECOND, edge, edge + SECOND):
                    assert agree(facts, now), (country, region, zone, now)


@pytest.mark.parametrize("channel", [Channel.APP, Channel.WEB])
def test_the_edges_of_every_window_are_exact_for_push(channel: Channel) -> None:
    for country in ("KR", "US", "FR", "IN", "SA", "VN"):
        for zone in ZONES[::3]:
            facts = facts_for(country, None, zone, channel)
            for day in DAYS:
                for edge in set(brute_force.edges_of(day, country, zone, "app", None)):
                    for now in (edge - SECOND, edge, edge + SECOND):
                        assert agree(facts, now), (country, zone, now)


@pytest.mark.parametrize("country", ["KR", "FR", "BR", "AU", "US"])
def test_where_the_zone_is_unknown_every_clock_of_the_country_counts(country: str) -> None:
    for channel in (Channel.APP, Channel.SMS):
        facts = facts_for(country, None, None, channel)
        for day in DAYS[::2]:
            for edge in set(brute_force.edges_of(day, country, None, "app", None)):
                for now in (edge - SECOND, edge):
                    assert agree(facts, now), (country, channel, now)


@pytest.mark.parametrize(
    ("country", "zone", "channel"),
    [
        ("KR", "America/New_York", Channel.APP),
        ("US", "America/Los_Angeles", Channel.SMS),
        ("FR", "Europe/Paris", Channel.SMS),
    ],
)
def test_every_minute_of_some_days(country: str, zone: str, channel: Channel) -> None:
    facts = facts_for(country, None, zone, channel)
    for day in DAYS:
        for minute in range(1440):
            now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
            assert agree(facts, now), now


def test_a_state_narrows_the_country_and_an_unknown_one_is_the_narrowest() -> None:
    open_in = {
        region: {
            minute
            for minute in range(0, 1440, 10)
            if isinstance(
                may_send(
                    facts_for("US", region, "America/Chicago", Channel.SMS),
                    datetime(2026, 9, 24, 5, tzinfo=UTC) + timedelta(minutes=minute),
                ),
                Allowed,
            )
        }
        for region in (*STATES, "US-NY", None)
    }
    assert open_in["US-NY"] == set(range(8 * 60, 21 * 60, 10))
    assert open_in[None] == set.intersection(*open_in.values()) == set(range(600, 1080, 10))
