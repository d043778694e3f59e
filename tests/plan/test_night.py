"""The night at plan: the people that are counted, the rate that is written, the hour that is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.law.finish import through_at
from engine.model.channel import Channel, ProviderSettings
from engine.model.facts import Whereabouts
from engine.model.legal import MessageType
from engine.model.plan import Guard, Plan, Timing
from engine.model.resolved import ResolvedCampaign
from engine.model.workspace import Safety
from engine.plan.guards import guard_finish, guard_night
from engine.plan.timing import estimate_timing
from tests.message.factories import a_campaign
from tests.plan.making import NOW, People, a_workspace, at, plan_of, some_facts, wanted

APP = Channel.APP
MANY = 3_000_000


def planned(rate_per_s: float, local: str = "2026-09-24 20:00") -> Plan:
    """Return the plan of an app push to three million people in Korea."""
    campaign = a_campaign(
        channels={APP: a_campaign().channels[APP]}, schedule=at(local), attributes={}
    )
    people = People(
        counts=some_facts(
            users=MANY,
            recipients=MANY,
            reachable={APP: MANY},
            deliveries={APP: MANY},
            zones={"Asia/Seoul": MANY},
            jurisdictions={"KR": MANY},
        )
    )
    workspace = a_workspace(
        channels={APP: ProviderSettings(provider="fcm", rate_per_s=rate_per_s)},
        safety=Safety(max_recipients=MANY),
    )
    return plan_of(wanted(campaign=campaign), people=people, workspace=workspace)


def finish_of(plan: Plan) -> Guard:
    (change,) = plan.changes
    (guard,) = (guard for guard in change.guards if guard.name == "finish")
    return guard


def test_three_million_at_200_a_second_do_not_fit_before_the_night() -> None:
    plan = planned(200)

    assert not finish_of(plan).passed
    assert finish_of(plan).message == (
        "the last message goes out about 2026-09-25 00:24:30, the window closes 2026-09-24 21:00:00"
    )
    assert not plan.applyable


def test_three_million_at_10000_a_second_do() -> None:
    plan = planned(10_000)

    assert finish_of(plan).passed
    assert plan.applyable


@pytest.mark.parametrize(("local", "passed"), [("20:52", True), ("20:53", False)])
def test_the_last_minutes_count(local: str, passed: bool) -> None:
    # 3,000,000 at 10,000/s take 300 s, getting up to speed 60 s, retries 75 s.
    assert finish_of(planned(10_000, f"2026-09-24 {local}")).passed is passed


def test_lint_and_plan_ask_the_same_function() -> None:
    campaign = a_campaign(schedule=at("2026-09-24 20:00", pace_per_s=500))
    start = datetime(2026, 9, 24, 11, tzinfo=UTC)

    ends = through_at(campaign, APP, start, MANY, 10_000)

    assert ends == start + timedelta(seconds=60 + 6_000 + 60 + 300)
    (change,) = plan_of(
        wanted(campaign=campaign),
        people=People(counts=some_facts(deliveries={APP: MANY}, zones={"Asia/Seoul": MANY})),
        workspace=a_workspace(channels={APP: ProviderSettings(provider="fcm", rate_per_s=10_000)}),
    ).changes
    assert change.timing is not None
    assert change.timing.finish_at == ends


def korean(*, night: bool = False) -> Whereabouts:
    return Whereabouts(channel=APP, jurisdiction="KR", zone="Asia/Seoul", region=None, night=night)


LONDON = Whereabouts(channel=APP, jurisdiction="GB", zone="Europe/London", region=None)


def timed(
    there: dict[Whereabouts, int], local: str, **schedule: object
) -> tuple[ResolvedCampaign, Timing]:
    campaign = a_campaign(
        channels={APP: a_campaign().channels[APP]},
        schedule=at(local, pace_per_s=20, **schedule),
    )
    zones: dict[str, int] = {}
    for where, count in there.items():
        zones[where.zone or ""] = zones.get(where.zone or "", 0) + count
    timing = estimate_timing(
        campaign,
        zones=zones,
        deliveries={APP: sum(there.values())},
        rates_per_s={},
        now=NOW,
        whereabouts=there,
    )
    return campaign, timing


def test_one_person_in_a_later_wave_does_not_hide_the_earlier_one() -> None:
    there = {korean(): 300_000, LONDON: 1}

    campaign, timing = timed(there, "2026-09-24 20:00", timezone="recipient")

    guard = guard_finish(campaign, timing)
    assert guard is not None
    assert not guard.passed
    assert timing.window_closes_at == datetime(2026, 9, 24, 12, tzinfo=UTC)
    assert timing.finish_at >= datetime(2026, 9, 24, 19, tzinfo=UTC)


def test_the_closed_of_every_wave_are_counted() -> None:
    there = {korean(): 5, LONDON: 2}
    _, timing = timed(there, "2026-09-24 22:00", timezone="recipient")
    assert timing.closed_deliveries == 7


def test_who_did_not_agree_to_the_night_is_closed_or_has_until_the_night() -> None:
    there = {korean(night=True): 7, korean(): 14}
    _, late = timed(there, "2026-09-24 22:00", night_consented_only=True)
    assert (late.closed_deliveries, late.no_night_consent) == (14, 14)

    many = {korean(night=True): 7, korean(): 300_000}
    campaign, evening = timed(many, "2026-09-24 20:00", night_consented_only=True)
    guard = guard_finish(campaign, evening)
    assert guard is not None
    assert not guard.passed
    free = {korean(night=True): 300_000}
    campaign, evening = timed(free, "2026-09-24 20:00", night_consented_only=True)
    assert guard_finish(campaign, evening) is None


def test_information_at_night_is_lawful_and_counted() -> None:
    campaign = a_campaign(
        type=MessageType.INFORMATIONAL,
        channels={APP: a_campaign().channels[APP]},
        schedule=at("2026-09-24 22:00"),
    )
    timing = estimate_timing(
        campaign,
        zones={"Asia/Seoul": 7, "Europe/London": 2},
        deliveries={APP: 9},
        rates_per_s={},
        now=NOW,
        whereabouts={korean(): 7, LONDON: 2},
    )
    guard = guard_night(campaign, timing)
    assert guard is not None
    assert guard.passed
    assert guard.message == "warning: 7 messages reach Korea between 21:00 and 08:00"
