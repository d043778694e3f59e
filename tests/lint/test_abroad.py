"""Advertisements abroad: which countries are meant, what their rows say, what the door does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kernel.finding import Confidence, Finding, Severity
from engine.law.windows import Closed, window_at
from engine.lint.abroad import abroad
from engine.lint.due import due_times
from engine.lint.hours_abroad import shut_rows
from engine.lint.run import run_rules
from engine.model.channel import Channel
from tests.lint.workspaces import open_context, write_workspace

TEXTS = (
    "{campaign: {audience: {attribute: country, eq: %s}, channels: {app: null},"
    " schedule: {at: '%s', timezone: recipient}},"
    " workspace: {sender: {opt_out: {sms: {ko: 'STOP 무료수신거부 080-000-0000'}}}}}"
)
PUSH = (
    "campaign: {audience: {attribute: country, eq: %s}, channels: {sms: null},"
    " schedule: {at: '%s', timezone: recipient}}"
)


def found(root: Path, *fragments: str, rule: str) -> list[Finding]:
    _, context = open_context(write_workspace(root, *fragments))
    return [finding for finding in run_rules(context) if finding.rule == rule]


@pytest.mark.parametrize(
    ("audience", "countries"),
    [
        ("everyone", []),
        ("{attribute: country, eq: us}", ["US"]),
        ("{attribute: country, in: [KR, JP, US]}", ["JP", "US"]),
        ("{all: [{attribute: country, in: [JP, US]}, {attribute: country, ne: US}]}", ["JP"]),
        ("{not: {attribute: country, eq: US}}", []),
        ("{attribute: country, not_in: [US, JP]}", []),
        ("{any: [{attribute: country, eq: US}, {attribute: grade, eq: gold}]}", ["US"]),
        ("{all: [{all: [{attribute: country, eq: GB}]}]}", ["GB"]),
    ],
)
def test_the_countries_that_an_audience_lets_in(
    audience: str, countries: list[str], tmp_path: Path
) -> None:
    _, context = open_context(write_workspace(tmp_path, f"campaign: {{audience: {audience}}}"))
    assert [one.country for one in abroad(context)] == countries


def test_an_excluded_country_is_out(tmp_path: Path) -> None:
    fragment = (
        "campaign: {audience: {attribute: country, in: [JP, VN]},"
        " exclude: [{attribute: country, eq: VN}]}"
    )
    _, context = open_context(write_workspace(tmp_path, fragment))
    assert [one.country for one in abroad(context)] == ["JP"]


def test_the_country_of_the_workspace_counts_where_nobody_names_one(tmp_path: Path) -> None:
    _, context = open_context(write_workspace(tmp_path, "workspace: {country: SG}"))
    (one,) = abroad(context)
    assert (one.country, one.at.path) == ("SG", ("country",))


def test_information_has_no_hours_abroad(tmp_path: Path) -> None:
    fragment = (
        "campaign: {type: informational, basis: safety, audience: {attribute: country, eq: VN}}"
    )
    _, context = open_context(write_workspace(tmp_path, fragment))
    assert abroad(context) == ()


def test_a_finding_cites_the_row_and_says_its_doubt(tmp_path: Path) -> None:
    (texts,) = found(tmp_path / "a", TEXTS % ("US", "2026-09-24 07:30"), rule="foreign-window")
    assert texts.severity is Severity.ERROR
    assert texts.citation is not None
    assert texts.citation.id == "us-tcpa-hours"
    assert texts.citation.confidence is Confidence.GUIDANCE
    assert "disputed in court" in texts.message
    (push,) = found(tmp_path / "b", PUSH % ("IN", "2026-09-24 09:30"), rule="foreign-window")
    assert push.severity is Severity.WARNING
    assert "unsettled" in push.message
    assert push.korean is not None
    assert "푸시에도 적용되는지는 확정되지 않았습니다" in push.korean.message


def test_a_state_that_closes_by_statute_cannot_be_ignored(tmp_path: Path) -> None:
    comment = "  # pushform: ignore[foreign-window] we asked somebody; until 2026-12-31\n"
    fragment = (
        "campaign:\n"
        "  channels: {app: null}\n"
        "  audience: {attribute: country, eq: US}\n"
        "  schedule:\n"
        "    timezone: recipient\n"
        f"    at: '2026-09-24 %s'{comment}"
    )
    workspace = "workspace: {sender: {opt_out: {sms: {ko: 'STOP 무료수신거부 080-000-0000'}}}}"
    # 20:30: Alabama and others by statute. 07:30: the federal hours, which are disputed.
    closed = found(tmp_path / "a", fragment % "20:30", workspace, rule="foreign-window")
    assert [finding.citation and finding.citation.confidence for finding in closed] == [
        Confidence.STATUTE
    ]
    assert not found(tmp_path / "b", fragment % "07:30", workspace, rule="foreign-window")


@pytest.mark.parametrize(
    ("where", "broken"),
    [
        ("within: 730d", False),
        ("within: 731d", True),
        ("before: '2020-01-01'", True),
    ],
)
def test_a_purchase_in_canada_implies_consent_for_two_years(
    where: str, broken: bool, tmp_path: Path
) -> None:
    fragment = (
        "campaign: {exception: {ended_at: user.last_order_at, direct: true, same_goods: true},"
        " channels: {sms: null}, schedule: {at: '2026-09-24 12:00', timezone: recipient},"
        " audience: {all: [{attribute: country, eq: CA}, {attribute: last_order_at, %s}]}}"
    )
    assert bool(found(tmp_path, fragment % where, rule="ca-implied-expiry")) is broken


def test_the_same_country_is_told_once_for_all_campaigns_that_share_its_audience(
    tmp_path: Path,
) -> None:
    fragment = (
        "{audience: {kind: audience, id: buyers, where: {attribute: country, eq: VN}},"
        " campaign: {audience: buyers, channels: {sms: null},"
        " schedule: {timezone: recipient}},"
        " second: {kind: campaign, id: second, title: 둘째, type: advertising, audience: buyers,"
        " channels: {app: {android: {channel_id: marketing}}}, message: {template: sale},"
        " action: {app: 'sampleshop://sale', web: 'https://shop.example/sale'},"
        " schedule: {at: '2026-09-25 10:00', timezone: recipient}}}"
    )
    (only,) = found(tmp_path, fragment, rule="jurisdiction-unknown")
    assert only.at.file == "audiences/buyers.yaml"


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    country=st.sampled_from(["US", "FR", "IN", "AE", "SA", "CN", "JP", "GB"]),
    local=st.builds(
        datetime,
        st.just(2026),
        st.integers(9, 12),
        st.integers(1, 28),
        st.integers(0, 23),
        st.sampled_from([0, 29, 30, 59]),
    ),
)
def test_hours_abroad_are_the_doors_where_nothing_of_a_person_is_known(
    country: str, local: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("shop")
    written = TEXTS % (country, f"{local:%Y-%m-%d %H:%M}")
    _, context = open_context(write_workspace(root, written))
    (due,) = due_times(context)
    shut = shut_rows(due, country, texts=True)
    zone = {"US": "America/New_York", "FR": "Europe/Paris", "IN": "Asia/Kolkata"}.get(country)
    zone = zone or {"AE": "Asia/Dubai", "SA": "Asia/Riyadh", "CN": "Asia/Shanghai"}.get(country)
    zone = zone or {"JP": "Asia/Tokyo", "GB": "Europe/London"}[country]
    instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    door = window_at(
        instant,
        advertising=True,
        brand=False,
        jurisdiction=country,
        zone=zone,
        channel=Channel.SMS,
    )
    # Holidays are `holiday-calendar`'s: the door may be closed where the hours are open.
    if shut:
        assert isinstance(door, Closed)
    elif isinstance(door, Closed):
        assert found(root, written, rule="holiday-calendar")


def test_a_fixed_instant_is_looked_at_in_every_zone(tmp_path: Path) -> None:
    fragment = (
        "{campaign: {audience: {attribute: country, eq: US}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 %s', timezone: America/New_York}}}"
    )
    assert not found(tmp_path / "a", fragment % "15:00", rule="foreign-window")
    (early,) = found(tmp_path / "b", fragment % "09:00", rule="foreign-window")
    assert early.severity is Severity.WARNING
    assert "due at 04:00 in America/Adak (and in 11 of 28 other zones)" in early.message


def test_new_year_is_a_holiday_of_its_own_year(tmp_path: Path) -> None:
    (off,) = found(tmp_path, TEXTS % ("FR", "2027-01-01 12:00"), rule="holiday-calendar")
    assert "2027-01-01 is a public holiday in FR" in off.message
