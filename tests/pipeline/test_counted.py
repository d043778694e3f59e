"""Daily limits of Kakao profiles: lint goes by what files expect, a plan by who is really there."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from engine.app.session import open_session
from engine.cli.linting import lint_files
from engine.report.files import begun_on_kakao
from tests.cli_run import check, pushform
from tests.pipeline.four_people import AS_OF, add, write_shop

RULE = "kakao-daily-max"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


def linted(root: Path) -> list[str]:
    session = open_session(root, None, AS_OF, {})
    ways = [lint_files(session, many=many).findings for many in (10**9, 0, 0)]
    assert ways[0] == ways[1] == ways[2]
    return [one.message for one in ways[0] if one.rule == RULE]


def planned(root: Path) -> list[tuple[str, str]]:
    done = pushform("plan", "-C", root, "--as-of", AS_OF, "--format", "json")
    assert done.code == 0, done.err + done.out
    return [
        (change["campaign"], guard["message"].removeprefix("warning: "))
        for change in done.json()["changes"]
        for guard in change["observed"]["guards"]
        if guard["name"] == RULE and guard["passed"]
    ]


def to_four_buyers(shop: Path) -> None:
    """Send the sale to an audience that expects four people."""
    (shop / "audiences/buyers.yaml").write_text(
        "kind: audience\nid: buyers\nwhere: {attribute: country, eq: KR}\n"
        "expect: {size: {max: 4}}\n",
        "utf-8",
    )
    path = shop / "campaigns/sale.yaml"
    path.write_text(path.read_text("utf-8").replace("everyone", "buyers"), "utf-8")


def test_a_plan_counts_the_people_that_lint_cannot_know(shop: Path) -> None:
    assert (linted(shop), planned(shop)) == ([], [])
    add(shop, "again")
    add(shop, "tomorrow", "2026-09-25 15:00")
    assert linted(shop) == []
    told = (
        "its campaigns expect 8 people on 2026-09-24, and `main` may send 5 a day (pushform.yaml)"
    )
    assert planned(shop) == [("again", told), ("sale", told)]


def test_what_is_applied_counts_beside_what_is_new(shop: Path) -> None:
    words = ("-C", shop, "--as-of", AS_OF, "--auto-approve")
    assert pushform("apply", *words).code == 0
    add(shop, "again")
    assert [campaign for campaign, _ in planned(shop)] == ["again"]


def rewrite(root: Path, **replaced: str) -> None:
    """Give the first two of the four people other values, in columns that there may be already."""
    path = root / "audiences/data/users.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row.update(replaced if number < 2 else {name: row.get(name, "") for name in replaced})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_what_does_not_go_out_at_its_hour_is_not_counted(shop: Path) -> None:
    add(shop, "again")
    rewrite(shop, timezone="America/New_York")  # 21:00 and 02:00 over there
    assert planned(shop) == []


def test_what_is_applied_counts_its_messages_not_its_audience(shop: Path) -> None:
    rewrite(shop, kakao_ad_agreed="no")
    words = ("-C", shop, "--as-of", AS_OF, "--auto-approve")
    assert pushform("apply", *words).code == 0
    add(shop, "again")
    assert planned(shop) == []
    add(shop, "third")
    told = (
        "its campaigns expect 6 people on 2026-09-24, and `main` may send 5 a day (pushform.yaml)"
    )
    assert planned(shop) == [("again", told), ("third", told)]


def test_an_apply_that_kept_no_messages_counts_at_most_its_audience(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("engine.pipeline.plan.going_of", lambda *_: None)
        assert pushform("apply", "-C", shop, "--as-of", AS_OF, "--auto-approve").code == 0
    add(shop, "again")
    ((campaign, told),) = planned(shop)
    assert campaign == "again"
    assert told.startswith("its campaigns expect at most 8 people on 2026-09-24")
    korean = pushform("plan", "-C", shop, "--as-of", AS_OF, "--lang", "ko").out
    assert (
        "2026-09-24에 나갈 메시지가 많아야 8건인데 프로필 `main`의 하루 한도는 5건입니다" in korean
    )


def test_a_started_campaign_counts_with_its_report_even_if_it_was_stopped(shop: Path) -> None:
    add(shop, "again")
    report = shop / "reports/sandbox/sale/report.json"
    report.parent.mkdir(parents=True)
    books = {"channel": "kakao", "sent": 2, "unknown": 1, "pending": 0}
    answer = {"campaign": "sale", "status": "cancelled", "content_digest": "sha256:0"}
    report.write_text(json.dumps({**answer, "lines": [books]}), "utf-8")
    path = shop / "campaigns/sale.yaml"
    path.write_text(path.read_text("utf-8") + "cancelled: 품절\n", "utf-8")
    told = (
        "its campaigns expect 7 people on 2026-09-24, and `main` may send 5 a day (pushform.yaml)"
    )
    assert planned(shop) == [("again", told)]


def test_a_started_campaign_counts_though_its_file_is_gone(shop: Path) -> None:
    add(shop, "again")
    report = shop / "reports/sandbox/gone/report.json"
    report.parent.mkdir(parents=True)
    books = {"channel": "kakao", "sent": 2, "unknown": 1, "pending": 0}
    answer = {
        "campaign": "gone",
        "status": "completed",
        "content_digest": "sha256:0",
        "due_at": "2026-09-24T01:00:00Z",
        "lines": [books],
    }
    account = {"profile": "main", "product": "brand"}
    for changes, people in (
        ({}, 8),  # a report of an earlier version names no profile
        ({"kakao": account}, 11),
        ({"kakao": {**account, "product": "alimtalk"}}, 8),
        ({"kakao": {**account, "profile": "other"}}, 8),
        ({"kakao": account, "due_at": "2026-09-24T15:00:00Z"}, 8),
        ({"kakao": account, "status": "ready"}, 8),
    ):
        report.write_text(json.dumps({**answer, **changes}), "utf-8")
        told = f"its campaigns expect {people} people on 2026-09-24, and `main` may send 5 a day"
        assert [message.removesuffix(" (pushform.yaml)") for _, message in planned(shop)] == [
            told,
            told,
        ]


def test_a_report_says_on_which_profile_it_went(shop: Path) -> None:
    words = ("-C", shop, "--auto-approve")
    assert pushform("apply", *words, "--as-of", AS_OF).code == 0
    due = json.loads((shop / "reports/sandbox/sale/report.json").read_text("utf-8"))["due_at"]
    assert pushform("dispatch", "-C", shop, "--as-of", due).code == 0
    report = json.loads((shop / "reports/sandbox/sale/report.json").read_text("utf-8"))
    check(report)
    assert report["kakao"] == {"profile": "main", "product": "brand"}
    assert begun_on_kakao(shop, "sandbox")["sale"].account.profile == "main"


def test_lint_counts_what_is_gone_once_in_whatever_part(shop: Path) -> None:
    to_four_buyers(shop)
    report = shop / "reports/sandbox/gone/report.json"
    report.parent.mkdir(parents=True)
    books = {"channel": "kakao", "sent": 2, "unknown": 0, "pending": 0}
    answer = {
        "campaign": "gone",
        "status": "completed",
        "content_digest": "sha256:0",
        "due_at": "2026-09-24T01:00:00Z",
        "kakao": {"profile": "main", "product": "brand"},
        "lines": [books],
    }
    report.write_text(json.dumps(answer), "utf-8")
    (told,) = linted(shop)
    assert told.startswith("its campaigns expect 6 people on 2026-09-24")


def test_lint_goes_by_the_report_as_soon_as_there_is_one(shop: Path) -> None:
    to_four_buyers(shop)
    assert linted(shop) == []
    add(shop, "again")
    assert len(linted(shop)) == 2
    report = shop / "reports/sandbox/sale/report.json"
    report.parent.mkdir(parents=True)
    answer = {"campaign": "sale", "status": "completed", "content_digest": "sha256:0"}
    for sent, times in ((1, 0), (2, 1)):
        books = {"channel": "kakao", "sent": sent, "unknown": 0, "pending": 0}
        report.write_text(json.dumps({**answer, "lines": [books]}), "utf-8")
        assert len(linted(shop)) == times


def test_a_lint_kept_from_before_a_real_send_is_not_taken(shop: Path) -> None:
    to_four_buyers(shop)
    settings = shop / "pushform.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("environments:", "environments:\n  production: {}"), "utf-8")
    add(shop, "again")
    assert len(linted(shop)) == 2
    report = shop / "reports/production/sale/report.json"
    report.parent.mkdir(parents=True)
    answer = {"campaign": "sale", "status": "completed", "content_digest": "sha256:0"}
    report.write_text(json.dumps({**answer, "lines": []}), "utf-8")
    assert len(linted(shop)) == 1, "only what can still be moved is told of"
