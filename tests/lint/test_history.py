"""A campaign that was started is history: it is told of, but nothing about it stops anybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Setting
from engine.lint.run import run_rules
from tests.lint.workspaces import open_context, write_workspace

NIGHT = "campaign: {schedule: {at: '2026-09-24 22:00'}}"
AT = "at: 2026-09-24 20:45"


def commented(root: Path, comment: str, *, reported: bool = True) -> LintContext:
    write_workspace(root, "campaign: {schedule: {at: '2026-09-24 20:45'}}")
    path = root / "campaigns/sale.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(AT, f"{AT}  # pushform: {comment}"), "utf-8")
    return open_context(root, Setting(as_of="2027-03-01T00:00:00Z", reported=reported))[1]


def test_an_error_of_what_was_sent_is_a_warning(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, NIGHT)
    severities = {}
    for reported in (False, True):
        _, context = open_context(root, Setting(reported=reported))
        severities[reported] = {f.rule: f.severity for f in run_rules(context)}["kr-night-window"]
    assert severities == {False: Severity.ERROR, True: Severity.WARNING}


def test_a_report_shields_no_campaign_that_the_change_touches(tmp_path: Path) -> None:
    _, context = open_context(write_workspace(tmp_path, NIGHT), Setting(reported=True))
    touched = replace(context, changed=frozenset({"sale"}))
    untouched = replace(context, changed=frozenset())
    shared = replace(touched, touched=frozenset())
    severities = [
        {f.rule: f.severity for f in run_rules(one)}["kr-night-window"]
        for one in (touched, untouched, shared)
    ]
    assert severities == [Severity.ERROR, Severity.WARNING, Severity.WARNING]


@pytest.mark.parametrize(
    "comment",
    [
        "ignore[kr-night-cutoff] 200명뿐; until 2026-12-31",
        "ignore[kr-night-cutoff, kr-night-early] 200명뿐; until 2026-12-31",
    ],
)
def test_a_comment_of_what_was_sent_needs_no_renewal(tmp_path: Path, comment: str) -> None:
    assert list(run_rules(commented(tmp_path, comment))) == []
    before = run_rules(commented(tmp_path, comment, reported=False))
    assert "ignore-comment" in {f.rule for f in before}


@pytest.mark.parametrize("rule", ["schedule-past", "schedule-lead-time", "kr-nite"])
def test_a_comment_that_never_counted_stops_nobody_afterwards(tmp_path: Path, rule: str) -> None:
    comment = f"ignore[{rule}] 병합이 늦었음; until 2026-12-31"
    found = run_rules(commented(tmp_path, comment))
    assert [(f.rule, f.severity) for f in found] == [("kr-night-cutoff", Severity.WARNING)]


def test_a_mistake_in_a_shared_text_is_told_of_the_campaign_that_is_new(tmp_path: Path) -> None:
    """A plan is blocked by what is found of the campaigns that it changes, and by no other."""
    root = write_workspace(tmp_path, "template: {locales: {ko: {body: '합법 바카라 100% 환급'}}}")
    old = root / "campaigns/sale.yaml"
    text = old.read_text("utf-8").replace("id: sale", "id: tomorrow", 1)
    (root / "campaigns/tomorrow.yaml").write_text(text.replace("09-24", "09-25"), "utf-8")
    _, context = open_context(root, Setting(reported=True))
    for changed, expected in (
        (frozenset({"tomorrow"}), [("tomorrow", Severity.ERROR)]),
        (frozenset[str](), [("tomorrow", Severity.ERROR)]),
        (frozenset({"sale", "tomorrow"}), [("sale", Severity.ERROR)]),
    ):
        found = run_rules(replace(context, changed=changed))
        goods = [(f.campaign, f.severity) for f in found if f.rule == "kr-prohibited-goods"]
        assert goods == expected


def test_a_bad_comment_is_told_of_the_campaign_whose_file_it_stands_in(tmp_path: Path) -> None:
    """A plan that changes another campaign is not blocked by it."""
    comment = "ignore[kr-nite] 200명뿐; until 2027-12-31"
    found = run_rules(commented(tmp_path, comment, reported=False))
    assert ("ignore-comment", "sale") in {(f.rule, f.campaign) for f in found}
