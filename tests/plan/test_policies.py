"""Policies: what does not hold, or cannot be told, blocks; nothing takes longer than it may."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from engine.app.session import open_session
from engine.cli.linting import lint_files
from engine.kernel.errors import BlockedError
from engine.kernel.finding import Severity
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.model.plan import Action, Change, Guard, Plan
from engine.model.policy import Policy, PolicyTest
from engine.plan.korean import KOREAN, in_korean
from engine.plan.policies import check_policies, hold_policies
from engine.workspace.read import hold_workspace, read_share
from tests.end_to_end.small import DUE, Shop
from tests.plan.making import NOW

AT = Origin("pushform.yaml", ("policies", 0))


def a_policy(rule: str, **changes: Any) -> Policy:
    values: dict[str, Any] = {"id": "ours", "message": "안 됩니다", "origin": AT}
    return Policy(rule=rule, **(values | changes))


def a_change(name: str = "sale", **changes: Any) -> Change:
    values: dict[str, Any] = {
        "action": Action.CREATE,
        "categories": (),
        "digest": "sha256:" + "0" * 64,
        "before": None,
        "content_digest": None,
        "stored": {"campaign": {"id": name, "type": "advertising", "title": "추석 특가"}},
        "not_after": None,
    }
    return Change(campaign=name, **(values | changes))


def a_plan(*changes: Change) -> Plan:
    return Plan(
        environment="sandbox",
        as_of=NOW,
        digest="sha256:" + "1" * 64,
        valid_until=None,
        applyable=True,
        changes=changes or (a_change(),),
    )


def held(rule: str, plan: Plan | None = None, **changes: Any) -> Plan:
    return hold_policies(plan or a_plan(), [a_policy(rule, **changes)], SourceMap())


HOLD = (
    "change.action == 'create'",
    "campaign.type == 'advertising' && campaign.title.startsWith('추석')",
    "plan.summary.create == 1",
    "size(plan.changes) < 2 && plan.changes.all(c, c.campaign != 'x')",
    "!has(campaign.owner)",
    "timestamp(plan.as_of).getHours('Asia/Seoul') < 24",
    "1.5 > 1.0",
)
BLOCK = {
    "change.action == 'cancel'": "안 됩니다",
    "plan.summary.create == 0": "안 됩니다",
    "campaign.owner == 'growth'": "there is no `owner`",
    "change.nothing.here": "there is no `nothing`",
    "people.size() > 0": "the rule cannot be evaluated: there is no `people`",
    "change.action": "it is neither true nor false",
    "change.action > 3": "the rule cannot be evaluated",
    "plan.summary.create / 0 == 1": "the rule cannot be evaluated: it divides by zero",
    "change.action ==": "it is not CEL (line 1",
    "(" * 900 + "true" + ")" * 900: "the rule cannot be evaluated",
}


BROKEN = (
    "it is not CEL",
    "it is not CEL (line 1, column 9)",
    "it is nested too deep",
    "it is neither true nor false",
    "it has no value",
    "it has no value (TypeError)",
    "it divides by zero",
    "there is no `owner`",
    "there is no such key",
    "a member is asked of a value that has none",
    "two values of different kinds stand beside an operator",
)


def guards_by_name(rules: Iterable[str]) -> tuple[Plan, dict[str, Guard]]:
    policies = [a_policy(rule, id=f"p{number}") for number, rule in enumerate(rules)]
    plan = hold_policies(a_plan(), policies, SourceMap())
    return plan, {guard.name: guard for guard in (*plan.guards, *plan.changes[0].guards)}


def test_what_holds_is_ok() -> None:
    plan, guards = guards_by_name(HOLD)
    assert plan.applyable
    assert {name: guard.passed for name, guard in guards.items()} == {
        f"policy p{number}": True for number in range(len(HOLD))
    }


def test_what_does_not_hold_or_cannot_be_told_blocks() -> None:
    plan, guards = guards_by_name(BLOCK)
    assert not plan.applyable
    for number, said in enumerate(BLOCK.values()):
        guard = guards[f"policy p{number}"]
        assert not guard.passed
        assert guard.message.startswith("안 됩니다")
        assert said in guard.message


@pytest.mark.parametrize("rule", ["change.action == 'cancel'", "false", "1 +"])
def test_one_that_does_not_hold_is_enough(rule: str) -> None:
    assert not hold_policies(a_plan(), [a_policy("true"), a_policy(rule)], SourceMap()).applyable


def test_a_warning_is_shown_and_stops_nothing() -> None:
    plan = held("false", severity=Severity.WARNING)
    assert plan.applyable
    assert plan.guards[0].message == "warning: 안 됩니다"


def test_every_change_is_asked_and_what_does_not_change_is_not() -> None:
    plan = a_plan(
        a_change("one"),
        a_change("two", action=Action.CANCEL, stored=None),
        a_change("three", action=Action.NONE, stored=None),
    )
    found = held("change.campaign == 'one' || campaign == {}", plan)
    assert found.applyable
    assert [len(change.guards) for change in found.changes] == [1, 1, 0]
    assert not held("change.campaign == 'one'", plan).applyable


def test_a_plan_without_policies_is_left_alone() -> None:
    plan = a_plan()
    assert hold_policies(plan, [], SourceMap()) is plan


def test_the_digest_does_not_know_policies() -> None:
    assert held("false").digest == a_plan().digest


def test_a_rule_that_never_ends_is_ended() -> None:
    many = "[" + ",".join("1" for _ in range(60)) + "]"
    rule = "x.all(a, x.all(b, x.all(c, x.all(d, a + b + c + d > 0))))".replace("x", many)
    with pytest.raises(BlockedError, match=r"were not evaluated within 1\.5 s"):
        hold_policies(a_plan(), [a_policy(rule)], SourceMap(), seconds=1.5)


def a_test(expect: bool, number: int = 0, **given: Any) -> PolicyTest:
    return PolicyTest(given=given, passes=expect, origin=AT / "tests" / number)


def test_a_thousand_changes_are_asked_in_time() -> None:
    plan = a_plan(*(a_change(f"sale-{number:04}") for number in range(1000)))
    found = held("change.campaign.startsWith('sale') && size(plan.changes) == 1000", plan)
    assert found.applyable


def test_a_folder_of_the_workspace_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("raise SystemExit(3)", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert held("true").applyable


def test_examples_are_held_to_what_they_expect() -> None:
    rule = "change.n > 3"
    good = (a_test(True, change={"n": 4}), a_test(False, 1, change={"n": 3}))
    assert check_policies([a_policy(rule, tests=good)]) == ()
    bad = (a_test(False, change={"n": 4}), a_test(True, 1, change={}), a_test(False, 2, change={}))
    held = hold_policies(a_plan(), [a_policy(rule, tests=bad)], SourceMap())
    assert (len(held.findings), held.applyable) == (3, False)
    found = check_policies([a_policy(rule, tests=bad)])
    assert [(one.at.path[2:], one.message.partition(": ")[2]) for one in found] == [
        (("tests", 0, "expect"), "the rule holds"),
        (("tests", 1, "expect"), "there is no `n`"),
        (("tests", 2, "expect"), "there is no `n`"),
    ]


def test_a_rule_that_is_not_cel_points_to_itself() -> None:
    (found,) = check_policies([a_policy("1 +")])
    assert found.at == AT / "rule"
    assert "the rule of the policy `ours` has no meaning: it is not CEL" in found.message
    assert found.korean is not None


POLICIES = """policies:
  - id: tested-first
    rule: "change.action == 'cancel' || change.observed.tested_at != null"
    message: send it to the testers first
    message_ko: 먼저 테스트 발송을 해 주세요
    tests:
      - {given: {change: {action: create, observed: {tested_at: null}}}, expect: fail}
      - {given: {change: {action: cancel}}, expect: %s}
