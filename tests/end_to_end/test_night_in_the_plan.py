"""What a plan counts for the night is what the dispatch sends, and what it leaves out is skipped."""

from __future__ import annotations

from pathlib import Path

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
