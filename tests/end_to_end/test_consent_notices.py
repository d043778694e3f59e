"""Who is to be asked again is counted, and the notices that are drafted are valid as they stand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from engine.cli.consents import count_due
from engine.kernel.instant import parse_instant
from tests.cli_run import Result, pushform
from tests.end_to_end.small import USERS, Shop

NOW = "2026-11-23T00:00:00Z"
"""Monday 09:00 in Seoul."""
ROOT = Path(__file__).parents[2]


def a_shop(root: Path) -> Shop:
    """Return a shop that knows when consent to its app was confirmed."""
    shop = Shop(root=root, people=8, suppressed=["u000007"])
    days = (
        "2024-11-22", "2024-11-23", "2024-12-24", "2024-12-25", "", "2020-01-01",
        "2024-11-22T15:00:00Z", "2020-01-01",
    )  # fmt: skip
    rows = [shop._user(i) | {"agreed_on": day} for i, day in enumerate(days)]
    rows[5]["app_ad"] = "no"
    shop._table("users", (*USERS, "agreed_on"), rows)
    file = root / "pushform.yaml"
    text = file.read_text("utf-8").replace("{ad: app_ad,", "{ad: app_ad, confirmed_at: agreed_on,")
    file.write_text(text, "utf-8")
    return shop


def test_who_is_due_is_counted_by_channel_and_month(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    plain = shop.run("consent", "due", "--format", "json", as_of=NOW).json()
    # The last day is the one before the second anniversary.
    assert plain["channels"]["app"] == {
        "people": 6,
        "overdue": 3,
        "due": 1,
        "later": 1,
        "unknown": 1,
        "suppressed": 1,
        "months": {"2026-11": 3, "2026-12": 2},
    }
    assert plain["channels"]["sms"] == {
        "people": 7, "overdue": 0, "due": 0, "later": 0, "unknown": 7, "suppressed": 1, "months": {},
    }  # fmt: skip
    earlier = shop.run("consent", "due", "--format", "json", as_of="2026-11-22T00:00:00Z").json()
    assert earlier["channels"]["app"]["overdue"] == 1
    text = shop.run("consent", "due", "--within", "40d", as_of=NOW)
    assert (
        "app    6 agreed: 3 overdue, 2 due within 40d, 0 later, 1 without a day; 1 more refused since"
        in text.out
    )
    assert "       2026-11  3" in text.out
    assert "u00000" not in text.out + text.err


def test_a_stretch_that_is_none_is_said(tmp_path: Path) -> None:
    result = a_shop(tmp_path).run("consent", "due", "--within", "한 달", as_of=NOW)
    assert result.code == 2
    assert "--within: `한 달`" in result.err


def test_every_consent_counts_once() -> None:
    now = parse_instant(NOW)
    days = {date(2023, 1, 1) + timedelta(days=n): n + 1 for n in range(1400)} | {None: 7}
    one = count_due(days, now, timedelta(days=30))
    assert one.people == one.overdue + one.due + one.later + one.unknown
    assert sum(one.months.values()) == one.people - one.unknown


def test_plan_and_doctor_say_how_many_and_send_to_them_all_the_same(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.at, shop.write = "2026-11-24 11:00", True
    shop.write_campaign()
    plan = shop.run("plan", as_of=NOW)
    said = "ask again  4 people agreed to app over two years ago: they may be sent to, and must be"
    assert said in plan.out
    observed = shop.run("plan", "--format", "json", as_of=NOW).json()["changes"][0]["observed"]
    assert observed["people"]["overdue"] == {"app": 4}
    assert observed["people"]["reachable"] == {"app": 6}
    doctor = shop.run("doctor", as_of=NOW)
    assert "app: 3 agreed over two years ago and were not asked again" in doctor.out
    nobody = shop.run("plan", "--format", "json", as_of="2021-01-01T00:00:00Z").json()
    assert "overdue" not in nobody["changes"][0]["observed"]["people"]


def notices(root: Path, *words: str) -> Result:
    return pushform("consent", "notices", *words, "-C", root, "--as-of", NOW)


@pytest.fixture
def shop_files(tmp_path: Path) -> Path:
    """Return a copy of the sample shop without its campaigns."""
    for name in ("audiences", "templates"):
        copytree(ROOT / name, tmp_path / name)
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "pushform.yaml").write_text((ROOT / "pushform.yaml").read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize("words", [["recheck"], ["result"], ["result", "--answer", "no"]])
def test_drafts_have_no_error_once_their_draft_line_is_gone(
    shop_files: Path, words: list[str]
) -> None:
    written = notices(shop_files, *words)
    assert written.code == 0, written.err
    paths = written.out.split()
    assert len(paths) == 12
    campaigns = [shop_files / path for path in paths if path.startswith("campaigns/")]
    for path in campaigns:
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("draft:")]
        assert len(kept) == len(lines) - 1
        path.write_text("".join(kept), "utf-8")
    linted = pushform("lint", "-C", shop_files, "--as-of", NOW, "--format", "json").json()
    about = [
        (one["rule"], one["path"], one["message"])
        for one in linted["findings"]
        if one["path"] in paths and one["rule"] not in ("push-truncation", "android-channel")
    ]
    assert about == []
    planned = pushform("plan", "-C", shop_files, "--as-of", NOW, "--format", "json").json()
    changes = {change["campaign"]: change["observed"] for change in planned["changes"]}
    assert len(changes) == 4
    assert all(one["people"]["deliveries"] for one in changes.values())


def test_a_recheck_reaches_who_is_due_and_says_the_three_fields(shop_files: Path) -> None:
    notices(shop_files, "recheck", "--channel", "app", "--within", "0d")
    name = "consent-recheck-app-2026-11-23"
    due = pushform("consent", "due", "-C", shop_files, "--as-of", NOW, "--format", "json").json()
    counted = pushform(
        "audience", name, "--count", "-C", shop_files, "--as-of", NOW, "--format", "json"
    ).json()
    app = due["channels"]["app"]
    assert app["overdue"] <= counted["users"] <= app["overdue"] + 60
    shown = pushform("preview", name, "-C", shop_files, "--as-of", NOW).out
    assert "[샘플샵] 2026년 11월 23일에 앱 푸시 광고 수신에 동의하셨습니다." in shown
    assert "철회하시려면 수신거부: 앱 > 설정 > 알림" in shown
    assert "on 23 November 2026 you agreed to advertising by app notifications" in shown
    assert "(광고)" not in shown


def test_nothing_is_written_twice_or_for_nothing(shop_files: Path) -> None:
    assert notices(shop_files, "recheck", "--channel", "app").code == 0
    before = sorted(shop_files.rglob("*.yaml"))
    again = notices(shop_files, "recheck")
    assert again.code == 2
    assert "consent-recheck-app-2026-11-23" in again.err
    assert sorted(shop_files.rglob("*.yaml")) == before


def test_a_day_that_nobody_keeps_is_asked_for(tmp_path: Path) -> None:
    Shop(root=tmp_path, people=1)
    result = notices(tmp_path, "recheck")
    assert result.code == 2
    assert "nothing says who agreed to advertisements on any channel, and when" in result.err
    one = notices(tmp_path, "result", "--channel", "web")
    assert "on `web`, and when" in one.err


@pytest.mark.parametrize("refusal", ["u000007,,,app", ",010-0000-0007,,all", ",1000000007.0,,app"])
def test_who_refused_is_not_asked_again(tmp_path: Path, refusal: str) -> None:
    shop = a_shop(tmp_path)
    rows = f"user_id,phone,token,channel\n{refusal}\nu000000,,,sms\n"
    (tmp_path / "data" / "suppression.csv").write_text(rows, "utf-8")
    written = shop.run("consent", "notices", "recheck", "--channel", "app", as_of=NOW)
    assert written.code == 0, written.err
    name = "consent-recheck-app-2026-11-23"
    audience = (tmp_path / "audiences" / f"{name}.yaml").read_text("utf-8")
    assert "{not: {suppressed: app}}]}\n" in audience
    due = shop.run("consent", "due", "--format", "json", as_of=NOW).json()["channels"]["app"]
    assert due["suppressed"] == 1
    counted = shop.run("audience", name, "--count", "--format", "json", as_of=NOW).json()
    assert counted["users"] == due["overdue"] + due["due"] == 4


def test_who_refused_is_told_what_became_of_it(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    words = ("consent", "notices", "result", "--channel", "app", "--answer", "no")
    assert shop.run(*words, as_of=NOW).code == 0
    (audience,) = (tmp_path / "audiences").glob("consent-withdrawn-app-*.yaml")
    assert "suppressed" not in audience.read_text("utf-8")