"""


def test_a_policy_stops_plan_and_apply_and_lint_runs_its_tests(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    file = tmp_path / "pushform.yaml"
    plain = file.read_text("utf-8")
    file.write_text(plain + POLICIES % "pass", "utf-8")

    assert shop.run("lint", as_of=shop.planned).code == 0
    plan = shop.run("plan", as_of=shop.planned)
    assert plan.code == 4
    assert (
        "BLOCKED    policy tested-first: send it to the testers first (pushform.yaml:" in plan.out
    )
    assert "먼저 테스트 발송을 해 주세요" in plan.out
    applied = shop.run("apply", "--auto-approve", as_of=shop.planned)
    assert applied.code == 4
    assert "policy tested-first" in applied.err + applied.out
    assert shop.run("status", as_of=shop.planned).code == 0

    file.write_text(plain + POLICIES % "fail", "utf-8")
    linted = shop.run("lint", as_of=shop.planned)
    assert linted.code == 1
    assert (
        "test 2 of the policy `tested-first` expects something else: the rule holds" in linted.out
    )
    lines = file.read_text("utf-8").splitlines()
    number = next(
        i for i, line in enumerate(lines, 1) if "expect: fail}" in line and "cancel" in line
    )
    assert f"pushform.yaml:{number}:" in linted.out

    softened = POLICIES.replace("!= null", "== null")
    file.write_text(plain + softened % "pass", "utf-8")
    disagreeing = shop.run("plan", as_of=shop.planned)
    assert disagreeing.code == 1
    assert "Not applyable" in disagreeing.out
    file.write_text(plain + softened[: softened.index("    tests:")], "utf-8")
    shop.apply()
    assert shop.dispatch(DUE).code == 0


def test_a_policy_that_does_not_hold_is_told_in_korean() -> None:
    plan = hold_policies(
        a_plan(),
        [
            a_policy("false", id="a", message="no", message_ko="안 됩니다"),
            a_policy("plan.nothing", id="b", message="no", message_ko="안 됩니다"),
            a_policy("false", id="c", message="no", severity=Severity.WARNING),
            a_policy("true", id="d"),
        ],
        SourceMap(),
    )
    assert [guard.message for guard in plan.guards] == [
        "no",
        "no (the rule cannot be evaluated: there is no `nothing`)",
        "warning: no",
        "holds: true",
    ]
    korean = in_korean(plan).guards
    assert [(guard.name, guard.message, guard.hint) for guard in korean] == [
        ("정책 a", "안 됩니다", None),
        ("정책 b", "안 됩니다 (규칙을 판정할 수 없습니다: `nothing`: 없는 이름입니다)", None),
        ("정책 c", "경고: no", None),
        ("정책 d", "지켜집니다: true", None),
    ]


@pytest.mark.parametrize("said", BROKEN)
def test_every_reason_of_an_evaluation_has_korean_words(said: str) -> None:
    assert re.search("[가-힣]", KOREAN.find(said) or "")


FILE = """kind: policies
policies:
  - id: tested-first
    rule: "change.action == 'cancel' || change.observed.tested_at != null"
    message: send it to the testers first
    message_ko: 먼저 테스트 발송을 해 주세요
    tests:
      - {given: {change: {action: create, observed: {tested_at: null}}}, expect: fail}
      - {given: {change: {action: cancel}}, expect: %s}
