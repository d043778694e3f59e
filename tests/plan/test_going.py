"""What really goes out: who agreed to the night at the hour of the wave, channel by channel."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.kernel.digest import canonical
from engine.kernel.errors import ExitCode
from engine.model.channel import Channel, ProviderSettings
from engine.model.channel_settings import KakaoSettings, SmsSettings
from engine.model.facts import Whereabouts
from engine.model.plan import Change, Plan, Timing
from engine.model.schedule import Schedule
from engine.plan.as_json import plan_document
from engine.plan.as_markdown import plan_markdown
from engine.plan.as_text import plan_text
from engine.plan.going import going_of
from engine.plan.guards import guard_finish, zones_named
from engine.plan.timing import estimate_timing
from tests.cli_run import check
from tests.message.factories import a_campaign
from tests.plan.making import NOW, People, a_workspace, at, plan_of, some_facts, wanted

APP, KAKAO, SMS = Channel.APP, Channel.KAKAO, Channel.SMS
Where = dict[Whereabouts, int]
Readers = dict[frozenset[Whereabouts], int]


def seoul(channel: Channel, *, night: bool) -> Whereabouts:
    return Whereabouts(
        channel=channel, jurisdiction="KR", zone="Asia/Seoul", region=None, night=night
    )


def london(channel: Channel) -> Whereabouts:
    return Whereabouts(channel=channel, jurisdiction="GB", zone="Europe/London", region=None)


NIGHT: Where = {
    seoul(APP, night=True): 400,
    seoul(APP, night=False): 800,
    seoul(SMS, night=True): 100,
    seoul(SMS, night=False): 600,
}


BOTH: Readers = {
    frozenset({seoul(APP, night=True), seoul(SMS, night=True)}): 60,
    frozenset({seoul(APP, night=True), seoul(SMS, night=False)}): 140,
    frozenset({seoul(APP, night=False), seoul(SMS, night=True)}): 40,
    frozenset({seoul(APP, night=False), seoul(SMS, night=False)}): 300,
    frozenset({seoul(APP, night=True)}): 120,
    frozenset({seoul(APP, night=False)}): 80,
    frozenset({seoul(SMS, night=False)}): 160,
}
"""Nine hundred people behind `NIGHT`, some of them with several devices."""


def planned(
    there: Where, schedule: Schedule, *, people: Readers | None = None, **facts: Any
) -> Plan:
    """Return the plan of an app push and a text message to `there`; the push has a price.

    Without `people` every message is somebody else's.
    """
    zones: dict[str, int] = {}
    deliveries: dict[Channel, int] = {}
    for where, count in there.items():
        zones[where.zone or ""] = zones.get(where.zone or "", 0) + count
        deliveries[where.channel] = deliveries.get(where.channel, 0) + count
    counts = some_facts(
        zones=zones,
        deliveries=deliveries,
        whereabouts=there,
        people=people or {frozenset({where}): count for where, count in there.items()},
        **facts,
    )
    channels = {
        APP: ProviderSettings(provider="fcm", options={"prices": {"app": 1}}),
        SMS: ProviderSettings(provider="solapi"),
    }
    campaign = a_campaign(
        channels={APP: a_campaign().channels[APP], SMS: SmsSettings(from_="15880000")},
        schedule=schedule,
    )
    return plan_of(
        wanted(campaign=campaign),
        people=People(counts=counts),
        workspace=a_workspace(channels=channels),
    )


def change_of(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def timed(plan: Plan) -> Timing:
    timing = change_of(plan).timing
    assert timing is not None
    return timing


def observed(plan: Plan) -> Any:
    document = json.loads(canonical(plan_document(plan, ExitCode.OK)))
    check(document)
    return document["changes"][0]["observed"]


LATE = at("2026-09-24 22:00", night_consented_only=True)


def test_at_night_only_who_agreed_to_it_is_counted_and_paid_for() -> None:
    plan = planned(NIGHT, LATE, people=BOTH)
    change = change_of(plan)

    going = going_of(change.facts, change.timing)
    assert going is not None
    assert (going.messages, going.skipped) == ({APP: 400, SMS: 100}, 1_400)
    assert (going.people, going.at_best) == (60 + 140 + 40 + 120, 900)
    assert [(cost.messages, cost.total) for cost in change.costs] == [(400, Decimal(400))]
    text = plan_text(plan, "Asia/Seoul")
    assert "1,000 people, 360 would get it then (900 at an open hour)" in text
    assert "app      800 people, 400 of 1,200 messages go out; lost: " in text
    assert "sms      700 people, 100 of 700 messages go out\n" in text
    assert (
        "closed     1,400 deliveries are outside their window then and would be skipped "
        "(1,400 have not agreed to the night)" in text
    )
    assert "| 360 | 2026-09-24 22:00 Asia/Seoul |" in plan_markdown(plan, "Asia/Seoul")


def test_by_day_everybody_is_counted() -> None:
    plan = planned(NIGHT, at("2026-09-24 10:00", night_consented_only=True), people=BOTH)
    change = change_of(plan)

    going = going_of(change.facts, change.timing)
    assert going is not None
    assert (going.people, going.skipped) == (900, 0)
    assert [cost.messages for cost in change.costs] == [1_200]
    assert "900 would get it\n" in plan_text(plan, "Asia/Seoul")


def test_who_has_three_devices_is_one_person() -> None:
    there: Where = {seoul(APP, night=True): 390, seoul(APP, night=False): 5}
    people: Readers = {
        frozenset({where}): count for where, count in zip(there, (130, 5), strict=True)
    }
    change = change_of(planned(there, LATE, people=people))
    going = going_of(change.facts, change.timing)
    assert going is not None
    assert (going.messages, going.people) == ({APP: 390}, 130)


def test_every_wave_has_its_own_hour() -> None:
    there = {**NIGHT, london(APP): 30, london(SMS): 3}
    timing = timed(
        planned(there, at("2026-09-24 22:00", timezone="recipient", night_consented_only=True))
    )
    assert [(part.channel, part.zones, part.deliveries, part.going) for part in timing.parts] == [
        (APP, ("Asia/Seoul",), 1_200, 400),
        (SMS, ("Asia/Seoul",), 700, 100),
        (APP, ("Europe/London",), 30, 0),
        (SMS, ("Europe/London",), 3, 0),
    ]
    assert [part.no_night_consent for part in timing.parts] == [800, 600, 30, 3]


def test_who_comes_too_soon_gets_nothing() -> None:
    there = {seoul(APP, night=False): 10, london(APP): 4}
    # 00:00 UTC: 09:30 in Seoul is in half an hour, London has eight hours left.
    some = planned(there, at("2026-09-20 09:30", timezone="recipient"))
    assert timed(some).missed_waves == 1
    people = observed(some)["people"]
    assert (people["going"], people["going_recipients"]) == ({"app": 4}, 4)
    none = planned({seoul(APP, night=False): 10}, at("2026-09-20 09:30", timezone="recipient"))
    assert timed(none).missed_waves == 1
    people = observed(none)["people"]
    assert (people["going"], people["going_recipients"], people["recipients"]) == (
        {"app": 0},
        0,
        900,
    )


def test_json_says_all_of_it() -> None:
    seen = observed(planned(NIGHT, LATE, people=BOTH))

    assert (seen["people"]["going"], seen["people"]["going_recipients"]) == (
        {"app": 400, "sms": 100},
        360,
    )
    timing = seen["timing"]
    assert (timing["closed_deliveries"], timing["no_night_consent"], timing["at_night"]) == (
        1_400,
        1_400,
        0,
    )
    assert timing["tightest"] is None
    assert [part["channel"] for part in timing["parts"]] == ["app", "sms"]

    evening = observed(planned(NIGHT, at("2026-09-24 20:00")))["timing"]
    assert evening["window_closes_at"] == evening["tightest"]["closes_at"] == "2026-09-24T12:00:00Z"
    assert evening["tightest_finish_at"] == evening["tightest"]["finish_at"]


def test_nobody_counted_is_nobody_promised() -> None:
    plan = plan_of(wanted(), offline=True)
    assert going_of(None, timed(plan)) is None
    assert observed(plan)["timing"]["parts"] == []


def waves(there: Where, local: str, pace: float) -> tuple[Plan, Timing]:
    plan = planned(there, at(local, timezone="recipient", pace_per_s=pace), recipients=9)
    return plan, timed(plan)


def test_the_tightest_wave_is_shown_with_its_own_times() -> None:
    # 30,000 at 20/s take 28 minutes; a wave of one is through in seconds, hours later.
    plan, timing = waves({seoul(APP, night=False): 30_000, london(APP): 1}, "2026-09-24 20:00", 20)
    part = timing.tightest
    assert part is not None
    assert part.zones == ("Asia/Seoul",)
    assert part.due_at == datetime(2026, 9, 24, 11, tzinfo=UTC)
    assert part.finish_at < datetime(2026, 9, 24, 12, tzinfo=UTC)
    assert timing.finish_at > datetime(2026, 9, 24, 18, tzinfo=UTC)
    text = plan_text(plan, "Asia/Seoul")
    assert re_line(text, "finish") == "about 2026-09-25 04:02 KST (2026-09-24T19:02:01Z)"
    assert re_line(text, "tightest") == (
        "app `Asia/Seoul`: from 2026-09-24 20:00 KST (2026-09-24T11:00:00Z), through about "
        "2026-09-24 20:28 KST (2026-09-24T11:28:15Z), the window closes "
        "2026-09-24 21:00 KST (2026-09-24T12:00:00Z)"
    )
    guard = next(guard for guard in change_of(plan).guards if guard.name == "finish")
    assert guard.passed
    assert guard.message == (
        "the wave of `Asia/Seoul` that begins 2026-09-24 20:00:00 is through about "
        "2026-09-24 20:28:15, its window closes 2026-09-24 21:00:00"
    )


def test_one_wave_is_told_in_one_line() -> None:
    plan = planned(NIGHT, at("2026-09-24 20:00"))
    text = plan_text(plan, "Asia/Seoul")
    assert re_line(text, "finish").endswith(
        "the window closes 2026-09-24 21:00 KST (2026-09-24T12:00:00Z)"
    )
    assert "tightest" not in text


def test_a_channel_is_held_to_its_own_window() -> None:
    # Brand messages end at 20:50; two hundred of them are through long before the apps are.
    campaign = a_campaign(
        channels={APP: a_campaign().channels[APP], KAKAO: KakaoSettings()},
        schedule=at("2026-09-24 20:00"),
    )
    there = {seoul(APP, night=False): 50_000, seoul(KAKAO, night=False): 200}
    timing = estimate_timing(
        campaign,
        zones={"Asia/Seoul": 50_200},
        deliveries={APP: 50_000, KAKAO: 200},
        rates_per_s={APP: 17, KAKAO: 100},
        now=NOW,
        whereabouts=there,
    )
    assert timing.finish_at > datetime(2026, 9, 24, 11, 50, tzinfo=UTC)
    assert timing.tightest is not None
    assert timing.tightest.channel is APP
    guard = guard_finish(campaign, timing)
    assert guard is not None
    assert guard.passed


def re_line(text: str, label: str) -> str:
    """Return what stands after `label` in the text of a plan."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"    {label:<11}"))
    return line[15:]


@pytest.mark.parametrize(
    ("zones", "named"),
    [
        (("Asia/Seoul",), "`Asia/Seoul`"),
        (("Asia/Seoul", ""), "`Asia/Seoul`, `?`"),
        (("a", "b", "c", "d", "e"), "`a`, `b`, `c` +2"),
    ],
)
def test_zones_are_named_the_largest_first(zones: tuple[str, ...], named: str) -> None:
    assert zones_named(zones) == named
