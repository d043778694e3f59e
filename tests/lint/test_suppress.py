"""`# pushform: ignore[…]`: what it answers, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel.finding import Finding, Severity
from engine.lint.catalog import RULES
from engine.lint.ignored import ignored_of
from engine.lint.rule import Setting
from engine.lint.run import find, run_rules
from tests.lint.workspaces import open_context, write_workspace

LATE = "campaign: {schedule: {at: '2026-09-24 20:45'}}"


def lint_with(
    tmp_path: Path, edit: dict[str, str], setting: Setting | None = None
) -> list[Finding]:
    root = write_workspace(tmp_path, LATE)
    path = root / "campaigns/sale.yaml"
    text = path.read_text("utf-8")
    for old, new in edit.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return list(run_rules(open_context(root, setting or Setting())[1]))


AT = "  at: 2026-09-24 20:45"


def test_without_a_comment_the_finding_is_there(tmp_path: Path) -> None:
    assert [f.rule for f in lint_with(tmp_path, {})] == ["kr-night-cutoff"]


@pytest.mark.parametrize(
    "comment",
    [
        f"{AT}  # pushform: ignore[kr-night-cutoff] 200명뿐이라 1분이면 끝남; until 2026-12-31",
        f"  # pushform: ignore[kr-night-cutoff] 200명뿐; until 2026-12-31\n{AT}",
        f"  # pushform: ignore[kr-night-cutoff] 200명뿐; until 2026-12-31\n  # 재고 확인함\n{AT}",
        f"{AT}  # pushform: ignore[kr-night-cutoff] 200명뿐; until 2026-09-20",
    ],
)
def test_a_comment_with_a_reason_answers_its_line_or_the_next(tmp_path: Path, comment: str) -> None:
    assert lint_with(tmp_path, {AT: comment}) == []


def test_until_includes_its_day_in_the_workspaces_zone(tmp_path: Path) -> None:
    edit = {AT: f"{AT}  # pushform: ignore[kr-night-cutoff] 200명뿐; until 2026-09-20"}
    last = Setting(as_of="2026-09-20T14:59:59Z")
    over = Setting(as_of="2026-09-20T15:00:00Z")
    assert lint_with(tmp_path, edit, last) == []
    assert [f.message for f in lint_with(tmp_path, edit, over)] == [
        "this comment expired on 2026-09-20",
        (
            "an advertisement is due at 20:45 in Korea, with little time left before 21:00;"
            " what has not started by then is skipped"
        ),
    ]


@pytest.mark.parametrize(
    ("comment", "message", "severity"),
    [
        ("ignore[kr-night-cutoff]", "this comment has no reason", "error"),
        (
            "ignore[kr-night-cutoff] 200명뿐",
            "this comment does not say until when it holds",
            "error",
        ),
        ("ignore[kr-night-cutoff] ; until 2026-12-31", "this comment has no reason", "error"),
        ("ignore 200명뿐", "this comment names no rule to ignore", "error"),
        ("ignore[] 200명뿐", "this comment names no rule to ignore", "error"),
        (
            "ignore[kr-nite] 200명뿐; until 2026-12-31",
            "there is no rule `kr-nite` that could be ignored",
            "error",
        ),
        (
            "ignore[kr-ad-label-missing] 안 보여서; until 2026-12-31",
            "`kr-ad-label-missing` rests on statute and cannot be ignored",
            "error",
        ),
        (
            "ignore[kr-night-cutoff] 200명뿐; until 31.12.2026",
            "`31.12.2026` is not a date like `2026-09-24`",
            "error",
        ),
        (
            "ignore[kr-night-early] 이른 시각; until 2026-12-31",
            "there is nothing left to ignore for `kr-night-early`",
            "warning",
        ),
    ],
)
def test_a_comment_that_cannot_count_is_a_finding_on_its_line(
    tmp_path: Path, comment: str, message: str, severity: str
) -> None:
    found = lint_with(tmp_path, {AT: f"{AT}  # pushform: {comment}"})
    assert [f.rule for f in found] == ["ignore-comment", "kr-night-cutoff"]
    complaint = found[0]
    assert (complaint.message, complaint.severity) == (message, severity)
    assert (complaint.at.file, complaint.line) == ("campaigns/sale.yaml", 18)


def test_one_comment_may_name_several_rules_and_each_must_do_something(tmp_path: Path) -> None:
    both = "kr-night-cutoff, kr-night-early"
    comment = f"{AT}  # pushform: ignore[{both}] 200명뿐; until 2026-12-31"
    assert [(f.rule, f.severity) for f in lint_with(tmp_path, {AT: comment})] == [
        ("ignore-comment", Severity.WARNING)
    ]


def test_statute_stays_even_beside_a_comment(tmp_path: Path) -> None:
    comment = "# pushform: ignore[kr-night-window] 모두 깨어 있음; until 2026-12-31"
    night = f"{AT.replace('20:45', '21:30')}  {comment}"
    found = lint_with(tmp_path, {AT: night})
    assert [f.rule for f in found] == ["ignore-comment", "kr-night-window"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [("kr-reply-bait", "[부재중] 예약 상담"), ("kr-prohibited-goods", "먹튀 막는 저금통")],
)
def test_a_rule_of_statute_that_goes_by_words_can_be_answered(
    tmp_path: Path, rule: str, words: str
) -> None:
    title = f"template: {{locales: {{ko: {{title: '{words} {{{{ name }}}}'}}}}}}"
    root = write_workspace(tmp_path, title)
    path = root / "templates/sale.yaml"
    lines = path.read_text("utf-8").splitlines()
    (at,) = (number for number, line in enumerate(lines) if words in line)

    def told(comment: str) -> list[str]:
        commented = [*lines[:at], lines[at] + comment, *lines[at + 1 :]]
        path.write_text("\n".join(commented) + "\n", "utf-8")
        return [one.rule for one in run_rules(open_context(root)[1])]

    assert told("") == [rule]
    assert told(f"  # pushform: ignore[{rule}] 법무팀 확인: 상품 이름; until 2026-12-31") == []
    context = open_context(root)[1]
    found = find(context, RULES)
    (shown,) = ignored_of(["sale"], found, context)["sale"]
    assert (shown.rule, shown.reason) == (rule, "법무팀 확인: 상품 이름")
    assert told(f"  # pushform: ignore[{rule}] ; until 2026-12-31") == ["ignore-comment", rule]
    over = f"  # pushform: ignore[{rule}] 법무팀 확인; until 2026-09-19"
    assert told(over) == ["ignore-comment", rule]


def test_a_comment_speaks_for_no_other_line(tmp_path: Path) -> None:
    comment = "# pushform: ignore[kr-night-cutoff] 200명뿐; until 2026-12-31"
    edit = {"title: 추석 특가": f"title: 추석 특가  {comment}"}
    assert [f.rule for f in lint_with(tmp_path, edit)] == ["ignore-comment", "kr-night-cutoff"]


@pytest.mark.parametrize(
    ("rule", "as_of"),
    [("schedule-lead-time", "2026-09-24T11:15:00Z"), ("schedule-past", "2026-09-24T12:15:00Z")],
)
def test_the_clock_of_an_apply_cannot_be_ignored(tmp_path: Path, rule: str, as_of: str) -> None:
    comment = f"{AT}  # pushform: ignore[kr-night-cutoff, {rule}] 병합이 늦었음; until 2026-12-31"
    found = lint_with(tmp_path, {AT: comment}, Setting(as_of=as_of))
    assert [(f.rule, f.severity) for f in found] == [
        ("ignore-comment", Severity.ERROR),
        (rule, Severity.ERROR),
    ]
    assert found[0].message == (
        f"`{rule}` is the clock that an apply is refused by and cannot be ignored"
    )
    assert found[0].hint == (
        "choose a later `schedule.at`; a message that cannot wait: `urgent:` (informational)"
    )
    assert found[0].korean is not None
    assert "무시할 수 없습니다" in found[0].korean.message


def test_a_label_that_only_an_assumption_forbids_can_be_answered(tmp_path: Path) -> None:
    root = write_workspace(
        tmp_path,
        "{campaign: {channels: {app: null, sms: null, kakao: {}}}, template: {redefine: {sms: null,"
        " kakao: {ko: {body: '(광고) 가을 신상이 왔어요'}}}, locales: {en: null}}}",
    )
    path = root / "templates/sale.yaml"
    text = path.read_text("utf-8")
    comment = "  # pushform: ignore[kr-ad-label-duplicate] 휴대폰에서 확인함; until 2026-12-31"
    line = next(one for one in text.splitlines() if "가을 신상" in one)
    rules = []
    for written in (text, text.replace(line, line + comment)):
        path.write_text(written, "utf-8")
        rules.append({f.rule for f in run_rules(open_context(root)[1])})
    assert "kr-ad-label-duplicate" in rules[0]
    assert rules[1] == rules[0] - {"kr-ad-label-duplicate"}