"""


def shop_with_file(root: Path, text: str | None, path: str = "rules/ours.yaml") -> Shop:
    shop = Shop(root=root, people=2)
    config = root / "pushform.yaml"
    config.write_text(f"{config.read_text('utf-8')}policies: {path}\n", "utf-8")
    if text is not None:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return shop


def test_policies_may_stand_in_a_file_with_their_tests(tmp_path: Path) -> None:
    shop = shop_with_file(tmp_path, FILE % "pass")

    assert shop.run("lint", as_of=shop.planned).code == 0
    plan = shop.run("plan", "--lang", "ko", as_of=shop.planned)
    assert plan.code == 4
    assert (
        "막힘       정책 tested-first: 먼저 테스트 발송을 해 주세요 (rules/ours.yaml:3)" in plan.out
    )
    assert shop.run("fmt", "--check").code == 1
    assert shop.run("fmt").code == 0
    assert (tmp_path / "rules/ours.yaml").read_text("utf-8") == (
        f"# yaml-language-server: $schema=../schemas/policies.schema.json\n{FILE % 'pass'}"
    )
    assert shop.run("fmt", "--check").code == 0


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (
            FILE % "fail",
            "9:53",
            "정책 `tested-first`의 2번째 시험이 예상과 다릅니다: 규칙이 지켜집니다",
        ),
        (
            FILE.replace("!= null", "!=") % "pass",
            "4:11",
            "정책 `tested-first`의 규칙을 읽을 수 없습니다: CEL 문법에 맞지 않습니다",
        ),
        (
            f"{FILE % 'pass'}  - {{id: tested-first, rule: 'true', message: m}}\n",
            "10:10",
            "이름이 `tested-first`인 정책이 둘입니다",
        ),
        (FILE.replace("rule:", "rull:") % "pass", "4:5", "`rull`"),
        ("kind: policies\npolicies: [\n", "", "yaml"),
        ("kind: campaign\npolicies: []\n", "1:7", "kind"),
    ],
)
def test_mistakes_in_the_file_have_their_place_there(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    shop = shop_with_file(tmp_path, text)
    linted = shop.run("lint", "--lang", "ko", as_of=shop.planned)
    assert linted.code == 1
    assert f"rules/ours.yaml:{place}" in linted.out
    assert said in linted.out


def test_many_files_do_not_hide_the_place(tmp_path: Path) -> None:
    shop_with_file(tmp_path, FILE % "fail")
    for _ in range(2):  # read, then kept
        session = open_session(tmp_path, None, "2026-09-20T00:00:00Z")
        linted = lint_files(session, many=1)
        (found,) = (one for one in linted.findings if one.severity is Severity.ERROR)
        span = linted.sources.locate(found.at)
        assert (found.at.file, span.line, span.column) == ("rules/ours.yaml", 9, 53)


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    shop = shop_with_file(tmp_path, None)
    linted = shop.run("lint", as_of=shop.planned)
    assert linted.code == 1
    assert re.search(
        r"pushform\.yaml:\d+:11: error: there is no file `rules/ours\.yaml`", linted.out
    )


@pytest.mark.parametrize("path", ["../ours.yaml", "campaigns/ours.yaml", "/ours.yaml", "ours.json"])
def test_the_file_is_one_of_the_workspace_and_no_campaign(tmp_path: Path, path: str) -> None:
    shop = shop_with_file(tmp_path, None, path)
    linted = shop.run("lint", as_of=shop.planned)
    assert linted.code == 1
    assert (
        "must be the path of a YAML file in the workspace like `rules/policies.yaml`" in linted.out
    )


def test_what_is_held_has_the_policies_and_lists_them_as_no_campaign(tmp_path: Path) -> None:
    shop_with_file(tmp_path, FILE % "pass")
    tree = hold_workspace(tmp_path)
    assert "rules/ours.yaml" not in tree.list()
    loaded = read_share(tree, None, None)
    assert loaded.workspace is not None
    assert [policy.id for policy in loaded.workspace.policies] == ["tested-first"]
    (tmp_path / "rules/ours.yaml").write_text(FILE % "fail", "utf-8")
    assert hold_workspace(tmp_path).digest() != tree.digest()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policies: [{id: a, rule: 'true'}]", "message"),
        ("policies: [{id: A B, rule: 'true', message: m}]", "id"),
        ("policies: [{id: a, rule: 'true', message: m, severity: fatal}]", "severity"),
        (
            "policies: [{id: a, rule: 'true', message: m}, {id: a, rule: 'true', message: m}]",
            "two policies are called `a`",
        ),
    ],
)
def test_mistakes_in_policies_are_findings(tmp_path: Path, text: str, said: str) -> None:
    shop = Shop(root=tmp_path, people=1)
    file = tmp_path / "pushform.yaml"
    file.write_text(f"{file.read_text('utf-8')}{text}\n", "utf-8")
    linted = shop.run("lint", as_of=shop.planned)
    assert linted.code == 1
    assert said in linted.out
