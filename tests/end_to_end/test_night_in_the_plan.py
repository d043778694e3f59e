"""What a plan counts for the night is what the dispatch sends, and what it leaves out is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.small import Shop

NIGHT = "2026-09-20T12:30:00Z"
"""21:30 in Seoul."""


def test_the_plan_of_a_night_counts_whom_the_dispatch_sends_to(tmp_path: Path) -> None:
    shop = Shop(
        root=tmp_path,
        people=12,
        at="2026-09-20 21:30",
        schedule=", night: consented_only",
        user=lambda i: {
            "night_ad": "yes" if i % 3 == 0 else "no",
            "app_ad": "no" if i == 3 else "yes",
        },
    )
    plain = shop.run("plan", "--format", "json", as_of=shop.planned).json()
    (change,) = plain["changes"]
    people, timing = change["observed"]["people"], change["observed"]["timing"]
    # Four agreed to the night, one of them to no advertisement at all.
    assert (people["recipients"], people["going_recipients"], people["going"]) == (
        11,
        3,
        {"app": 3},
    )
    assert (timing["closed_deliveries"], timing["no_night_consent"]) == (8, 8)

    shop.apply()
    assert shop.dispatch(NIGHT).code == 0
    books = shop.device_books()
    assert books["sent"] == people["going"]["app"]
    assert books["skipped"] == {"no_consent": 1, "no_night_consent": timing["no_night_consent"]}


ZONES = ("Asia/Seoul", "Europe/London", "", "America/New_York")


def every_kind(i: int) -> dict[str, str]:
    """Return a person of two zones' law, four consents, and a number that some share."""
    return {
        "country": ("KR", "GB", "")[i % 3],
        "timezone": ZONES[i % 4],
        "phone": f"010-0000-{i // 2 if i % 5 == 0 else i:04d}",
        "app_ad": "no" if i % 7 == 0 else "yes",
        "night_ad": "yes" if i % 2 else "no",
        "sms_ad": "no" if i % 3 == 1 else "yes",
        "sms_night": "yes" if i % 5 < 2 else "",
    }


def a_device(i: int) -> dict[str, str] | None:
    """Return the device of person `i`, of the one before (who has two then), or a shared one."""
    if i % 11 == 0:
        return None
    owner = i - 1 if i % 4 == 3 else i
    return {"user_id": f"u{owner:06d}", "token": f"ok-{i // 9 if i % 9 < 2 else 1000 + i:06d}"}


@pytest.mark.parametrize("timezone", ["Asia/Seoul", "recipient"])
def test_people_of_several_channels_and_zones_are_counted_once(
    tmp_path: Path, timezone: str
) -> None:
    shop = Shop(
        root=tmp_path,
        people=120,
        at="2026-09-20 21:30",
        timezone=timezone,
        schedule=", night: consented_only",
        channels='  app: {}\n  sms: {from: "15880000"}\n',
        extra="experiment: {holdout: 10%}\n",
        consent="sms: {ad: sms_ad, night: sms_night}",
        user=every_kind,
        device=a_device,
    )
    (change,) = shop.run("plan", "--format", "json", as_of=shop.planned).json()["changes"]
    people, timing = change["observed"]["people"], change["observed"]["timing"]

    shop.apply()
    for due in sorted({part["due_at"] for part in timing["parts"]}):
        shop.dispatch(due)
    books = shop.report("2026-09-22T00:00:00Z")["books"]
    sent = books["user"]["sent"]
    assert (people["going_recipients"], sum(people["going"].values())) == (
        sent,
        books["device"]["sent"],
    )
    # Neither what is reachable nor the messages are the people, or this would prove nothing.
    assert 0 < sent < books["device"]["sent"] < sum(people["deliveries"].values())
    assert len({one["channel"] for one in shop.outbox()}) == 2
