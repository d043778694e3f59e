"""What apply writes and dispatch reads: commits, identity, leases, stop orders, the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.kernel.errors import ClockError, LockedError, MismatchError
from engine.model.deployment import StateIdentity, Status, StopOrder
from engine.model.ports import Ledger
from tests.state.world import (
    NOON,
    Backend,
    a_deployed,
    a_shard,
    a_snapshot,
    a_stored,
    apply,
    begin,
)


def test_a_new_state_is_empty_and_has_serial_zero(ledger: Ledger) -> None:
    assert ledger.is_empty()
    assert ledger.identity().serial == 0
    assert len(ledger.identity().lineage) == 32
    assert ledger.deployed() == {}


def test_what_is_committed_is_read_back_equal(ledger: Ledger, other: Ledger) -> None:
    one = a_deployed()
    two = a_deployed("welcome", users=None, commit=None, cancelled_at=NOON, reason="사유")
    apply(ledger, one, two)
    assert other.deployed() == {"chuseok-sale": one, "welcome": two}
    assert other.find_deployed("welcome") == two
    assert other.find_deployed("nobody") is None
    assert other.deployed_digests()["chuseok-sale"] == (Status.READY, one.content_digest)
    assert not other.is_empty()
    assert other.identity().serial == 1


def test_environments_of_one_database_do_not_see_each_other(
    backend: Backend, ledger: Ledger
) -> None:
    apply(ledger, a_deployed())
    production, _ = backend.open("production")
    assert production.is_empty()
    assert production.identity().lineage != ledger.identity().lineage


def test_the_second_of_two_applies_from_one_plan_is_refused(ledger: Ledger) -> None:
    seen = ledger.identity()
    apply(ledger, a_deployed())
    lease = ledger.acquire("apply", "ci", 60)
    with pytest.raises(MismatchError, match=r"has changed since the plan was made \(serial 1, ex"):
        ledger.commit(lease, seen, [a_deployed("welcome")])
    assert set(ledger.deployed()) == {"chuseok-sale"}


@pytest.mark.parametrize("serial", [-1, 99])
def test_a_serial_that_this_state_never_had_is_refused(ledger: Ledger, serial: int) -> None:
    lease = ledger.acquire("apply", "ci", 60)
    wrong = StateIdentity(lineage=ledger.identity().lineage, serial=serial)
    with pytest.raises(MismatchError, match="has changed"):
        ledger.commit(lease, wrong, [a_deployed()])


def test_another_lineage_is_refused(ledger: Ledger) -> None:
    lease = ledger.acquire("apply", "ci", 60)
    with pytest.raises(MismatchError, match="another one than the plan was made for"):
        ledger.commit(lease, StateIdentity(lineage="f" * 32, serial=0), [a_deployed()])
    assert ledger.is_empty()


def test_a_dispatch_in_between_raises_the_serial_but_contradicts_no_apply(ledger: Ledger) -> None:
    apply(ledger, a_deployed())
    seen = ledger.identity()
    ledger.begin_sending("chuseok-sale", a_snapshot())
    assert ledger.identity().serial > seen.serial
    lease = ledger.acquire("apply", "ci", 60)
    after = ledger.commit(lease, seen, [a_deployed("welcome")])
    assert after == ledger.identity()


def test_after_the_snapshot_only_metadata_changes(ledger: Ledger) -> None:
    begin(ledger)
    frozen = ledger.find_deployed("chuseok-sale")
    assert frozen is not None
    renamed = a_deployed(stored=a_stored(title="추석 특가 2차"), users=99)
    apply(ledger, renamed)
    found = ledger.find_deployed("chuseok-sale")
    assert found is not None
    assert found.stored["campaign"]["title"] == "추석 특가 2차"
    assert (found.status, found.users, found.snapshot) == (Status.SENDING, 3, frozen.snapshot)

    lease = ledger.acquire("apply", "ci", 60)
    changed = a_deployed(stored=a_stored(text="다른 글"))
    with pytest.raises(MismatchError, match=r"has its snapshot.*only its metadata") as raised:
        ledger.commit(lease, ledger.identity(), [a_deployed("welcome"), changed])
    assert raised.value.hint == "copy the campaign to a file with a new id and change that one"
    assert ledger.find_deployed("welcome") is None, "the whole commit is refused"


def test_cancelling_by_file_stops_running_workers(ledger: Ledger) -> None:
    begin(ledger)
    apply(ledger, a_deployed(status=Status.CANCELLED, reason="재고 없음", cancelled_at=NOON))
    found = ledger.find_deployed("chuseok-sale")
    assert found is not None
    assert (found.status, found.cancelled_at, found.reason) == (Status.CANCELLED, NOON, "재고 없음")
    assert found.snapshot is not None
    assert ledger.stop_orders() == (
        StopOrder(scope="chuseok-sale", cancel=True, reason="재고 없음", at=NOON),
    )


def test_an_operators_cancel_is_final_for_the_id(ledger: Ledger) -> None:
    ledger.order_stop(StopOrder(scope="chuseok-sale", cancel=True, reason=None, at=NOON))
    lease = ledger.acquire("apply", "ci", 60)
    with pytest.raises(MismatchError, match="`chuseok-sale` was cancelled by an operator"):
        ledger.commit(lease, ledger.identity(), [a_deployed()])


def test_a_commit_needs_the_lease(ledger: Ledger, other: Ledger, backend: Backend) -> None:
    lost = ledger.acquire("apply", "ci 1", 60)
    backend.clock.pass_(61)
    taken = other.acquire("apply", "ci 2", 60)
    assert taken.fencing > lost.fencing
    with pytest.raises(LockedError, match="`ci 1` has lost the lock `apply` to `ci 2`"):
        ledger.commit(lost, ledger.identity(), [a_deployed()])
    with pytest.raises(LockedError):
        ledger.renew(lost)
    ledger.release(lost)
    other.renew(taken)


def test_a_lease_names_its_holder_and_the_seconds_left(
    ledger: Ledger, other: Ledger, backend: Backend
) -> None:
    ledger.acquire("apply", "github run 7", 60)
    backend.clock.pass_(18)
    with pytest.raises(LockedError, match="`apply` is locked by `github run 7` for another 42 s"):
        other.acquire("apply", "me", 60)


def test_a_released_lease_is_free_at_once(ledger: Ledger, other: Ledger) -> None:
    ledger.release(ledger.acquire("apply", "ci", 60))
    assert other.acquire("apply", "me", 60).fencing == 2


def test_a_renewed_lease_runs_on(ledger: Ledger, other: Ledger, backend: Backend) -> None:
    lease = ledger.acquire("apply", "ci", 60)
    backend.clock.pass_(59)
    ledger.renew(lease)
    backend.clock.pass_(59)
    with pytest.raises(LockedError):
        other.acquire("apply", "me", 60)


def test_a_reboot_ends_leases_and_a_jump_of_the_wall_clock_does_not(
    ledger: Ledger, backend: Backend
) -> None:
    ledger.acquire("apply", "ci", 60)
    backend.clock.wall += timedelta(days=400)
    with pytest.raises(LockedError):
        ledger.acquire("apply", "me", 60)
    rebooted, _ = backend.open(boot="boot-2")
    assert rebooted.acquire("apply", "me", 60).fencing == 2


def test_without_a_boot_id_a_reading_from_the_future_is_an_earlier_boots(backend: Backend) -> None:
    before, _ = backend.open(boot="")
    before.acquire("apply", "ci", 60)
    backend.clock.steady = 3.0
    after, _ = backend.open(boot="")
    assert after.acquire("apply", "me", 60).fencing == 2


def test_halts_are_lifted_and_cancels_never(ledger: Ledger, other: Ledger) -> None:
    halt = StopOrder(scope="*", cancel=False, reason="점검", at=NOON)
    cancel = StopOrder(scope="chuseok-sale", cancel=True, reason="오타", at=NOON)
    ledger.order_stop(halt)
    ledger.order_stop(cancel)
    ledger.order_stop(replace(cancel, reason="again", at=NOON + timedelta(hours=1)))
    assert set(other.stop_orders()) == {halt, cancel}
    assert not other.lift_halt("chuseok-sale")
    assert other.lift_halt("*")
    assert not other.lift_halt("*")
    assert ledger.stop_orders() == (cancel,)


def test_a_second_halt_replaces_the_first(ledger: Ledger) -> None:
    first = StopOrder(scope="*", cancel=False, reason="점검", at=NOON)
    later = replace(first, reason="다른 점검", at=NOON + timedelta(hours=1))
    ledger.order_stop(first)
    ledger.order_stop(later)
    assert ledger.stop_orders() == (later,)


def test_the_snapshot_is_stored_once_and_read_back_equal(ledger: Ledger, other: Ledger) -> None:
    apply(ledger, a_deployed())
    snapshot = a_snapshot(shards=[a_shard(0), a_shard(1, alternative=True)])
    assert ledger.begin_sending("chuseok-sale", snapshot)
    assert not other.begin_sending("chuseok-sale", a_snapshot(shards=[a_shard(7)]))
    found = other.find_deployed("chuseok-sale")
    assert found is not None
    assert found.snapshot == snapshot
    assert found.status is Status.SENDING
    assert other.open_shards("chuseok-sale") == 2


def test_open_shards_can_be_counted_up_to_an_instant(ledger: Ledger) -> None:
    later = NOON + timedelta(hours=3)
    begin(ledger, shards=[a_shard(0), a_shard(1, due_at=later)])
    assert ledger.open_shards("chuseok-sale", NOON) == 1
    assert ledger.open_shards("chuseok-sale", later) == 2


def test_a_snapshot_of_what_is_no_longer_deployed_is_refused(ledger: Ledger) -> None:
    old = a_deployed()
    apply(ledger, old)
    apply(ledger, a_deployed(stored=a_stored(text="새 글")))
    with pytest.raises(MismatchError, match="was applied again while its audience was read"):
        ledger.begin_sending("chuseok-sale", a_snapshot(), old.content_digest)
    with pytest.raises(MismatchError, match="`nobody` is not in the state"):
        ledger.begin_sending("nobody", a_snapshot("nobody"))
    apply(ledger, a_deployed(status=Status.CANCELLED))
    with pytest.raises(MismatchError, match="is `cancelled`"):
        ledger.begin_sending("chuseok-sale", a_snapshot())


def test_finish_writes_the_last_status(ledger: Ledger) -> None:
    lease = begin(ledger)
    with pytest.raises(ValueError, match="still has 1 open shards"):
        ledger.finish("chuseok-sale", Status.COMPLETED, None, NOON)
    ledger.release_shard(lease, done=True)
    ledger.finish("chuseok-sale", Status.COMPLETED, None, NOON + timedelta(minutes=5))
    found = ledger.find_deployed("chuseok-sale")
    assert found is not None
    assert (found.status, found.ended_at) == (Status.COMPLETED, NOON + timedelta(minutes=5))
    with pytest.raises(MismatchError, match="`nobody` is not in the state"):
        ledger.finish("nobody", Status.FAILED, "missed", NOON)
    with pytest.raises(ValueError, match="does not end a campaign"):
        ledger.finish("chuseok-sale", Status.SENDING, None, NOON)


def test_time_only_goes_forward(ledger: Ledger, backend: Backend) -> None:
    ledger.advance_clock(NOON)
    ledger.advance_clock(NOON)
    backend.clock.wall = NOON - timedelta(microseconds=1)
    with pytest.raises(ClockError) as raised:
        ledger.advance_clock(backend.clock.now())
    assert raised.value.exit_code == 6
    assert raised.value.message == (
        "the clock says 2026-09-24T02:59:59.999999Z, but this state has seen "
        "2026-09-24T03:00:00Z already"
    )


def test_who_reads_the_clock_first_and_is_served_last_is_not_going_back(
    ledger: Ledger, other: Ledger, backend: Backend
) -> None:
    early = backend.clock.now()
    backend.clock.pass_(0.2)
    other.advance_clock(backend.clock.now())
    ledger.advance_clock(early)
