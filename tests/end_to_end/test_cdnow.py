"""Real purchases that nobody here made, from the audience to the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from tests.cdnow import AUDIENCE, CAMPAIGN, read_purchases, write_workspace
from tests.cli_run import Result, pushform
from tests.end_to_end.small import assert_balanced

FIRST, LAST = "1997-12-01", "1998-02-28"
"""The 90 days before 1998-03-01 in the shop's zone."""


def count_by_brute_force() -> int:
    """Count customers who bought twice or more in these days and spent over 50 dollars in them."""
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for purchase in read_purchases():
        if FIRST <= purchase.day <= LAST:
            amounts[purchase.customer].append(Decimal(purchase.amount))
    return sum(1 for each in amounts.values() if len(each) >= 2 and sum(each) > 50)


def run(root: Path, as_of: str, *words: str | Path) -> Result:
    """Run a command that must succeed."""
    result = pushform(words[0], *words[1:], "-C", root, "--as-of", as_of)
    assert result.code == 0, result.err
    return result


def numbers(plain: dict[str, object], names: Sequence[str]) -> list[object]:
    """Return some values of an object."""
    return [plain[name] for name in names]


def test_an_audience_of_real_buyers_is_planned_applied_sent_and_accounted_for(
    tmp_path: Path,
) -> None:
    write_workspace(tmp_path)
    expected = count_by_brute_force()
    file = tmp_path / "plan.json"

    run(tmp_path, "1998-03-01T00:00:00Z", "lint")
    counted = run(
        tmp_path, "1998-03-01T00:00:00Z", "audience", AUDIENCE, "--count", "--format", "json"
    )
    plan = run(tmp_path, "1998-03-01T00:00:00Z", "plan", "--out", file, "--format", "json").json()
    run(tmp_path, "1998-03-01T00:01:00Z", "apply", file)
    sent = run(tmp_path, "1998-03-02T01:00:00Z", "dispatch", "--format", "json").json()
    report = run(tmp_path, "1998-03-02T02:00:00Z", "report", CAMPAIGN, "--format", "json").json()

    people = plan["changes"][0]["observed"]["people"]
    user, device = report["books"]["user"], report["books"]["device"]
    assert expected > 1000
    assert counted.json()["users"] == people["users"] == user["targeted"] == expected
    assert people["recipients"] == report["send_user"]
    assert people["deliveries"]["app"] == report["send"] == device["sent"]
    assert sent["campaigns"][0]["sent"] == device["sent"] > 0
    assert report["status"] == "completed"
    assert device["pending"] == device["unknown"] == user["pending"] == 0
    assert_balanced(user)
    assert_balanced(device)
