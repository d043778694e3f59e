"""What the commands around a plan say: of policies that refuse many, and of times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.apply.select import RefusedError, check_applyable
from engine.model.plan import Guard
from tests.apply.test_apply import two
from tests.cli_run import pushform
from tests.end_to_end.small import Shop

POLICIES = """policies:
  - id: nosuch
    rule: change.nosuch == 1
    message: "policy broken: nosuch"
    message_ko: "정책 위반: nosuch"
"""
NAMED = "`sale`, `sale-1`, `sale-2`, `sale-3`, `sale-4`"


def refusing(root: Path, campaigns: int) -> Shop:
    shop = Shop(root=root, people=1)
    path = root / "campaigns/sale.yaml"
    text = path.read_text("utf-8")
    for number in range(1, campaigns):
        other = text.replace("id: sale", f"id: sale-{number}", 1)
        (root / f"campaigns/sale-{number}.yaml").write_text(other, "utf-8")
    config = root / "pushform.yaml"
    config.write_text(config.read_text("utf-8") + POLICIES, "utf-8")
    return shop


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "policy nosuch: policy broken: nosuch (the rule cannot be evaluated: there is no `nosuch`) ("
            + NAMED
            + " and 2 more)",
        ),
        (
            "ko",
            "정책 nosuch: 정책 위반: nosuch (규칙을 판정할 수 없습니다: `nosuch`: 없는 이름입니다) ("
            + NAMED
            + " 외 2개)",
        ),
    ],
)
def test_a_policy_that_refuses_many_is_told_once(tmp_path: Path, language: str, told: str) -> None:
    shop = refusing(tmp_path, 7)
    file = tmp_path / "plan.json"
    assert shop.run("plan", "--out", str(file), as_of=shop.planned).code == 4
    done = shop.run("apply", str(file), "--lang", language, as_of=shop.planned)
    assert done.code == 4
    assert done.err.splitlines()[0] == f"pushform: {told}"


def test_a_guard_of_the_whole_plan_names_no_campaign() -> None:
    plan = replace(two(), guards=(Guard(name="vanished", passed=False, message="gone"),))
    with pytest.raises(RefusedError) as caught:
        check_applyable(plan, plan.pending)
    assert caught.value.message == "vanished: gone"
    assert caught.value.refusals[0].campaigns == ()


def test_a_shown_plan_tells_times_where_its_workspace_is_and_in_utc(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    file = tmp_path / "plan.json"
    assert shop.run("plan", "--out", str(file), as_of=shop.planned).code == 0
    both = "2026-09-20 10:00 KST (2026-09-20T01:00:00Z)"
    shown = pushform("show", file, "-C", tmp_path, "--lang", "ko").out
    assert f"유효 기한    {both}" in shown
    assert f"{both}까지" in shown
    english = pushform("show", file, "-C", tmp_path).out
    assert f"valid until  {both}" in english
    assert f"until {both}" in english
    travelled = pushform("show", file, "-C", "/").out
    assert "valid until  2026-09-20T01:00:00Z\n" in travelled
