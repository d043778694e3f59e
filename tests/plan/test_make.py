"""Plans: guards and what lifts them, times and waves, digests, texts, and until when all that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.errors import ExitCode
from engine.kernel.finding import Finding, Severity
from engine.kernel.instant import format_instant
from engine.kernel.origin import NOWHERE, Origin
from engine.model.audience import ExpectedSize
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings, SmsSettings
from engine.model.deployment import Status
from engine.model.facts import Whereabouts, outgrew
from engine.model.kakao import Bubble, ButtonKind, KakaoContent, KakaoItem
from engine.model.legal import Basis, MessageType
from engine.model.limit import Acknowledgement, Limit
from engine.model.plan import Action, Guard, Timing
from engine.model.schedule import Urgency
from engine.model.template import Button, Text
from engine.model.workspace import Safety
from engine.plan import guards
from engine.plan.make import plan_digest
from engine.plan.texts import count_samples, diff_texts
from engine.plan.timing import earliest, estimate_timing
from engine.plan.waves import describe_schedule, find_waves, schedule_zone
from tests.message.factories import a_campaign, a_template
from tests.plan.making import (
    DUE,
    ID,
    NOW,
    People,
    a_snapshot,
    a_workspace,
    at,
    deployed,
    plan_of,
    some_facts,
    wanted,
)

APP, KAKAO, SMS = Channel.APP, Channel.KAKAO, Channel.SMS


def lift(limit: Limit, up_to: float, until: date = date(2026, 9, 20)) -> Acknowledgement:
    return Acknowledgement(limit=limit, up_to=up_to, reason="연례 행사", until=until)


MIDNIGHT = datetime(2026, 9, 20, 15, tzinfo=UTC)
"""The end of the 20th in Seoul."""

# guards


def test_recipients_up_to_the_limit_pass() -> None:
    found = guards.guard_recipients(a_campaign(), some_facts(), Safety(max_recipients=900), NOW)

    assert found == guards.Lift(
        guard=Guard(name="max_recipients", passed=True, message="900 recipients, limit 900")
    )


def test_one_recipient_too_many_is_refused_with_the_way_on() -> None:
    found = guards.guard_recipients(a_campaign(), some_facts(), Safety(max_recipients=899), NOW)

    assert not found.guard.passed
    assert found.guard.message == "900 recipients, limit 899"
    assert found.guard.hint == (
        "if this is meant, add to campaign `chuseok-sale`: "
        'acknowledge: [{limit: max_recipients, up_to: 900, reason: …, until: "2026-09-24"}]'
    )


@pytest.mark.parametrize(
    ("up_to", "until", "passed"),
    [
        (900, date(2026, 9, 20), True),
        (899, date(2026, 9, 20), False),
        (900, date(2026, 9, 19), False),
    ],
)
def test_an_acknowledgement_lifts_its_limit_as_far_and_as_long_as_it_says(
    up_to: float, until: date, passed: bool
) -> None:
    campaign = a_campaign(acknowledge=(lift(Limit.MAX_RECIPIENTS, up_to, until),))

    found = guards.guard_recipients(campaign, some_facts(), Safety(max_recipients=10), NOW)

    assert found.guard.passed is passed
    assert found.flips_at == (MIDNIGHT if until == date(2026, 9, 20) else None)


def test_an_acknowledgement_never_lowers_a_limit_nor_ends_what_does_not_need_it() -> None:
    campaign = a_campaign(acknowledge=(lift(Limit.MAX_RECIPIENTS, 10),))

    found = guards.guard_recipients(campaign, some_facts(), Safety(max_recipients=1_000), NOW)

    assert (found.guard.passed, found.flips_at) == (True, None)


def test_growth_is_measured_against_the_last_apply() -> None:
    def found(before: int | None, now: int, *lifts: Acknowledgement) -> guards.Lift | None:
        return guards.guard_growth(
            a_campaign(acknowledge=lifts), some_facts(users=now), before, Safety(), NOW
        )

    assert found(None, 1_000) is None
    fine, much = found(1_000, 1_300), found(1_000, 1_400)
    assert fine is not None
    assert fine.guard.passed
    assert fine.guard.message == "audience 1,000 → 1,300 people (+30.0%), limit +30%"
    assert much is not None
    assert not much.guard.passed
    assert much.guard.hint is not None
    assert "acknowledge: [{limit: max_audience_growth, up_to: 40%" in much.guard.hint
    lifted = found(1_000, 1_400, lift(Limit.MAX_AUDIENCE_GROWTH, 0.4))
    assert lifted is not None
    assert (lifted.guard.passed, lifted.flips_at) == (True, MIDNIGHT)
    shrunk = found(1_000, 10)
    assert shrunk is not None
    assert shrunk.guard.passed


@settings(deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([0.0, 0.1, 0.3, 2.0]))
def test_the_plan_and_the_dispatch_judge_growth_alike(before: int, now: int, limit: float) -> None:
    found = guards.guard_growth(
        a_campaign(), some_facts(users=now), before, Safety(max_audience_growth=limit), NOW
    )

    assert found is not None
    assert found.guard.passed is not outgrew(before, now, limit)
    assert (found.guard.hint is None) is found.guard.passed


@pytest.mark.parametrize(
    ("low", "high", "passed", "message"),
    [
        (10, None, True, "1,000 people in the audience, expected 10…"),
        (1_000, 1_000, True, "1,000 people in the audience, expected 1,000…1,000"),
        (1_001, None, False, "1,000 people in the audience, expected 1,001…"),
        (None, 999, False, "1,000 people in the audience, expected …999"),
    ],
)
def test_an_audience_has_the_size_that_its_author_expects(
    low: int | None, high: int | None, passed: bool, message: str
) -> None:
    campaign = a_campaign(expect=ExpectedSize(minimum=low, maximum=high))

    found = guards.guard_expected_size(campaign, some_facts())

    assert found is not None
    assert (found.passed, found.message) == (passed, message)
    assert guards.guard_expected_size(a_campaign(), some_facts()) is None


def test_an_advertisement_must_be_through_before_its_window_closes() -> None:
    closes = datetime(2026, 9, 24, 12, tzinfo=UTC)

    def found(finish: datetime, **changes: object) -> Guard | None:
        timing = Timing(due_at=DUE, finish_at=finish, local="", window_closes_at=closes)
        return guards.guard_finish(a_campaign(**changes), timing)

    late = found(closes + timedelta(seconds=1))
    assert late is not None
    assert not late.passed
    assert late.message == (
        "the last message goes out about 2026-09-24 21:00:01, the window closes 2026-09-24 21:00:00"
    )
    assert late.hint == "start earlier, raise `schedule.pace`, or split the audience"
    on_time = found(closes)
    assert on_time is not None
    assert on_time.passed
    assert found(closes + timedelta(1), type=MessageType.INFORMATIONAL) is None


@pytest.mark.parametrize(("cancelled", "passed"), [(0, None), (5, True), (6, False)])
def test_few_cancels_pass(cancelled: int, passed: bool | None) -> None:
    found = guards.guard_cancelled(cancelled, Safety(), (), NOW)

    assert (found and found.passed) is passed
    if found:
        assert found.message == f"{cancelled} campaigns would be cancelled, limit 5"


@pytest.mark.parametrize(
    ("loaded", "deployed_", "gone", "message"),
    [
        (0, 0, 0, None),
        (0, 3, 0, "no campaign was read, but 3 are deployed"),
        (3, 3, 0, None),
        (0, 1, 1, "no campaign was read, but 1 are deployed"),
        (5, 1, 1, None),
        (7, 10, 3, None),
        (6, 10, 4, "4 of 10 deployed campaigns are gone from the files"),
    ],
)
def test_a_broken_checkout_is_not_a_wish(
    loaded: int, deployed_: int, gone: int, message: str | None
) -> None:
    found = guards.guard_vanished(loaded, [str(n) for n in range(deployed_)], gone)

    assert (found and found.message) == message
    if found:
        assert not found.passed
        assert found.hint is not None
        assert "check the checkout" in found.hint


def test_a_channel_needs_a_provider_here() -> None:
    found = guards.guard_providers(a_campaign(), {"web": "no provider", "fax": "no such thing"})

    assert [(g.passed, g.message) for g in found] == [(False, "channel `web`: no provider")]


def test_a_guard_is_placed_where_its_limit_is_written() -> None:
    guard = Guard(name="g", passed=True, message="m")

    placed = guards.at_line(guard, Origin("pushform.yaml", ("safety",)), 12)

    assert (placed.path, placed.line) == ("pushform.yaml", 12)
    assert guards.at_line(guard, NOWHERE, 1) == guard


# times and waves


def test_a_campaign_in_one_zone_has_one_wave() -> None:
    waves = find_waves(a_campaign(), {"Europe/Berlin": 5}, NOW)

    assert (waves.instants, waves.missed, waves.zones) == ((DUE,), 0, ({"Europe/Berlin": 5},))


RECIPIENT = {"schedule": at("2026-10-25 10:00", timezone="recipient")}
"""On that Sunday summer time ends in Europe, and not in New York."""


def test_each_zone_has_its_own_wave_and_an_unknown_one_is_the_workspaces() -> None:
    campaign = a_campaign(**RECIPIENT)
    zones = {"": 3, "Asia/Seoul": 9, "Asia/Tokyo": 1, "Europe/Berlin": 2, "America/New_York": 4}

    waves = find_waves(campaign, zones, NOW)

    assert [format_instant(instant) for instant in waves.instants] == [
        "2026-10-25T01:00:00Z",
        "2026-10-25T09:00:00Z",
        "2026-10-25T14:00:00Z",
    ]
    assert (waves.missed, waves.zones[-1]) == (0, {"America/New_York": 4})


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),
        ("2026-11-01 01:30", "America/New_York", "2026-11-01T05:30:00Z"),
        ("2027-03-28 02:30", "Europe/Berlin", "2027-03-28T01:00:00Z"),
    ],
)
def test_a_wave_in_a_fold_takes_the_earlier_and_in_a_gap_the_first_instant(
    local: str, zone: str, instant: str
) -> None:
    campaign = a_campaign(schedule=at(local, timezone="recipient"))

    assert [format_instant(i) for i in find_waves(campaign, {zone: 1}, NOW).instants] == [instant]


def test_a_wave_that_is_not_a_full_lead_away_is_missed() -> None:
    campaign = a_campaign(**RECIPIENT)
    zones = {"Asia/Seoul": 9, "Europe/Berlin": 2}
    seoul = datetime(2026, 10, 25, 1, tzinfo=UTC)

    on_time = find_waves(campaign, zones, seoul - timedelta(hours=1))
    late = find_waves(campaign, zones, seoul - timedelta(minutes=59))
    gone = find_waves(campaign, zones, seoul + timedelta(days=1))

    assert (len(on_time.instants), on_time.missed) == (2, 0)
    assert (len(late.instants), late.missed) == (1, 1)
    assert late.instants[0] == datetime(2026, 10, 25, 9, tzinfo=UTC)
    assert (gone.instants, gone.missed) == ((seoul,), 2)


def test_an_urgency_needs_no_lead() -> None:
    urgent = Urgency(reason="리콜", until=date(2026, 10, 25))
    campaign = a_campaign(type=MessageType.INFORMATIONAL, urgent=urgent, **RECIPIENT)
    seoul = datetime(2026, 10, 25, 1, tzinfo=UTC)

    assert find_waves(campaign, {"": 1}, seoul).missed == 0
    assert find_waves(replace(campaign, urgent=None), {"": 1}, seoul).missed == 1


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["", "Asia/Seoul", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
        st.integers(1, 99),
    ),
    st.integers(-48, 48),
)
def test_every_zone_is_in_one_wave(zones: dict[str, int], hours: int) -> None:
    campaign = a_campaign(**RECIPIENT)
    now = datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(hours=hours)

    waves = find_waves(campaign, zones, now)

    assert list(waves.instants) == sorted(set(waves.instants))
    due = {find_waves(campaign, {name: 1}, NOW).instants[0] for name in zones or {"": 0}}
    kept = {instant for instant in due if instant >= now + timedelta(hours=1)}
    assert waves.missed == len(due - kept)
    assert set(waves.instants) == (kept or {min(due)})


def test_when_a_campaign_is_through() -> None:
    def timing(pace: float | None, rate: float | None, count: int = 12_000) -> Timing:
        return estimate_timing(
            a_campaign(
                channels={APP: a_campaign().channels[APP]},
                schedule=at("2026-09-24 10:00", pace_per_s=pace),
            ),
            zones={"Asia/Seoul": count},
            deliveries={APP: count},
            rates_per_s={APP: rate},
            now=NOW,
        )

    # In whole seconds, rounded up: 12,000 at 100/s take 120 s, repeats 6 s, getting up to speed a
    # minute, an answer about the quota another.
    assert timing(100, 1_000).finish_at == DUE + timedelta(seconds=246)
    assert timing(1_000, 100).finish_at == DUE + timedelta(seconds=246)
    assert timing(100, None).finish_at == timing(100, 100).finish_at
    assert timing(None, None).finish_at == DUE + timedelta(seconds=133)
    assert timing(None, None, 0).finish_at == DUE
    assert timing(1, 1).window_closes_at == datetime(2026, 9, 24, 12, tzinfo=UTC)


def test_deliveries_in_a_closed_window_are_counted() -> None:
    campaign = a_campaign(
        channels={APP: a_campaign().channels[APP]}, schedule=at("2026-09-24 20:30")
    )

    def found(zones: dict[str, int]) -> Timing:
        return estimate_timing(campaign, zones=zones, deliveries={}, rates_per_s={}, now=NOW)

    assert found({"Asia/Seoul": 9}).closed_deliveries == 0
    night = replace(campaign, schedule=at("2026-09-24 21:00"))
    closed = estimate_timing(night, zones={"": 7}, deliveries={}, rates_per_s={}, now=NOW)
    assert (closed.closed_deliveries, closed.window_closes_at) == (7, None)
    information = replace(night, type=MessageType.INFORMATIONAL)
    free = estimate_timing(information, zones={"": 7}, deliveries={}, rates_per_s={}, now=NOW)
    assert free.closed_deliveries == 0


def test_a_plan_counts_the_closed_as_the_door_does_by_country_region_and_channel() -> None:
    sms = Channel.SMS
    campaign = a_campaign(
        channels={APP: a_campaign().channels[APP], sms: SmsSettings(from_="15880000")},
        schedule=at("2026-09-25 09:30"),
    )

    def person(channel: Channel, zone: str | None, region: str | None) -> Whereabouts:
        return Whereabouts(channel=channel, jurisdiction="US", zone=zone, region=region)

    # 00:30 UTC: 20:30 in New York, 17:30 in Los Angeles. Florida's texts end at 20:00.
    there = {
        person(APP, "America/New_York", None): 1,
        person(sms, "America/New_York", "US-FL"): 10,
        person(sms, "America/New_York", "US-NY"): 100,
        person(sms, "America/Los_Angeles", "US-CA"): 1_000,
    }
    zones = {"America/New_York": 111, "America/Los_Angeles": 1_000}
    timing = estimate_timing(
        campaign, zones=zones, deliveries={}, rates_per_s={}, now=NOW, whereabouts=there
    )
    assert timing.closed_deliveries == 10
    assert timing.window_closes_at == datetime(2026, 9, 25, 1, tzinfo=UTC)


def test_the_ramp_that_is_written_counts_in_the_finish() -> None:
    campaign = a_campaign(channels={APP: a_campaign().channels[APP]})

    def finish(ramp: timedelta) -> datetime:
        return estimate_timing(
            campaign,
            zones={},
            deliveries={APP: 1},
            rates_per_s={},
            now=NOW,
            ramps={APP: ramp},
        ).finish_at

    assert finish(timedelta(minutes=5)) - finish(timedelta(0)) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("2026-09-24 10:00", None, "2026-09-24 10:00 Asia/Seoul"),
        ("2026-09-24 10:00", "recipient", "2026-09-24 10:00 recipient"),
        ("2026-09-24 10:00", "Europe/Berlin", "2026-09-24 10:00 Europe/Berlin"),
        ("2026-09-24T10:00-05:00", None, "2026-09-24 10:00-05:00"),
    ],
)
def test_a_schedule_is_shown_as_it_was_written(text: str, zone: str | None, shown: str) -> None:
    assert describe_schedule(a_campaign(schedule=at(text, timezone=zone))) == shown


def test_a_zone_that_is_none_was_refused_before() -> None:
    with pytest.raises(ValueError, match="`Asia/Seol` is not a zone"):
        schedule_zone(a_campaign(schedule=at("2026-09-24 10:00", timezone="Asia/Seol")))


def test_the_earliest_of_those_that_are_there() -> None:
    assert earliest([None, DUE, NOW, None]) == NOW
    assert earliest([None]) is None


# texts


def test_a_changed_body_is_a_line_diff() -> None:
    def stored(body: str, title: str = "추석 특가") -> object:
        template = a_template({"ko": Text(title=title, body=body, buttons=(Button(name="보기"),))})
        channels = {APP: a_campaign().channels[APP]}
        informational = {"type": MessageType.INFORMATIONAL, "basis": Basis.ACCOUNT}
        return wanted(campaign=a_campaign(template, channels=channels, **informational)).stored

    (found,) = diff_texts(stored("오늘만\n30% 할인"), stored("오늘만\n40% 할인"))

    assert (found.channel, found.locale, found.jurisdiction, found.variant) == (
        "app",
        "ko",
        "KR",
        "default",
    )
    assert [line for line in found.lines if line[:2] in ("- ", "+ ")] == [
        "-        30% 할인",
        "+        40% 할인",
    ]
    assert "  title  추석 특가" in found.lines
    assert "  button 보기 →" in found.lines
    assert diff_texts(stored("같은 글"), stored("같은 글")) == ()
    (created,) = diff_texts(None, stored("새 글"))
    assert all(line.startswith("+ ") for line in created.lines)


def test_a_changed_row_of_a_bubble_is_a_line_diff() -> None:
    def stored(title: str) -> object:
        items = (KakaoItem(title=title, image="https://s/a.png", link="https://s"),)
        text = Text(
            kakao=KakaoContent(header="가을", items=items),
            buttons=(Button(name="상담", kind=ButtonKind.CONSULT),),
        )
        template = a_template({}, redefine={Channel.KAKAO: {"ko": text}})
        channels = {Channel.KAKAO: KakaoSettings(bubble=Bubble.WIDE_ITEM_LIST)}
        return wanted(campaign=a_campaign(template, channels=channels)).stored

    (found,) = diff_texts(stored("햇사과"), stored("햇배"))

    assert [line for line in found.lines if line[:2] in ("- ", "+ ")] == [
        "- items.0.title 햇사과",
        "+ items.0.title 햇배",
    ]
    assert "  header 가을" in found.lines


def test_samples_are_counted() -> None:
    assert count_samples(None) == 0
    assert count_samples(wanted(channels={APP: a_campaign().channels[APP]}).stored) == 1


# the plan


def test_a_create_has_everything() -> None:
    people = People()
    plan = plan_of(wanted(), people=people)

    (change,) = plan.changes
    assert (plan.applyable, plan.environment, plan.offline) == (True, "sandbox", False)
    assert change.action is Action.CREATE
    assert (change.before, change.differences, change.samples_equal) == (None, (), None)
    assert change.not_after == plan.valid_until == DUE - timedelta(hours=1)
    assert change.facts == people.counts
    assert people.compared[0][0] is None
    assert [guard.name for guard in change.guards] == ["max_recipients", "finish"]
    assert change.path == "campaigns/chuseok-sale.yaml"


def test_what_does_not_change_counts_nobody() -> None:
    people = People()
    desired = wanted()
    plan = plan_of(desired, there=[deployed(desired)], people=people)

    assert [c.action for c in plan.changes] == [Action.NONE]
    assert (plan.pending, plan.valid_until, people.compared) == ((), None, [])
    assert plan.digest == plan_digest("sandbox", ())


def test_metadata_alone_counts_nobody_and_never_expires() -> None:
    people = People()
    plan = plan_of(wanted(owner="crm"), there=[deployed(wanted())], people=people)

    (change,) = plan.pending
    assert (change.not_after, change.facts, change.timing) == (None, None, None)
    assert change.differences == ("owner",)
    assert people.compared == []


def test_an_update_holds_until_the_earlier_of_both_times() -> None:
    old_due = datetime(2026, 9, 22, 1, tzinfo=UTC)
    later = plan_of(wanted(), there=[deployed(wanted(holdout=0.1), due_at=old_due)])
    sooner = plan_of(
        wanted(schedule=at("2026-09-21 10:00")), there=[deployed(wanted(), due_at=old_due)]
    )
    over = plan_of(
        wanted(),
        there=[
            deployed(
                wanted(), status=Status.CANCELLED, reason="file: 재고", due_at=NOW - timedelta(9)
            )
        ],
    )

    assert later.valid_until == old_due - timedelta(hours=1)
    assert sooner.valid_until == datetime(2026, 9, 21, 0, tzinfo=UTC)
    assert over.valid_until == DUE - timedelta(hours=1), "what is over binds nobody"


def test_a_plan_holds_until_a_passing_rule_flips_or_an_acknowledgement_ends() -> None:
    flips = NOW + timedelta(hours=3)
    assert plan_of(wanted(), passing_until={ID: flips}).valid_until == flips
    lifted = wanted(acknowledge=(lift(Limit.MAX_RECIPIENTS, 900),))
    workspace = a_workspace(safety=Safety(max_recipients=10))
    plan = plan_of(lifted, workspace=workspace)
    assert (plan.applyable, plan.valid_until) == (True, MIDNIGHT)


def test_an_urgency_holds_until_its_day_ends_or_its_time_comes() -> None:
    urgent = Urgency(reason="리콜", until=date(2026, 9, 20))
    information = {"type": MessageType.INFORMATIONAL, "basis": Basis.SAFETY, "urgent": urgent}

    assert plan_of(wanted(**information)).valid_until == MIDNIGHT
    soon = at("2026-09-20 10:00")
    assert plan_of(wanted(schedule=soon, **information)).valid_until == datetime(
        2026, 9, 20, 1, tzinfo=UTC
    )


def test_a_cancel_holds_until_the_old_time_or_as_long_as_it_is_sent() -> None:
    ready = plan_of(there=[deployed(wanted())], stopped={ID: "재고 없음"})
    sending = plan_of(
        there=[deployed(wanted(), status=Status.SENDING, snapshot=a_snapshot())],
        stopped={ID: "재고 없음"},
    )

    assert (ready.valid_until, sending.valid_until) == (DUE, None)
    (change,) = ready.pending
    assert (change.stored, change.content_digest) == (None, None)
    assert change.title == "추석 특가"
    assert change.before == wanted().content_digest


def test_a_source_that_differs_may_read_the_same() -> None:
    def text(source: str) -> object:
        template = a_template({"ko": Text(title="추석", body=source)})
        return wanted(campaign=a_campaign(template, channels={APP: a_campaign().channels[APP]}))

    plan = plan_of(text("{{ '할인' }}"), there=[deployed(text("할인"))])  # type: ignore[arg-type]

    (change,) = plan.pending
    assert (change.samples_equal, change.texts) == (1, ())


def test_the_digest_covers_environment_and_changes_and_nothing_observed() -> None:
    plan = plan_of(wanted())

    assert plan.digest == plan_of(wanted(), people=People(some_facts(users=5)), commit=None).digest
    assert plan.digest == plan_of(wanted(), as_of=NOW + timedelta(hours=1)).digest
    assert plan.digest != plan_of(wanted(holdout=0.1)).digest
    assert plan.digest != plan_of(wanted(), there=[deployed(wanted(holdout=0.1))]).digest
    two = [change.digest for change in plan_of(wanted(), wanted(id="other")).pending]
    assert len(set(two)) == 2


def test_what_stands_against_an_apply() -> None:
    error = Finding(rule="r", severity=Severity.ERROR, message="m", at=NOWHERE, campaign=ID)

    assert not plan_of(wanted(), findings=[error]).applyable
    assert plan_of(wanted(), findings=[replace(error, campaign="another")]).applyable
    assert not plan_of(wanted(), findings=[replace(error, campaign=None)]).applyable
    assert plan_of(wanted(), findings=[replace(error, severity=Severity.WARNING)]).applyable
    assert not plan_of(wanted(), offline=True).applyable
    assert not plan_of(wanted(), state_lost="git remembers another").applyable
    assert not plan_of(wanted(), unavailable={"app": "no provider"}).applyable
    many = [deployed(wanted(id=f"c{n}")) for n in range(6)]
    assert not plan_of(there=many, stopped={one.id: "그만" for one in many}).applyable
    assert plan_of(there=many[:5], stopped={one.id: "그만" for one in many[:5]}).applyable


def test_exit_codes_are_one_meaning_each() -> None:
    from engine.cli.cmd_plan import plan_exit_code

    error = Finding(rule="r", severity=Severity.ERROR, message="m", at=NOWHERE, campaign=ID)
    blocked = plan_of(wanted(), unavailable={"app": "no provider"}, findings=[error])

    assert plan_exit_code(plan_of(wanted()), detailed=False) is ExitCode.OK
    assert plan_exit_code(plan_of(wanted()), detailed=True) is ExitCode.CHANGES
    assert plan_exit_code(plan_of(), detailed=True) is ExitCode.OK
    assert plan_exit_code(plan_of(wanted(), findings=[error]), detailed=True) is ExitCode.FINDINGS
    assert plan_exit_code(blocked, detailed=True) is ExitCode.BLOCKED
    assert plan_exit_code(replace(blocked, state_lost="x"), detailed=True) is ExitCode.MISMATCH
