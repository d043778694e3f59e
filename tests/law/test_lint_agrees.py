"""Lint and door never disagree: what a schedule is told in a pull request is what the door does.

The four rules that judge a schedule against `may_send` for somebody in Seoul, at the same instant.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.law.door import may_send
from engine.lint.catalog import RULES
from engine.lint.context import LintContext
from engine.lint.due import due_of
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.delivery import Allowed, Answer, Denied, SkipReason, Verdict
from engine.model.resolved import ResolvedCampaign
from tests.law.facts import a_consent, some_facts
from tests.lint.workspaces import open_context, write_workspace

TIMED = {
    rule.META.id: rule
    for rule in RULES
    if rule.META.id
    in ("kr-night-window", "kr-night-cutoff", "kr-night-consent", "kakao-brand-window")
}
BRAND = (
    "{campaign: {channels: {app: {}, sms: null, kakao: {product: brand}}},"
    " template: {redefine: {kakao: {universal: true}}}}"
)
EDGES = [time(8), time(20, 30), time(20, 50), time(21), time(7, 59, 59), time(20, 49, 59)]

schedules = st.builds(
    datetime.combine,
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.one_of(
        st.sampled_from(EDGES),
        st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)),
    ),
)
zones = st.sampled_from(
    ["Asia/Seoul", "recipient", "America/New_York", "Europe/Paris", "Australia/Lord_Howe"]
)
homes = st.sampled_from(["Asia/Seoul", "America/Los_Angeles"])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> LintContext:
    root: Path = tmp_path_factory.mktemp("shop")
    loaded, context = open_context(write_workspace(root, BRAND))
    assert loaded.findings == ()
    return context


def scheduled(
    context: LintContext, at: datetime, zone: str, home: str, *, night: bool
) -> LintContext:
    (campaign,) = context.campaigns.values()
    schedule = replace(campaign.schedule, at=at, timezone=zone, night_consented_only=night)
    campaign = replace(campaign, schedule=schedule, workspace_timezone=home)
    return replace(context, campaigns={campaign.id: campaign})


def found(context: LintContext) -> dict[str, set[str | None]]:
    """Return the channels that each rule names (None: all of the campaign)."""
    return {name: {hit.channel for hit in rule.check(context)} for name, rule in TIMED.items()}


def at_the_door(
    campaign: ResolvedCampaign,
    channel: Channel,
    night: Answer = Answer.UNKNOWN,
    after: timedelta = timedelta(0),
) -> Verdict:
    """Ask for a person in Seoul at the instant at which lint says that it is due there."""
    due = due_of(campaign)
    assert due is not None
    now = due.korean + after
    facts = some_facts(
        channel=channel,
        kakao_product=KakaoProduct.BRAND if channel is Channel.KAKAO else None,
        night_consented_only=campaign.schedule.night_consented_only,
        consent=a_consent(night=night, read_at=now),
        due_at=due.korean,
        changed_at=due.korean - timedelta(days=1),
        planned_end=due.korean + timedelta(hours=1),
    )
    return may_send(facts, now)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=schedules, zone=zones, home=homes)
def test_by_day(opened: LintContext, at: datetime, zone: str, home: str) -> None:
    context = scheduled(opened, at, zone, home, night=False)
    hits = found(context)
    (campaign,) = context.campaigns.values()
    push, brand = at_the_door(campaign, Channel.APP), at_the_door(campaign, Channel.KAKAO)
    closed = Denied(reason=SkipReason.WINDOW)
    assert bool(hits["kr-night-window"]) is (push == closed)
    assert bool(hits["kr-night-window"] or hits["kakao-brand-window"]) is (brand == closed)
    assert isinstance(push, Allowed) is (push != closed)
    if hits["kr-night-cutoff"]:
        assert isinstance(push, Allowed)
        assert at_the_door(campaign, Channel.APP, after=timedelta(minutes=30)) == closed
    assert not hits["kr-night-consent"]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=schedules, zone=zones, home=homes)
def test_by_night(opened: LintContext, at: datetime, zone: str, home: str) -> None:
    context = scheduled(opened, at, zone, home, night=True)
    hits = found(context)
    (campaign,) = context.campaigns.values()
    assert not hits["kr-night-window"]
    agreed, unknown = (
        {channel: at_the_door(campaign, channel, answer) for channel in campaign.channels}
        for answer in (Answer.YES, Answer.UNKNOWN)
    )
    # Whoever agreed to the night gets a push at any hour, and a Brand Message in Kakao's hours.
    assert isinstance(agreed[Channel.APP], Allowed)
    assert bool(hits["kakao-brand-window"]) is not isinstance(agreed[Channel.KAKAO], Allowed)
    # The base maps a consent to the night for app only: on kakao nobody is known to have agreed.
    refused = unknown[Channel.APP] == Denied(reason=SkipReason.NO_NIGHT_CONSENT)
    assert hits["kr-night-consent"] == ({Channel.KAKAO} if refused else set())


def test_all_four_rules_are_there() -> None:
    assert len(TIMED) == 4
