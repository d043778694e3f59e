"""Claims, settlements, shards: nobody twice, nobody lost track of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from engine.kernel.errors import LockedError, MismatchError
from engine.model.delivery import TRANSITIONS, DeliveryState
from engine.model.deployment import LedgerRow, ShardLease, Status
from engine.model.ports import Ledger
from engine.model.workspace import PerUserCap
from tests.state.world import (
    CONSENT,
    NOON,
    Backend,
    a_claim,
    a_deployed,
    a_shard,
    a_snapshot,
    a_stored,
    apply,
    begin,
    revision_of,
    settled,
    states,
)

S = DeliveryState
LATER = NOON + timedelta(minutes=10)


def attempts(ledger: Ledger, lease: ShardLease, *claims, now=NOON, cap=None):  # type: ignore[no-untyped-def]
    return [answer.attempt for answer in ledger.claim(lease, claims, now, cap)]


def test_a_claim_keeps_what_was_known_and_its_settlement_what_came_of_it(ledger: Ledger) -> None:
    lease = begin(ledger)
    claim = a_claim()
    assert attempts(ledger, lease, claim) == [1]
    sent = settled(claim, "sent", provider_id="projects/샘플/1", retried_after_error=True)
    assert ledger.settle(lease, [sent], LATER) == ()
    assert ledger.shard_rows("chuseok-sale", 0) == {
        ("app", "address of 민지"): LedgerRow(
            campaign="chuseok-sale",
            channel="app",
            address_hash="address of 민지",
            recipient_hash="민지",
            shard=0,
            revision=claim.revision,
            variant="a",
            locale="ko",
            jurisdiction="KR",
            platform="android",
            role="primary",
            consent=CONSENT,
            state="sent",
            reason=None,
            attempt=1,
            claimed_at=NOON,
            settled_at=LATER,
            retry_at=None,
            provider_id="projects/샘플/1",
            retried_after_error=1,
        )
    }


def test_nobody_is_claimed_twice(ledger: Ledger, other: Ledger) -> None:
    lease = begin(ledger)
    assert attempts(ledger, lease, a_claim(), a_claim("지수"), a_claim()) == [1, 1, None]
    assert attempts(other, lease, a_claim("지수"), a_claim("하준")) == [None, 1]


def test_answers_stand_in_the_order_of_the_claims(ledger: Ledger) -> None:
    lease = begin(ledger)
    claims = [a_claim(f"{n:05}") for n in (3, 1, 2)]
    assert [answer.claim for answer in ledger.claim(lease, claims, NOON, None)] == claims


def test_more_than_a_thousand_are_claimed_and_settled_in_turn(ledger: Ledger) -> None:
    lease = begin(ledger)
    claims = [a_claim(f"{n:05}") for n in range(2_500)]
    assert attempts(ledger, lease, *claims) == [1] * 2_500
    assert ledger.settle(lease, [settled(c, "sent") for c in claims], NOON) == ()
    assert states(ledger) == {"sent": 2_500}
    names = [c.recipient_hash for c in claims]
    assert len(ledger.recipient_rows("chuseok-sale", names)) == 2_500


def _row_in(
    ledger: Ledger, lease: ShardLease, state: DeliveryState | None, name: str = "민지"
) -> int:
    """Bring the delivery to `name` into `state`; return its attempt."""
    if state is None:
        return 0
    claim = a_claim(name)
    if state in (S.SKIPPED, S.HELD_OUT):
        assert ledger.settle(lease, [settled(claim, state, 0)], NOON) == ()
        return 0
    assert attempts(ledger, lease, claim) == [1]
    if state is not S.CLAIMED:
        retry = LATER if state is S.DEFERRED else None
        assert ledger.settle(lease, [settled(claim, state, 1, retry_at=retry)], NOON) == ()
    return 1


@pytest.mark.parametrize("together", [False, True])
def test_a_settlement_moves_along_the_table_and_nowhere_else(
    ledger: Ledger, together: bool
) -> None:
    lease = begin(ledger)
    moves = {
        f"from {before} to {after}": (before, after)
        for before, after in product([None, *S], set(S) - {S.CLAIMED})
    }
    batch = [
        settled(
            a_claim(name),
            after,
            _row_in(ledger, lease, before, name),
            retry_at=LATER if after is S.DEFERRED else None,
        )
        for name, (before, after) in moves.items()
    ]
    batches = [batch] if together else [[settlement] for settlement in batch]
    refused = {s.claim.recipient_hash for b in batches for s in ledger.settle(lease, b, LATER)}
    assert refused == {
        n for n, (before, after) in moves.items() if after not in TRANSITIONS[before]
    }
    rows = {row.recipient_hash: row.state for row in ledger.shard_rows("chuseok-sale", 0).values()}
    for name, (before, after) in moves.items():
        assert rows.get(name) == (before if name in refused else after)


def test_only_a_deferred_delivery_is_claimed_again(ledger: Ledger) -> None:
    lease = begin(ledger)
    for state in S:
        _row_in(ledger, lease, state, f"who is {state}")
    answers = ledger.claim(lease, [a_claim(f"who is {state}") for state in S], LATER, None)
    won = {answer.claim.recipient_hash: answer.attempt for answer in answers if answer.attempt}
    assert won == {"who is deferred": 2}


def test_a_deferred_delivery_waits_for_its_time(ledger: Ledger) -> None:
    lease = begin(ledger)
    _row_in(ledger, lease, S.DEFERRED)
    almost = LATER - timedelta(microseconds=1)
    assert attempts(ledger, lease, a_claim(), now=almost) == [None]
    assert attempts(ledger, lease, a_claim(), now=LATER) == [2]
    assert ledger.settle(lease, [settled(a_claim(), "sent", 1)], LATER), "the first try is over"
    assert ledger.settle(lease, [settled(a_claim(), "sent", 2)], LATER) == ()


def test_of_a_mixed_batch_what_may_be_settled_is(ledger: Ledger) -> None:
    lease = begin(ledger)
    assert attempts(ledger, lease, a_claim("가"), a_claim("나")) == [1, 1]
    batch = [
        settled(a_claim("가"), "sent"),
        settled(a_claim("나"), "sent", 7),
        settled(a_claim("다"), "sent"),
        settled(a_claim("라"), "skipped", 0, reason="cap"),
    ]
    assert set(ledger.settle(lease, batch, NOON)) == {batch[1], batch[2]}
    assert states(ledger) == {"sent": 1, "claimed": 1, "skipped": 1}


def test_two_settlements_of_one_delivery_are_written_in_turn(ledger: Ledger) -> None:
    lease = begin(ledger)
    assert attempts(ledger, lease, a_claim()) == [1]
    first = settled(a_claim(), "sent", provider_id="7")
    assert ledger.settle(lease, [first, settled(a_claim(), "failed")], NOON) == ()
    (row,) = ledger.trace("민지")
    assert (row.state, row.reason, row.provider_id) == ("failed", "refused", "7")


def test_a_settlement_that_is_none_is_a_bug(ledger: Ledger) -> None:
    lease = begin(ledger)
    for wrong in (
        settled(a_claim(), "claimed"),
        settled(a_claim(), "posted"),
        settled(a_claim(), "deferred"),
        settled(a_claim(), "sent", retry_at=LATER),
        settled(a_claim(), "failed", reason=None),
        settled(a_claim(), "skipped", 0, reason=None),
    ):
        with pytest.raises(ValueError, match="`"):
            ledger.settle(lease, [wrong], NOON)
    assert states(ledger) == {}


def test_a_target_of_another_shard_is_a_bug(ledger: Ledger) -> None:
    lease = begin(ledger)
    with pytest.raises(ValueError, match="a target of shard 3 under the lease of shard 0"):
        ledger.claim(lease, [a_claim(shard=3)], NOON, None)


def test_another_revision_than_the_snapshots_is_refused(ledger: Ledger) -> None:
    lease = begin(ledger)
    stranger = a_claim(revision="sha256:0000")
    with pytest.raises(MismatchError, match="cannot be sent as revision `sha256:0000`"):
        ledger.claim(lease, [stranger], NOON, None)
    with pytest.raises(MismatchError, match="cannot be sent as revision `sha256:0000`"):
        ledger.settle(lease, [settled(stranger, "skipped", 0)], NOON)
    assert states(ledger) == {}


def test_a_revision_from_before_the_snapshot_is_refused_and_a_new_title_is_not(
    ledger: Ledger,
) -> None:
    old = a_deployed(stored=a_stored(text="처음 글"))
    apply(ledger, old)
    lease = begin(ledger)
    with pytest.raises(MismatchError):
        ledger.claim(lease, [a_claim(revision=old.content_digest)], NOON, None)
    retitled = a_deployed(stored=a_stored(title="새 제목"))
    apply(ledger, retitled)
    claims = [
        a_claim("가", revision=retitled.content_digest),
        a_claim("나"),
        a_claim("다", revision=retitled.digest),
    ]
    assert attempts(ledger, lease, *claims) == [1, 1, 1]


# leases of shards


def test_a_shard_has_one_holder(ledger: Ledger, other: Ledger) -> None:
    begin(ledger, shards=[a_shard(0), a_shard(1)])
    second = other.lease_shard("chuseok-sale", "worker-2", 60, NOON)
    assert second is not None
    assert second.number == 1
    assert ledger.lease_shard("chuseok-sale", "worker-3", 60, NOON) is None


def test_a_shard_is_leased_when_it_is_due_and_not_done(ledger: Ledger) -> None:
    lease = begin(ledger, shards=[a_shard(0), a_shard(1, due_at=LATER)])
    ledger.release_shard(lease, done=True)
    assert ledger.lease_shard("chuseok-sale", "w", 60, NOON) is None
    late = ledger.lease_shard("chuseok-sale", "w", 60, LATER)
    assert late is not None
    assert late.number == 1


def test_alternatives_wait_for_the_primaries_of_their_wave(ledger: Ledger) -> None:
    shards = [
        a_shard(0),
        a_shard(1, alternative=True),
        a_shard(2, due_at=LATER),
        a_shard(3, due_at=LATER, alternative=True),
    ]
    first = begin(ledger, shards=shards)
    assert ledger.lease_shard("chuseok-sale", "w", 60, NOON) is None
    ledger.release_shard(first, done=True)
    alternative = ledger.lease_shard("chuseok-sale", "w", 60, NOON)
    assert alternative is not None
    assert alternative.number == 1, "the later wave's primaries need not be waited for"
    ledger.release_shard(alternative, done=True)
    assert [
        lease and lease.number
        for lease in (
            ledger.lease_shard("chuseok-sale", "w", 60, LATER),
            ledger.lease_shard("chuseok-sale", "v", 60, LATER),
        )
    ] == [2, None]


def test_a_shard_that_waits_for_retries_blocks_no_other(ledger: Ledger) -> None:
    first = begin(ledger, shards=[a_shard(0), a_shard(1)])
    ledger.release_shard(first, done=False)
    then = ledger.lease_shard("chuseok-sale", "w", 60, NOON)
    assert then is not None
    assert then.number == 1


def test_who_lost_a_shard_cannot_claim_renew_or_close_it(
    ledger: Ledger, other: Ledger, backend: Backend
) -> None:
    lost = begin(ledger)
    backend.clock.pass_(61)
    with pytest.raises(LockedError, match="lease of shard 0 of `chuseok-sale` has ended"):
        ledger.claim(lost, [a_claim()], NOON, None)
    taken = other.lease_shard("chuseok-sale", "worker-2", 60, NOON)
    assert taken is not None
    assert taken.fencing > lost.fencing
    for act in (
        lambda: ledger.claim(lost, [a_claim()], NOON, None),
        lambda: ledger.renew_shard(lost),
        lambda: ledger.release_shard(lost, done=True),
    ):
        with pytest.raises(LockedError, match="`worker-1` has lost shard 0 of `chuseok-sale` to"):
            act()
    ledger.release_shard(lost, done=False)
    other.renew_shard(taken)
    assert ledger.settle(lost, [settled(a_claim(), "skipped", 0)], NOON), "not his to skip"


def test_a_lease_that_is_renewed_in_time_goes_on(ledger: Ledger, backend: Backend) -> None:
    lease = begin(ledger)
    for _ in range(3):
        backend.clock.pass_(59)
        ledger.renew_shard(lease)
    assert attempts(ledger, lease, a_claim()) == [1]


def test_claims_of_a_lost_lease_become_unknown_when_the_shard_is_taken(
    ledger: Ledger, other: Ledger, backend: Backend
) -> None:
    lost = begin(ledger)
    attempts(ledger, lost, a_claim())
    backend.clock.pass_(61)
    taken = other.lease_shard("chuseok-sale", "worker-2", 60, LATER)
    assert taken is not None
    (row,) = other.trace("민지")
    assert (row.state, row.reason, row.settled_at) == ("unknown", "lease_expired", LATER)
    assert attempts(other, taken, a_claim()) == [None]
    # The first worker was only slow, and has heard from the vendor after all.
    assert ledger.settle(lost, [settled(a_claim(), "sent")], LATER) == ()
    assert states(other) == {"sent": 1}


def test_claims_expire_without_anybody_taking_the_shard(
    ledger: Ledger, other: Ledger, backend: Backend
) -> None:
    lease = begin(ledger)
    attempts(ledger, lease, a_claim("가"), a_claim("나"))
    assert other.expire_claims("chuseok-sale", NOON) == 0
    backend.clock.pass_(60)
    assert other.expire_claims("chuseok-sale", LATER) == 2
    assert other.expire_claims("chuseok-sale", LATER) == 0
    assert states(ledger) == {"unknown": 2}


def test_claims_of_a_holder_who_gave_up_expire(ledger: Ledger) -> None:
    lease = begin(ledger)
    attempts(ledger, lease, a_claim())
    ledger.release_shard(lease, done=False)
    assert ledger.expire_claims("chuseok-sale", LATER) == 1


def test_a_claim_is_settled_by_its_claimant_alone(
    ledger: Ledger, other: Ledger, backend: Backend
) -> None:
    lost = begin(ledger)
    backend.clock.pass_(61)
    taken = other.lease_shard("chuseok-sale", "worker-2", 60, NOON)
    assert taken is not None
    attempts(other, taken, a_claim())
    assert ledger.settle(lost, [settled(a_claim(), "sent")], NOON)
    assert states(ledger) == {"claimed": 1}


def test_a_shard_with_pending_deliveries_is_not_done(ledger: Ledger) -> None:
    lease = begin(ledger)
    _row_in(ledger, lease, S.DEFERRED)
    with pytest.raises(ValueError, match="it has a `deferred` delivery"):
        ledger.release_shard(lease, done=True)
    assert ledger.settle(lease, [settled(a_claim(), "skipped", 1)], NOON) == ()
    ledger.release_shard(lease, done=True)
    assert ledger.open_shards("chuseok-sale") == 0


def test_what_a_dead_holder_had_is_free_at_once(ledger: Ledger, other: Ledger) -> None:
    lost = begin(ledger)
    ledger.acquire("dispatch", "worker-1", 60)
    attempts(ledger, lost, a_claim())
    assert other.holders() == ("worker-1",)
    assert other.end_leases("nobody") == 0
    assert other.end_leases("worker-1") == 2
    assert other.holders() == ()
    with pytest.raises(LockedError):
        ledger.claim(lost, [a_claim("지수")], NOON, None)
    assert other.acquire("dispatch", "worker-2", 60).fencing == 2
    taken = other.lease_shard("chuseok-sale", "worker-2", 60, LATER)
    assert taken is not None
    assert taken.fencing == 2
    assert states(other) == {"unknown": 1}


def test_a_finished_campaign_has_no_shard_to_lease(ledger: Ledger) -> None:
    lease = begin(ledger)
    ledger.release_shard(lease, done=True)
    ledger.finish("chuseok-sale", Status.COMPLETED, None, NOON)
    assert ledger.lease_shard("chuseok-sale", "w", 60, NOON) is None


# dead addresses, cap


def test_dead_addresses_are_remembered_once(ledger: Ledger, other: Ledger) -> None:
    lease = begin(ledger)
    attempts(ledger, lease, a_claim("가"), a_claim("나"))
    gone = settled(a_claim("가"), "failed", reason="unregistered", dead_address=True)
    refused = settled(a_claim("다"), "failed", reason="unregistered", dead_address=True)
    assert ledger.settle(lease, [gone, settled(a_claim("나"), "sent"), refused], NOON) == (refused,)
    asked = [f"address of {name}" for name in "가나다"]
    assert other.dead_addresses(asked) == {"address of 가"}
    sale = begin(other, "early-bird")
    claim = a_claim("가", revision=revision_of("early-bird"))
    attempts(other, sale, claim)
    assert other.settle(sale, [replace(gone, claim=claim)], NOON) == ()
    assert other.dead_addresses(asked) == {"address of 가"}


CAP = PerUserCap(max=2, within=timedelta(hours=24))


def _reach(
    ledger: Ledger, campaign: str, state: str = "sent", now=NOON, **settings: object
) -> None:  # type: ignore[no-untyped-def]
    """Let `campaign` reach 민지 with `state`."""
    apply(ledger, a_deployed(campaign, **settings))
    ledger.begin_sending(campaign, a_snapshot(campaign))
    lease = ledger.lease_shard(campaign, "w", 60, NOON)
    assert lease is not None
    claim = a_claim(revision=a_deployed(campaign, **settings).content_digest)
    assert attempts(ledger, lease, claim, now=now) == [1]
    if state != "claimed":
        retry = LATER if state == "deferred" else None
        assert ledger.settle(lease, [settled(claim, state, retry_at=retry)], now) == ()


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("sent", True),
        ("claimed", True),
        ("unknown", True),
        ("failed", False),
        ("skipped", False),
        ("deferred", False),
    ],
)
def test_the_cap_counts_what_went_out_or_may_have(ledger: Ledger, state: str, counts: bool) -> None:
    _reach(ledger, "first")
    _reach(ledger, "second", state)
    lease = begin(ledger)
    (answer,) = ledger.claim(lease, [a_claim()], NOON, CAP)
    assert (answer.attempt, answer.capped) == ((None, True) if counts else (1, False))
    assert states(ledger) == ({} if counts else {"claimed": 1})


def test_the_cap_looks_at_its_period_only(ledger: Ledger) -> None:
    _reach(ledger, "first")
    _reach(ledger, "second")
    lease = begin(ledger)
    day = NOON + timedelta(hours=24)
    assert attempts(ledger, lease, a_claim(), now=day - timedelta(seconds=1), cap=CAP) == [None]
    assert attempts(ledger, lease, a_claim(), now=day, cap=CAP) == [1]


def test_the_cap_counts_campaigns_not_messages(ledger: Ledger) -> None:
    _reach(ledger, "first")
    lease = begin(ledger)
    phone, tablet = a_claim(), a_claim(address_hash="another address of 민지")
    assert attempts(ledger, lease, phone, tablet, cap=CAP) == [1, 1]
    third = a_claim(address_hash="a third address of 민지")
    assert attempts(ledger, lease, third, cap=CAP) == [1]


def test_the_cap_does_not_count_informational_campaigns(ledger: Ledger) -> None:
    for id in ("order-1", "order-2"):  # noqa: A001
        _reach(ledger, id, stored=a_stored(id, type="informational"))
    lease = begin(ledger)
    assert attempts(ledger, lease, a_claim(), cap=CAP) == [1]


def test_a_capped_person_does_not_stop_the_others(ledger: Ledger) -> None:
    _reach(ledger, "first")
    _reach(ledger, "second")
    lease = begin(ledger)
    answers = ledger.claim(lease, [a_claim(), a_claim("지수")], NOON, CAP)
    assert [(a.attempt, a.capped) for a in answers] == [(None, True), (1, False)]
    capped = settled(a_claim(), "skipped", 0, reason="cap")
    assert ledger.settle(lease, [capped], NOON) == ()


def test_whom_somebody_else_has_claimed_is_not_capped(ledger: Ledger) -> None:
    _reach(ledger, "first")
    lease = begin(ledger)
    attempts(ledger, lease, a_claim())
    _reach(ledger, "third")
    (answer,) = ledger.claim(lease, [a_claim()], NOON, CAP)
    assert (answer.attempt, answer.capped) == (None, False)
