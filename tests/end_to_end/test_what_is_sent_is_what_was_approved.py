"""Digests, stale plans, the stored campaign, lost states: nothing is sent that nobody approved."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.kernel.digest import digest
from tests.cli_run import check
from tests.end_to_end.small import DUE, Shop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(root=tmp_path, people=3)


def plan_file(shop: Shop, as_of: str = "2026-09-20T00:00:00Z", code: int = 0) -> Path:
    """Plan into a file and return it."""
    path = shop.root / "plan.json"
    result = shop.run("plan", "--out", path, as_of=as_of)
    assert result.code == code, result.err
    check(json.loads(path.read_text("utf-8")))
    return path


def state_bytes(shop: Shop) -> dict[str, str]:
    """Return what is deployed, as text: equal before and after where nothing was written."""
    path = shop.root / ".pushform" / "sandbox.db"
    if not path.exists():
        return {}
    with sqlite3.connect(path) as connection:
        return dict(connection.execute("SELECT id, digest || status FROM campaign"))


def test_an_edit_after_apply_changes_nothing_that_is_sent(shop: Shop) -> None:
    shop.apply()
    shop.template = "완전히 다른 글"
    shop.write_template()

    assert shop.dispatch().code == 0

    assert all("가을 상품이 도착했어요" in str(line["body"]) for line in shop.outbox())
    assert len(shop.outbox()) == 3


def test_dispatch_reads_no_campaign_files_at_all(shop: Shop) -> None:
    shop.apply()
    shutil.rmtree(shop.root / "campaigns")
    shutil.rmtree(shop.root / "templates")

    assert shop.dispatch().code == 0
    assert len(shop.outbox()) == 3


def test_a_flipped_byte_in_the_stored_campaign_stops_the_dispatch(shop: Shop) -> None:
    shop.apply()
    with sqlite3.connect(shop.root / ".pushform" / "sandbox.db") as connection:
        (stored,) = connection.execute("SELECT stored FROM campaign").fetchone()
        connection.execute("UPDATE campaign SET stored = ?", [stored.replace("상품이", "상폼이")])

    result = shop.dispatch()

    assert result.code == 5
    assert "is not the one that was approved: its digest differs" in result.err
    assert shop.outbox() == []


def test_a_plan_is_applied_once_and_a_second_time_it_is_nothing(shop: Shop) -> None:
    path = plan_file(shop)

    first = shop.run("apply", path, as_of="2026-09-20T00:10:00Z")
    before = state_bytes(shop)
    second = shop.run("apply", path, as_of="2026-09-20T00:20:00Z")

    assert (first.code, second.code) == (0, 0), second.err
    assert "nothing to apply" in second.out
    assert state_bytes(shop) == before


def test_a_stale_plan_writes_nothing_and_says_what_changed(shop: Shop) -> None:
    path = plan_file(shop)
    shop.template = "바뀐 글"
    shop.write_template()

    result = shop.run("apply", path, as_of="2026-09-20T00:10:00Z")

    assert result.code == 5
    assert "campaign `sale` is not what was approved: the message differs (app ko KR" in result.err
    assert state_bytes(shop) == {}


def test_an_expired_plan_writes_nothing(shop: Shop) -> None:
    path = plan_file(shop)

    result = shop.run("apply", path, as_of="2026-09-20T01:00:01Z")  # due 02:00, an hour of lead

    assert result.code == 6
    assert "had to be applied by 2026-09-20T01:00:00Z" in result.err
    assert state_bytes(shop) == {}
    assert shop.run("apply", path, as_of="2026-09-20T00:59:00Z").code == 0


def test_a_plan_for_another_environment_is_refused(shop: Shop) -> None:
    path = plan_file(shop)
    plain = json.loads(path.read_text("utf-8")) | {"environment": "other"}
    digests = sorted(change["digest"] for change in plain["changes"])
    plain["plan_digest"] = digest({"environment": "other", "changes": digests})
    path.write_text(json.dumps(plain), "utf-8")

    result = shop.run("apply", path, as_of="2026-09-20T00:10:00Z")

    assert result.code == 5
    assert "the plan is for `other`, not for `sandbox`" in result.err


def test_nothing_is_applied_that_nobody_approved(shop: Shop) -> None:
    result = shop.run("apply", as_of="2026-09-20T00:00:00Z")

    assert result.code == 7
    assert "1 change waits for an approval" in result.err
    assert state_bytes(shop) == {}


def test_one_change_may_be_approved_by_its_digest(shop: Shop) -> None:
    plain = json.loads(plan_file(shop).read_text("utf-8"))

    wrong = shop.run("apply", "--digest", "sha256:" + "0" * 64, as_of="2026-09-20T00:10:00Z")
    right = shop.run(
        "apply", "--digest", plain["changes"][0]["digest"], as_of="2026-09-20T00:10:00Z"
    )

    assert (wrong.code, right.code) == (5, 0)


def test_auto_approve_and_the_clock_belong_to_sandboxes(shop: Shop) -> None:
    auto = shop.run("apply", "--auto-approve", "-e", "production")
    clock = shop.run("apply", "-e", "production", as_of="2026-09-20T00:00:00Z")
    sent = shop.run("dispatch", "-e", "production", as_of=DUE)

    assert [auto.code, clock.code, sent.code] == [2, 2, 2]
    assert "`--auto-approve` is for sandboxes" in auto.err
    assert "`apply` takes --as-of only in a sandbox" in clock.err


def test_a_lost_state_is_never_taken_for_an_empty_one(shop: Shop) -> None:
    shop.apply()
    (shop.root / ".pushform" / "sandbox.db").unlink()

    plan = shop.run("plan", as_of="2026-09-20T00:10:00Z")
    applied = shop.run("apply", "--auto-approve", as_of="2026-09-20T00:10:00Z")
    sent = shop.dispatch()

    assert (plan.code, applied.code, sent.code) == (5, 5, 5)
    assert "STATE LOST" in plan.out
    assert "Not applyable" in plan.out
    assert shop.outbox() == []


def test_git_may_be_told_before_the_first_claim_and_a_failure_claims_nothing(shop: Shop) -> None:
    shop.apply()

    failed = shop.dispatch(DUE, "--before-claims", "false")
    copied = shop.dispatch(
        "2026-09-20T02:01:00Z", "--before-claims", "cp -r reports/sandbox remembered"
    )

    assert failed.code == 11
    assert "`false` failed (1), so nothing was claimed" in failed.err
    assert copied.code == 0, copied.err
    remembered = json.loads((shop.root / "remembered" / "sale" / "report.json").read_text("utf-8"))
    assert remembered["status"] == "sending"
    assert remembered["books"]["device"]["pending"] == 3
    assert len(shop.outbox()) == 3


def test_a_rolled_back_state_is_refused(shop: Shop) -> None:
    shop.apply()
    state = shop.root / ".pushform" / "sandbox.db"
    with sqlite3.connect(state) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = state.read_bytes()
    shop.dispatch()
    for file in state.parent.glob("sandbox.db*"):
        file.unlink()
    state.write_bytes(copy)

    again = shop.dispatch("2026-09-20T02:10:00Z")

    assert again.code == 5
    assert "git remembers serial" in again.err
    assert len(shop.outbox()) == 3


def test_time_never_goes_back(shop: Shop) -> None:
    shop.apply("2026-09-20T00:30:00Z")

    result = shop.dispatch("2026-09-20T00:29:59Z")

    assert result.code == 6, result.err


def test_a_wrong_key_is_refused(shop: Shop) -> None:
    shop.apply()
    (shop.root / ".pushform" / "key").write_text("ab" * 32, "ascii")

    result = shop.dispatch()

    assert result.code == 5
    assert "key" in result.err


def test_the_digest_is_the_same_on_any_machine(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "deeper"
    other.mkdir(parents=True)
    for name in ("pushform.yaml", "campaigns", "templates", "data"):
        source = shop.root / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, other / name)  # type: ignore[operator]
    surroundings = [
        (shop.root, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
        (other, {"PYTHONHASHSEED": "4242", "TZ": "America/New_York", "LC_ALL": "ko_KR.UTF-8"}),
    ]
    plans = []
    for folder, environment in surroundings:
        words = ["plan", "-C", str(folder), "--format", "json", "--as-of", "2026-09-20T00:00:00Z"]
        done = subprocess.run(
            [sys.executable, "-m", "engine", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            check=True,
        )
        plans.append(json.loads(done.stdout))

    first, second = plans
    assert first["plan_digest"] == second["plan_digest"]
    assert [c["digest"] for c in first["changes"]] == [c["digest"] for c in second["changes"]]


def test_clocks_and_counts_are_not_in_the_digest(shop: Shop) -> None:
    early = json.loads(plan_file(shop).read_text("utf-8"))
    shop.people = 5
    shop.write_people()
    late = json.loads(plan_file(shop, "2026-09-20T00:30:00Z").read_text("utf-8"))

    assert early["plan_digest"] == late["plan_digest"]
    assert early["changes"][0]["observed"]["people"]["users"] == 3
    assert late["changes"][0]["observed"]["people"]["users"] == 5


def test_a_change_of_words_after_the_snapshot_is_refused_and_metadata_is_not(shop: Shop) -> None:
    shop.apply()
    shop.dispatch()
    path = shop.root / "campaigns" / "sale.yaml"
    text = path.read_text("utf-8")

    path.write_text(text.replace("title: 가을 특가", "title: 가을 특가 (끝남)"), "utf-8")
    metadata = shop.run("plan", "--format", "json", as_of="2026-09-20T03:00:00Z")
    path.write_text(text.replace("sampleshop://sale", "sampleshop://other"), "utf-8")
    words = shop.run("plan", as_of="2026-09-20T03:00:00Z")

    assert metadata.code == 0, metadata.err
    assert metadata.json()["changes"][0]["categories"] == ["metadata"]
    assert words.code == 1
    assert "campaign `sale` is already completed: content cannot change any more" in words.err
    assert "copy the campaign to a file with a new id" in words.err


def test_a_shared_template_may_change_under_a_campaign_that_was_sent(shop: Shop) -> None:
    shop.apply()
    shop.dispatch()
    shop.template = "다음 캠페인의 글"
    shop.write_template()

    plan = shop.run("plan", "--format", "json", as_of="2026-09-20T03:00:00Z")

    assert plan.code == 0, plan.err
    assert plan.json()["changes"] == []
