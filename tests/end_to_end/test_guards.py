"""Limits stop a plan, an apply and a dispatch; an acknowledgement lifts them, and only for a while."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.small import DUE, Shop

PLANNED = "2026-09-20T00:00:00Z"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(root=tmp_path, people=10, safety="{max_recipients: 6}")


def test_too_many_recipients_block_the_plan_and_the_message_says_what_to_do(shop: Shop) -> None:
    plan = shop.run("plan", as_of=PLANNED)
    applied = shop.run("apply", "--auto-approve", as_of=PLANNED)

    assert (plan.code, applied.code) == (4, 4)
    assert "BLOCKED    max_recipients: 10 recipients, limit 6 (pushform.yaml:" in plan.out
    assert 'acknowledge: [{limit: max_recipients, up_to: 10, reason: …, until: "2026-09-20"}]' in (
        plan.out
    )
    assert "10 recipients, limit 6" in applied.err


def test_a_plan_is_told_in_korean_and_stays_the_same_plan(shop: Shop) -> None:
    korean, english = (
        shop.run("plan", "--lang", "ko", as_of=PLANNED),
        shop.run("plan", as_of=PLANNED),
    )

    assert "막힘       max_recipients: 받는 사람 10명, 한도 6명 (pushform.yaml:" in korean.out
    assert "뜻한 것이라면 캠페인" in korean.out
    assert (korean.code, english.code) == (4, 4)
    digests = [re.findall(r"sha256:[0-9a-f]{64}", plan.out) for plan in (korean, english)]
    assert digests[0] == digests[1] != []


def test_an_acknowledgement_lifts_the_limit_while_it_is_in_force(shop: Shop) -> None:
    shop.write_campaign(
        acknowledge='[{limit: max_recipients, up_to: 10, reason: sale, until: "2026-09-20"}]'
    )

    plan = shop.run("plan", "--format", "json", as_of=PLANNED)

    assert plan.code == 0, plan.err
    assert plan.json()["applyable"] is True
    shop.apply()
    assert shop.dispatch(DUE).code == 0


def test_an_acknowledgement_that_has_run_out_lifts_nothing(shop: Shop) -> None:
    shop.write_campaign(
        acknowledge='[{limit: max_recipients, up_to: 10, reason: sale, until: "2026-09-19"}]'
    )

    assert shop.run("plan", as_of=PLANNED).code == 4


def test_an_audience_that_grew_after_the_apply_blocks_the_dispatch(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=10)
    shop.apply()
    shop.people = 14
    shop.write_people()

    blocked = shop.dispatch(DUE)

    assert blocked.code == 4
    assert "grew from 10 to 14 people" in blocked.err
    assert shop.outbox() == []
    status = shop.run("status", "--format", "json", as_of=DUE).json()
    assert status["campaigns"][0]["status"] == "ready"
    shop.people = 13
    shop.write_people()
    assert shop.dispatch("2026-09-20T02:01:00Z").code == 0


def test_no_campaign_at_all_is_not_a_wish_to_cancel_everything(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()
    shutil.rmtree(shop.root / "campaigns")

    plan = shop.run("plan", as_of="2026-09-20T00:10:00Z")
    applied = shop.run("apply", "--auto-approve", as_of="2026-09-20T00:10:00Z")

    assert (plan.code, applied.code) == (4, 4)
    assert "no campaign was read, but 1 are deployed" in plan.out


def test_a_deleted_file_is_a_cancel_and_too_many_of_them_are_refused(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    for name in ("one", "two", "three"):
        shop.campaign = name
        shop.write_campaign()
    (tmp_path / "campaigns" / "sale.yaml").unlink()
    shop.apply()
    file = tmp_path / "campaigns" / "two.yaml"
    text = file.read_text("utf-8")
    file.unlink()

    plan = shop.run("plan", "--format", "json", as_of="2026-09-20T00:10:00Z").json()
    assert [(c["campaign"], c["action"]) for c in plan["changes"]] == [("two", "cancel")]
    assert plan["changes"][0]["reason"] == "file: the file was deleted"
    assert plan["applyable"] is False, "one of three is more than 30 %"

    file.write_text(text, "utf-8")
    back = shop.run("plan", "--format", "json", as_of="2026-09-20T00:12:00Z").json()
    assert back["changes"] == []


def test_a_revert_brings_a_cancelled_campaign_back_where_nobody_was_sent_anything(
    tmp_path: Path,
) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()
    shop.write_campaign(cancelled="재고 없음")
    shop.apply("2026-09-20T00:10:00Z")
    shop.write_campaign()

    plan = shop.run("plan", "--format", "json", as_of="2026-09-20T00:12:00Z").json()

    assert [c["action"] for c in plan["changes"]] == ["create"]
    shop.apply("2026-09-20T00:12:00Z")
    assert shop.dispatch(DUE).code == 0
    assert len(shop.outbox()) == 2


def test_a_cancelled_file_cancels_what_is_ready(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()
    shop.write_campaign(cancelled="재고 없음")

    assert shop.run("apply", "--auto-approve", as_of="2026-09-20T00:10:00Z").code == 0

    assert shop.dispatch(DUE).out.strip() == "nothing is due"
    report = shop.report()
    assert (report["status"], report["reason"]) == ("cancelled", "file: 재고 없음")


def test_a_cap_counts_advertising_campaigns_per_person(tmp_path: Path) -> None:
    shop = Shop(
        root=tmp_path,
        people=3,
        safety="{max_recipients: 100, per_user: {max: 1, within: 24h}}",
    )
    shop.campaign, shop.at = "second", "2026-09-20 11:30"
    shop.write_campaign()
    shop.apply()

    assert shop.dispatch("2026-09-20T02:00:00Z").code == 0
    assert shop.dispatch("2026-09-20T02:30:00Z").code == 0

    assert shop.device_books()["skipped"] == {"cap": 3}
    assert len(shop.outbox()) == 3


def test_a_send_that_would_run_past_nine_is_blocked_at_the_plan(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=400, at="2026-09-20 20:25", schedule=", pace: 0.1/s")
    slow = shop.run("plan", as_of=PLANNED)
    shop.write_campaign(schedule=", pace: 100/s")
    quick = shop.run("plan", as_of=PLANNED)

    assert slow.code == 4, slow.out
    assert "BLOCKED    finish: the last message goes out about 2026-09-20 21:" in slow.out
    assert quick.code == 0


def test_a_missed_campaign_is_never_sent_late(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()

    shop.dispatch("2026-09-20T02:30:01Z")  # late is 30 minutes

    report = shop.report()
    assert (report["status"], report["reason"]) == (
        "failed",
        "missed: it was due 2026-09-20T02:00:00Z",
    )
    assert shop.outbox() == []
