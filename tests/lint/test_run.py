"""Running rules: what is stamped, sorted, reported once, and what a crash comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from engine.kernel.errors import ExitCode
from engine.kernel.finding import Severity
from engine.lint.catalog import RULES
from engine.lint.context import LintContext
from engine.lint.rule import Hit, Rule, RuleMeta, Setting, practice
from engine.lint.run import RuleCrashedError, passing_until, run_rules
from tests.lint.workspaces import open_context, write_workspace

SECOND = """\
kind: campaign
id: second
type: advertising
audience: everyone
channels: {{app: {{android: {{channel_id: marketing}}}}, sms: {{from: "15880000"}}}}
message: {{template: {template}}}
action: {{web: "https://shop.example/second"}}
schedule: {{at: "2026-09-25 10:00", timezone: Asia/Seoul}}
"""


def test_findings_are_sorted_by_place_and_stamped(tmp_path: Path) -> None:
    root = write_workspace(
        tmp_path,
        "campaign: {schedule: {at: '2026-09-24 23:30'}}",
        "template: {locales: {ko: {title: '[광고] 추석 특가 {{ name }}'}, en: {title: '(AD) {{ x }}'}}}",
        "workspace: {sender: {opt_out: {app: null}}}",
    )
    _, context = open_context(root)
    found = run_rules(context)
    assert [finding.rule for finding in found] == [
        "kr-night-window",
        "kr-ad-optout-missing",
        "kr-ad-label-variant",
        "kr-ad-label-translated",
        "template-undefined-variable",
    ]
    assert [finding.at.file for finding in found] == [
        "campaigns/sale.yaml",
        "pushform.yaml",
        *["templates/sale.yaml"] * 3,
    ]
    night = found[0]
    assert night.severity is Severity.ERROR
    assert night.citation is not None
    assert night.citation.id == "kr-network-act-50-3"
    assert (night.campaign, night.jurisdiction) == ("sale", "KR")
    assert context.sources.locate(night.at).line == 18


def test_a_text_that_two_campaigns_share_is_reported_once(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, "template: {locales: {ko: {title: '(광 고) {{ name }}'}}}")
    (root / "campaigns/second.yaml").write_text(SECOND.format(template="sale"), "utf-8")
    _, context = open_context(root)
    assert [(f.rule, f.campaign) for f in run_rules(context)] == [("kr-ad-label-variant", "sale")]


def test_campaigns_of_a_shape_that_fails_are_all_looked_at(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, "campaign: {ad_label: body}")
    own = SECOND.format(template="other") + "ad_label: body\n"
    (root / "campaigns/second.yaml").write_text(own, "utf-8")
    other = (root / "templates/sale.yaml").read_text("utf-8").replace("id: sale", "id: other")
    (root / "templates/other.yaml").write_text(other, "utf-8")
    _, context = open_context(root)
    found = {(f.rule, f.campaign, f.locale) for f in run_rules(context)}
    assert found == {
        ("kr-ad-label-body-only", campaign, locale)
        for campaign in ("sale", "second")
        for locale in ("ko", "en")
    }


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("최대 50%", "최대 50% 🔥", "sms-encoding"),
        ("최대 50%", "(광 고) 최대 50%", "kr-ad-label-variant"),
        ("최대 50%", "(광고) 최대 50% (광고)", "kr-ad-label-duplicate"),
        ("default: 고객, sample: 민지", "default: null, sample: null", "template-render"),
    ],
)
def test_a_campaign_out_of_the_ordinary_is_seen_behind_one_that_passes(
    tmp_path: Path, old: str, new: str, rule: str
) -> None:
    root = write_workspace(tmp_path)
    (root / "campaigns/zweite.yaml").write_text(
        SECOND.format(template="other").replace("id: second", "id: zweite"), "utf-8"
    )
    text = (
        "kind: template\nid: other\n"
        "variables: {name: {type: string, from: user.name, default: 고객, sample: 민지}}\n"
        'locales: {ko: {title: "{{ name }}님, 추석 특가", body: "전 상품 20% 할인"},\n'
        '  en: {title: "{{ name }}, Chuseok sale", body: "20% off everything"}}\n'
        'redefine: {sms: {ko: {body: "최대 50% {{ link }}"}, en: {body: "Up to 50% {{ link }}"}}}\n'
    )
    (root / "templates/other.yaml").write_text(text, "utf-8")
    assert run_rules(open_context(root)[1]) == ()
    assert old in text
    (root / "templates/other.yaml").write_text(text.replace(old, new), "utf-8")
    found = run_rules(open_context(root)[1])
    assert {(f.rule, f.at.file) for f in found} == {(rule, "templates/other.yaml")}


def test_drafts_and_cancelled_campaigns_are_left_alone(tmp_path: Path) -> None:
    broken = "campaign: {type: null, schedule: {at: '2020-01-01 23:30'}, %s}"
    for line in ("draft: true", "cancelled: 재고 부족"):
        _, context = open_context(write_workspace(tmp_path, broken % line))
        assert [f for f in run_rules(context) if f.at.file.startswith("campaigns")] == []


def test_a_rule_that_crashes_is_a_bug_and_named(tmp_path: Path) -> None:
    def check(context: LintContext) -> Iterator[Hit]:
        yield Hit(message="fine so far", at=context.workspace.origin)
        raise KeyError("moon")

    meta = RuleMeta(
        id="own-moon", title="…", severity=Severity.ERROR, rests_on=practice("moon", "moon")
    )
    rule = cast("Rule", SimpleNamespace(META=meta, EXAMPLES=(), check=check))
    _, context = open_context(write_workspace(tmp_path))
    with pytest.raises(
        RuleCrashedError, match="the rule `own-moon` crashed: KeyError: 'moon'"
    ) as e:
        run_rules(context, [rule])
    assert e.value.exit_code is ExitCode.BUG


def test_clock_rules_say_when_their_verdict_changes(tmp_path: Path) -> None:
    _, context = open_context(write_workspace(tmp_path), Setting(as_of="2026-09-24T00:30:00Z"))
    (late,) = run_rules(context)
    assert late.rule == "schedule-lead-time"
    assert late.flips_at == datetime(2026, 9, 24, 1, tzinfo=UTC)
    after = replace(context, as_of=late.flips_at)
    assert [f.rule for f in run_rules(after)] == ["schedule-past"]


def test_passing_clock_rules_say_until_when(tmp_path: Path) -> None:
    _, context = open_context(write_workspace(tmp_path))
    until = passing_until(context)
    assert until == {"sale": datetime(2026, 9, 24, 0, tzinfo=UTC)}
    assert run_rules(replace(context, as_of=until["sale"])) == ()
    just_after = until["sale"].replace(second=1)
    assert [f.rule for f in run_rules(replace(context, as_of=just_after))] == ["schedule-lead-time"]


@pytest.mark.parametrize(
    ("changed", "reported", "severity"),
    [(True, False, "error"), (False, False, "warning"), (False, True, None), (True, True, None)],
)
@pytest.mark.parametrize("as_of", ["2026-09-24T00:30:00Z", "2026-09-25T00:00:00Z"])
def test_what_nobody_touched_is_a_warning_and_a_report_is_silence(
    tmp_path: Path, as_of: str, changed: bool, reported: bool, severity: str | None
) -> None:
    setting = Setting(as_of=as_of, changed=changed, reported=reported)
    _, context = open_context(write_workspace(tmp_path), setting)
    assert [f.severity for f in run_rules(context)] == ([severity] if severity else [])


def test_an_urgent_informational_campaign_needs_no_lead_until_its_day_ends(tmp_path: Path) -> None:
    urgent = (
        "{campaign: {type: informational, basis: safety, channels: {sms: null},"
        " urgent: {reason: 리콜 안내, until: '%s'}, schedule: {at: '2026-09-24 10:00'}},"
        " template: {redefine: null,"
        " locales: {en: null, ko: {title: '{{ name }}님', body: 리콜 대상입니다}}}}"
    )
    setting = Setting(as_of="2026-09-24T00:30:00Z")
    _, context = open_context(write_workspace(tmp_path, urgent % "2026-09-24"), setting)
    assert run_rules(context) == ()
    _, context = open_context(write_workspace(tmp_path, urgent % "2026-09-23"), setting)
    assert [f.rule for f in run_rules(context)] == ["schedule-lead-time"]


def test_a_workspace_abroad_owes_korea_nothing_until_it_names_it(tmp_path: Path) -> None:
    fragments = (
        "workspace: {country: JP, sender: {opt_out: {app: null}}}",
        "campaign: {schedule: {at: '2026-09-24 23:30', timezone: Asia/Tokyo}}",
    )
    _, context = open_context(write_workspace(tmp_path, *fragments))
    assert {f.rule for f in run_rules(context)} == {"foreign-window"}
    named = "campaign: {audience: {attribute: country, in: [JP, KR]}}"
    _, context = open_context(write_workspace(tmp_path, *fragments, named))
    of_korea = {f.rule for f in run_rules(context) if f.rule.startswith("kr-")}
    assert of_korea == {"kr-night-window", "kr-ad-optout-missing"}


def test_the_order_of_rules_does_not_matter(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, "campaign: {schedule: {at: '2026-09-24 23:30'}, type: null}")
    forwards = run_rules(open_context(root)[1])
    backwards = run_rules(open_context(root)[1], tuple(reversed(RULES)))
    assert forwards == backwards
    assert len(forwards) == 2


@pytest.mark.parametrize(
    "way_out", ["무료수신거부 080-000-0000", "알림끄기 : 마이>설정>알림", "수신 해지 02-123-4567"]
)
def test_a_way_out_of_its_own_speaks_for_no_other_campaign(tmp_path: Path, way_out: str) -> None:
    root = write_workspace(
        tmp_path,
        "workspace: {sender: {opt_out: {sms: null}}}",
        "campaign: {channels: {app: null}}",
        "template: {locales: null, variables: null,"
        " redefine: {sms: {en: null, ko: {body: '최대 50% %s'}}}}".replace("%s", way_out),
    )
    own = SECOND.format(template="other").replace("id: second", "id: zweite")
    own = re.sub("channels: .*", 'channels: {sms: {from: "15880000"}}', own)
    (root / "campaigns/zweite.yaml").write_text(own, "utf-8")
    text = (root / "templates/sale.yaml").read_text("utf-8").replace("id: sale", "id: other")
    text = text.replace(f" {way_out}", "")
    (root / "templates/other.yaml").write_text(text, "utf-8")
    found = [f for f in run_rules(open_context(root)[1]) if f.rule == "kr-ad-optout-missing"]
    assert [(f.channel, f.at.file) for f in found] == [("sms", "pushform.yaml")]
