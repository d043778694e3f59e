"""Counts: the books of a campaign, by delivery and by person, and who was reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.audience import InCampaign, Reached
from engine.model.deployment import LedgerCount, UserCount
from engine.model.ports import Ledger
from tests.state.world import NOON, a_claim, begin, revision_of, settled

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sold(ledger: Ledger) -> Ledger:
    """A campaign in which six people ended in six ways, 민지 on two addresses."""
    lease = begin(ledger)
    other = a_claim("민지", address_hash="tablet of 민지", platform="ios")
    claims = [a_claim(n) for n in ("민지", "지수", "하준", "서연", "도윤")]
    ledger.claim(lease, [*claims, other], NOON, None)
    outcomes = [
        settled(claims[0], "failed", reason="unregistered"),
        settled(other, "sent", retried_after_error=True),
        settled(claims[1], "failed", reason="refused"),
        settled(claims[2], "unknown", reason="timeout"),
        settled(claims[3], "deferred", retry_at=NOON + MINUTE),
        settled(a_claim("유나"), "held_out", 0),
        settled(a_claim("현우"), "skipped", 0, reason="no_consent"),
    ]
    assert ledger.settle(lease, outcomes, NOON + MINUTE) == ()
    return ledger


def test_counts_are_the_deliveries_by_all_dimensions(sold: Ledger) -> None:
    found = sold.counts("chuseok-sale")
    assert sum(count.rows for count in found) == 8
    assert {(c.platform, c.state, c.reason): c.rows for c in found} == {
        ("android", "failed", "unregistered"): 1,
        ("android", "failed", "refused"): 1,
        ("android", "unknown", "timeout"): 1,
        ("android", "deferred", None): 1,
        ("android", "claimed", None): 1,
        ("android", "held_out", None): 1,
        ("android", "skipped", "no_consent"): 1,
        ("ios", "sent", None): 1,
    }
    assert (
        LedgerCount(
            channel="app",
            locale="ko",
            jurisdiction="KR",
            variant="a",
            platform="ios",
            state="sent",
            reason=None,
            rows=1,
            retried=1,
        )
        in found
    )
    assert sold.counts("another") == ()


def test_a_person_counts_once_by_the_best_delivery(sold: Ledger) -> None:
    assert sold.user_counts("chuseok-sale") == (
        UserCount(state="sent", reason=None, users=1),
        UserCount(state="unknown", reason="timeout", users=1),
        UserCount(state="claimed", reason=None, users=1),
        UserCount(state="deferred", reason=None, users=1),
        UserCount(state="held_out", reason=None, users=1),
        UserCount(state="failed", reason="refused", users=1),
        UserCount(state="skipped", reason="no_consent", users=1),
    )


def test_sent_between_is_when_accepted_messages_were_handed_over(ledger: Ledger) -> None:
    lease = begin(ledger)
    assert ledger.sent_between("chuseok-sale") == (None, None)
    for number, name in enumerate(("민지", "지수", "하준")):
        at = NOON + number * MINUTE
        ledger.claim(lease, [a_claim(name)], at, None)
        state = "failed" if name == "하준" else "sent"
        ledger.settle(lease, [settled(a_claim(name), state)], at + MINUTE)
    assert ledger.sent_between("chuseok-sale") == (NOON, NOON + MINUTE)


def test_a_trace_is_everything_about_one_person_in_time(sold: Ledger) -> None:
    early = begin(sold, "early-bird")
    claim = a_claim("민지", revision=revision_of("early-bird"))
    sold.claim(early, [claim], NOON - MINUTE, None)
    rows = sold.trace("민지")
    assert [(row.campaign, row.address_hash, row.state) for row in rows] == [
        ("early-bird", "address of 민지", "claimed"),
        ("chuseok-sale", "address of 민지", "failed"),
        ("chuseok-sale", "tablet of 민지", "sent"),
    ]
    assert sold.trace("nobody") == ()


def test_the_rows_of_some_people_in_one_campaign(sold: Ledger) -> None:
    rows = sold.recipient_rows("chuseok-sale", ["지수", "민지", "nobody"])
    assert [(row.recipient_hash, row.state) for row in rows] == [
        ("민지", "failed"),
        ("민지", "sent"),
        ("지수", "failed"),
    ]
    assert sold.recipient_rows("chuseok-sale", []) == ()


@pytest.mark.parametrize(
    ("outcome", "people"),
    [
        (Reached.SENT, ["민지"]),
        (Reached.FAILED, ["지수"]),
        (Reached.UNKNOWN, ["하준"]),
        (Reached.HELD_OUT, ["유나"]),
        (Reached.SKIPPED, ["현우"]),
        (Reached.TARGETED, ["도윤", "민지", "서연", "유나", "지수", "하준", "현우"]),
    ],
)
def test_reached_is_a_persons_outcome(sold: Ledger, outcome: Reached, people: list[str]) -> None:
    condition = InCampaign(campaign="chuseok-sale", outcome=outcome)
    assert list(sold.reached(condition, NOON + MINUTE)) == people


def test_reached_looks_back_from_an_instant_and_knows_nothing_later(sold: Ledger) -> None:
    within = InCampaign(campaign="chuseok-sale", within=timedelta(days=7))
    settled_at = NOON + MINUTE
    assert sold.reached(within, settled_at - MINUTE / 2) == ()
    assert sold.reached(within, settled_at) == ("민지",)
    assert sold.reached(within, settled_at + timedelta(days=7) - MINUTE) == ("민지",)
    assert sold.reached(within, settled_at + timedelta(days=7)) == ()
    assert sold.reached(InCampaign(campaign="another"), settled_at) == ()


def test_what_went_out_because_of_a_purchase_is_counted(ledger: Ledger) -> None:
    bought = '{"ad":"unknown","basis":"exception","ended_on":"2026-09-01"}'
    lease = begin(ledger)
    claims = [a_claim("민지", consent=bought), a_claim("지수", consent=bought), a_claim("하준")]
    ledger.claim(lease, claims, NOON, None)
    outcomes = [
        settled(claims[0], "sent"),
        settled(claims[1], "failed", reason="refused"),
        settled(claims[2], "sent"),
    ]
    assert ledger.settle(lease, outcomes, NOON + MINUTE) == ()
    assert ledger.count_on_exception("chuseok-sale") == 1
    assert ledger.count_on_exception("another") == 0
