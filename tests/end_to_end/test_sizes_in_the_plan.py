"""A text that only real names make too long: lint cannot know, the plan refuses it at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_run import check
from tests.end_to_end.small import PLANNED, Shop

LONG = "남궁하늘빛나리" * 4
"""28 syllables, 56 bytes as cp949: too long for the SMS around it."""


def a_shop(root: Path, *, agreed: str = "yes", name: str = LONG) -> Shop:
    return Shop(
        root=root,
        channels='  sms: {from: "15880000", format: sms}\n',
        template="{{ name }}님, 오늘만",
        user=lambda i: {"name": name, "sms_ad": agreed} if i == 7 else {},
    )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return a_shop(tmp_path)


def test_the_linter_passes_it_and_says_what_it_did_not_look_at(shop: Shop) -> None:
    linted = shop.run("lint", as_of="2026-09-19T00:00:00Z")
    assert linted.code == 0, linted.out
    assert "sizes over the audience: not evaluated" in linted.out


def test_the_plan_refuses_it_at_its_line_and_names_nobody(shop: Shop) -> None:
    plan = shop.run("plan", as_of=PLANNED)
    assert plan.code == 4
    assert (
        "BLOCKED    sms-bytes: sms ko KR default: for the longest values of 10 people the text takes "
        "106 bytes; SMS carries 90 (templates/words.yaml:6:" in plan.out
    )
    assert not any(part in plan.out + plan.err for part in (LONG, "남궁", "u000007"))
    assert shop.run("apply", "--auto-approve", as_of=PLANNED).code == 4


def test_the_plan_file_has_the_place_and_no_value(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "out" / "plan.json"
    plan = shop.run("plan", "--format", "json", "--out", file, as_of=PLANNED).json()
    (size,) = [g for g in plan["changes"][0]["observed"]["guards"] if g["name"] == "sms-bytes"]
    assert (size["passed"], size["path"], size["line"]) == (False, "templates/words.yaml", 6)
    assert size["column"] > 1
    check(plan)
    assert "남궁" not in file.read_text("utf-8")


def test_markdown_for_the_pull_request_says_so_too(shop: Shop) -> None:
    shown = shop.run("plan", "--format", "markdown", as_of=PLANNED)
    assert "SMS carries 90" in shown.out
    assert "남궁" not in shown.out


@pytest.mark.parametrize("changes", [{"agreed": "no"}, {"agreed": ""}, {"name": "선우"}])
def test_who_gets_no_text_message_makes_none_too_long(tmp_path: Path, changes) -> None:
    plan = a_shop(tmp_path, **changes).run("plan", as_of=PLANNED)
    assert plan.code == 0, plan.out
    assert "ok         size: sms ko KR: the body takes at most" in plan.out


@pytest.mark.parametrize(
    "bubble", ["wide_item_list", "commerce", "carousel_feed", "carousel_commerce"]
)
def test_a_bubble_without_a_body_that_is_given_only_one_is_refused(
    tmp_path: Path, bubble: str
) -> None:
    shop = Shop(
        root=tmp_path, people=3, channels=f"  kakao: {{product: brand, bubble: {bubble}}}\n"
    )
    (tmp_path / "templates/words.yaml").write_text(
        "kind: template\nid: words\nlocales: {ko: {body: 본문만}}\n"
        "redefine: {kakao: {ko: {body: 본문만}}}\n",
        "utf-8",
    )
    says = (
        "kakao ko KR default: for the longest values of 3 people the body takes 3 characters; "
        "kakao carries 0"
    )
    shown = shop.run("plan", as_of=shop.planned)
    assert (shown.code, says in shown.out) == (4, True), shown.err
    told = shop.run("plan", "--format", "json", as_of=shop.planned)
    (change,) = told.json()["changes"]
    (change,) = told.json()["changes"]
    refused = [one for one in change["observed"]["guards"] if not one["passed"]]
    assert (told.code, [guard["message"] for guard in refused]) == (4, [says])
    assert shop.run("plan", "--format", "markdown", as_of=shop.planned).code == 4
