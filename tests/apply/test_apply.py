"""Approvals against a fresh plan, and the one transaction that writes them: all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.apply.select import (
    FindingsError,
    Selection,
    by_digests,
    check_applyable,
    check_in_time,
    everything,
    select_changes,
)
from engine.apply.write import write_changes
from engine.kernel.errors import BlockedError, ClockError, ExitCode, LockedError, MismatchError
from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import NOWHERE
from engine.model.deployment import Deployed, StateIdentity, Status
from engine.model.plan import Action, Applied, ApprovedChange, Guard, Plan
from engine.model.ports import Ledger
from engine.model.stored import METADATA_KEYS
from tests.plan.making import DUE, NOW, a_snapshot, at, deployed, plan_of, wanted
from tests.state.world import sqlite

A = "sha256:" + "a" * 64
ERROR = Finding(
    rule="ad-label", severity=Severity.ERROR, message="no label", at=NOWHERE, campaign="가"
)


def nothing_deployed(_: str) -> str | None:
    return None


def approval(campaign: str = "", digest: str = A, **changes: Any) -> ApprovedChange:
    values: dict[str, Any] = {"action": "create", "not_after": None}
    return ApprovedChange(campaign=campaign, digest=digest, **(values | changes))


def two() -> Plan:
    """Return a plan that creates 가 and 나."""
    return plan_of(wanted(id="가"), wanted(id="나"))


def names(changes: Sequence[Any]) -> list[str]:
    return [change.campaign for change in changes]


# selecting


def test_the_whole_plan_can_be_approved() -> None:
    plan = two()

    found = select_changes(plan, everything(plan), nothing_deployed)

    assert (names(found.approved), found.left, found.already) == (["가", "나"], (), ())


def test_a_digest_approves_one_change_and_leaves_the_others() -> None:
    plan = two()

    found = select_changes(plan, by_digests([plan.pending[1].digest]), nothing_deployed)

    assert (names(found.approved), names(found.left)) == (["나"], ["가"])


def test_the_same_approval_twice_is_one() -> None:
    plan = two()

    found = select_changes(plan, everything(plan) * 2, nothing_deployed)

    assert names(found.approved) == ["가", "나"]


def test_nothing_approved_leaves_everything() -> None:
    assert names(select_changes(two(), (), nothing_deployed).left) == ["가", "나"]


def test_what_is_deployed_already_is_no_mismatch() -> None:
    desired = wanted(id="가")
    plan = plan_of(desired, there=[deployed(desired, digest=A)])

    for given in (approval("가"), approval()):
        found = select_changes(plan, [given], {"가": A}.get)
        assert (found.approved, found.already) == ((), (A,))


def test_a_changed_change_is_a_mismatch_that_says_what_changed_since() -> None:
    reviewed = plan_of(wanted(id="가"), there=[deployed(wanted(id="가", holdout=0.1))])
    plan = plan_of(
        wanted(id="가", schedule=at("2026-09-25 10:00")),
        there=[deployed(wanted(id="가", holdout=0.1))],
    )

    with pytest.raises(MismatchError) as caught:
        select_changes(plan, everything(reviewed), nothing_deployed)

    assert caught.value.message == (
        "campaign `가` is not what was approved: it now changes holdout, schedule.at; "
        f"its digest is now {plan.pending[0].digest}"
    )
    assert caught.value.hint == "plan again"


def test_a_change_that_is_gone_is_a_mismatch() -> None:
    with pytest.raises(MismatchError) as caught:
        select_changes(plan_of(), [approval("가")], nothing_deployed)

    assert caught.value.message == (
        "campaign `가` is not what was approved: nothing is to be changed there now"
    )


def test_a_digest_of_nothing_is_a_mismatch() -> None:
    with pytest.raises(MismatchError) as caught:
        select_changes(two(), by_digests([A]), nothing_deployed)

    assert caught.value.message == f"no change has the digest {A}"
    assert caught.value.hint == "pushform plan shows the digests of today's changes"


def test_one_stale_approval_among_many_stops_all() -> None:
    plan = two()

    with pytest.raises(MismatchError):
        select_changes(plan, [*everything(plan), approval("다")], nothing_deployed)


@pytest.mark.parametrize("by_digest", [False, True])
def test_an_approval_that_comes_too_late_is_refused(by_digest: bool) -> None:
    in_time = plan_of(wanted(id="가"), as_of=DUE - timedelta(hours=1))
    late = plan_of(wanted(id="가"), as_of=DUE - timedelta(minutes=59))
    given = by_digests([late.pending[0].digest]) if by_digest else everything(in_time)

    assert names(select_changes(in_time, given, nothing_deployed).approved) == ["가"]
    with pytest.raises(ClockError) as caught:
        select_changes(late, given, nothing_deployed)
    assert caught.value.message == (
        "campaign `가` had to be applied by 2026-09-24T00:00:00Z, it is 2026-09-24T00:01:00Z"
    )


def test_the_approved_end_counts_even_where_the_fresh_one_is_later() -> None:
    plan = two()
    given = [replace(everything(plan)[0], not_after=NOW - timedelta(seconds=1))]

    with pytest.raises(ClockError, match="campaign `가` had to be applied by 2026-09-19T23:59:59Z"):
        select_changes(plan, given, nothing_deployed)


def test_a_plan_that_took_long_is_judged_again_when_it_is_written() -> None:
    plan = plan_of(wanted(id="가"))
    end = DUE - timedelta(hours=1)

    check_in_time(plan.pending, end)
    with pytest.raises(ClockError, match="campaign `가` had to be applied by 2026-09-24T00:00:00Z"):
        check_in_time(plan.pending, end + timedelta(seconds=1))


# what stands against it


def test_a_good_plan_may_be_applied() -> None:
    plan = two()
    check_applyable(plan, plan.pending)


def test_a_lost_state_comes_before_everything() -> None:
    plan = plan_of(
        wanted(id="가"), state_lost="there is none", findings=[ERROR], unavailable={"app": "no"}
    )

    with pytest.raises(MismatchError, match="the state is lost: there is none"):
        check_applyable(plan, plan.pending)


def test_a_refusing_guard_comes_before_findings_and_all_of_them_are_named() -> None:
    plan = plan_of(wanted(id="가"), findings=[ERROR], unavailable={"app": "없음", "web": "없음"})

    with pytest.raises(BlockedError) as caught:
        check_applyable(plan, plan.pending)

    assert caught.value.message == (
        "provider: channel `app`: 없음 (`가`); provider: channel `web`: 없음 (`가`)"
    )
    assert caught.value.hint == (
        "configure it under `channels:` in pushform.yaml, or leave the channel out"
    )


def test_only_what_is_approved_can_be_refused() -> None:
    plan = two()
    refusing = replace(plan.pending[1], guards=(Guard(name="g", passed=False, message="too many"),))
    plan = replace(
        plan, changes=(plan.pending[0], refusing), findings=(replace(ERROR, campaign="나"),)
    )

    check_applyable(plan, plan.pending[:1])
    with pytest.raises(BlockedError, match="g: too many"):
        check_applyable(plan, plan.pending)
    general = replace(plan, guards=(Guard(name="vanished", passed=False, message="gone"),))
    with pytest.raises(BlockedError, match="vanished: gone"):
        check_applyable(general, plan.pending[:1])


@pytest.mark.parametrize("campaign", ["가", None])
def test_lint_errors_stop_an_apply(campaign: str | None) -> None:
    warning = replace(ERROR, severity=Severity.WARNING, message="only a warning")
    plan = plan_of(wanted(id="가"), findings=[warning, replace(ERROR, campaign=campaign)])

    with pytest.raises(FindingsError) as caught:
        check_applyable(plan, plan.pending)

    assert caught.value.exit_code is ExitCode.FINDINGS
    assert caught.value.message == "1 lint error; the first: no label [ad-label]"


# writing


class State:
    """A real ledger and what a command does with it."""

    def __init__(self, folder: Path) -> None:
        self.backend = sqlite(folder)
        self.ledger: Ledger = self.backend.open()[0]

    def there(self) -> list[Deployed]:
        return list(self.ledger.deployed().values())

    def plan(self, *desired: Any, **around: Any) -> Plan:
        return plan_of(*desired, there=self.there(), state=self.ledger.identity(), **around)

    def write(self, plan: Plan, **changes: Any) -> Applied:
        values: dict[str, Any] = {
            "expected": plan.state,
            "holder": "ci",
            "now": plan.as_of,
            "commit": "c0ffee",
            "approved_by": "growth@shop.example",
            "is_dead": lambda _: False,
        }
        ledger = changes.pop("ledger", self.ledger)
        selection = changes.pop("selection", None) or select_changes(
            plan, everything(plan), nothing_deployed
        )
        return write_changes(ledger, selection, **(values | changes))

    def start(self, campaign: str) -> None:
        there = self.ledger.find_deployed(campaign)
        assert there is not None
        self.ledger.begin_sending(campaign, a_snapshot(campaign), there.content_digest)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path)
    yield made
    for ledger in made.backend.opened:
        ledger.close()


def test_what_an_apply_leaves_in_the_state(state: State) -> None:
    plan = state.plan(wanted(id="가"), wanted(id="나"))

    applied = state.write(plan)

    assert names(applied.written) == ["가", "나"]
    assert applied.state.serial == state.ledger.identity().serial > plan.state.serial  # type: ignore[union-attr]
    there = state.ledger.find_deployed("가")
    assert there is not None
    assert (there.status, there.due_at, there.users) == (Status.READY, DUE, 1_000)
    assert (there.applied_at, there.changed_at) == (NOW, NOW)
    assert there.digest == plan.pending[0].digest
    assert there.content_digest == wanted(id="가").content_digest
    assert (there.commit, there.approved_by) == ("c0ffee", "growth@shop.example")
    again = state.plan(wanted(id="가"), wanted(id="나"))
    assert [c.action for c in again.changes] == [Action.NONE, Action.NONE]


def test_nothing_approved_writes_nothing(state: State) -> None:
    plan = state.plan(wanted(id="가"))
    before = state.ledger.identity()

    applied = state.write(plan, selection=Selection(approved=(), left=plan.pending, already=()))

    assert (applied.written, names(applied.left)) == ((), ["가"])
    assert state.ledger.identity() == before
    assert state.there() == []


def test_metadata_leaves_times_people_and_status_alone(state: State) -> None:
    state.write(state.plan(wanted(id="가")))
    state.start("가")
    later = NOW + timedelta(hours=5)

    state.write(state.plan(wanted(id="가", owner="crm"), as_of=later))

    there = state.ledger.find_deployed("가")
    assert there is not None
    assert (there.status, there.changed_at, there.applied_at) == (Status.SENDING, NOW, later)
    assert there.snapshot is not None
    assert there.stored["campaign"]["owner"] == "crm"
    assert "owner" in METADATA_KEYS


def test_new_content_starts_the_lead_again(state: State) -> None:
    state.write(state.plan(wanted(id="가")))
    later = NOW + timedelta(hours=5)

    state.write(state.plan(wanted(id="가", holdout=0.1), as_of=later))

    there = state.ledger.find_deployed("가")
    assert there is not None
    assert there.changed_at == later


def test_a_cancel_ends_what_is_ready_at_once(state: State) -> None:
    state.write(state.plan(wanted(id="가")))

    state.write(state.plan(stopped={"가": "재고 없음"}))

    there = state.ledger.find_deployed("가")
    assert there is not None
    assert (there.status, there.reason) == (Status.CANCELLED, "file: 재고 없음")
    assert there.cancelled_at == there.ended_at == NOW
    assert state.ledger.stop_orders() == ()


def test_a_cancel_of_what_is_being_sent_orders_the_workers_to_stop(state: State) -> None:
    state.write(state.plan(wanted(id="가")))
    state.start("가")

    state.write(state.plan(stopped={"가": "재고 없음"}))

    there = state.ledger.find_deployed("가")
    assert there is not None
    assert (there.status, there.ended_at) == (Status.SENDING, None)
    (order,) = state.ledger.stop_orders()
    assert (order.scope, order.cancel, order.reason) == ("가", True, "file: 재고 없음")


def test_a_state_that_moved_on_gets_nothing_at_all(state: State) -> None:
    plan = state.plan(wanted(id="가"), wanted(id="나"))
    state.write(state.plan(wanted(id="나", holdout=0.1)))
    before = state.ledger.identity()

    with pytest.raises(MismatchError) as caught:
        state.write(plan)

    assert caught.value.message == (
        "campaign `나` was changed in the state while it was being applied"
    )
    assert [one.id for one in state.there()] == ["나"]
    assert state.ledger.identity() == before
    assert state.ledger.holders() == (), "the lease was given back"


def test_another_serial_gets_nothing_even_where_the_campaigns_are_the_same(state: State) -> None:
    plan = state.plan(wanted(id="가"))
    state.write(state.plan(wanted(id="다른")))

    with pytest.raises(MismatchError):
        state.write(plan)

    assert [one.id for one in state.there()] == ["다른"]


def test_a_lineage_that_is_not_ours_gets_nothing(state: State) -> None:
    plan = replace(state.plan(wanted(id="가")), state=StateIdentity(lineage="x" * 32, serial=0))

    with pytest.raises(MismatchError):
        state.write(plan)
    assert state.there() == []


def test_two_applies_do_not_meet(state: State) -> None:
    other = state.backend.open()[0]
    lease = other.acquire("apply", "another ci", 120)
    plan = state.plan(wanted(id="가"))

    with pytest.raises(LockedError, match="another ci"):
        state.write(plan)
    assert state.there() == []

    state.write(plan, is_dead=lambda holder: holder == "another ci")
    assert [one.id for one in state.there()] == ["가"]
    with pytest.raises(LockedError):
        other.commit(lease, other.identity(), [])


class Slow:
    """A ledger whose process sleeps for longer than its lease before it commits."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __getattr__(self, name: str) -> Any:
        if name == "commit":
            self._state.backend.clock.pass_(121)
            other = self._state.backend.open()[0]
            other.acquire("apply", "다른 ci", 120)
        return getattr(self._state.ledger, name)


def test_an_apply_that_lost_its_lease_writes_nothing(state: State) -> None:
    plan = state.plan(wanted(id="가"))

    with pytest.raises(LockedError):
        state.write(plan, ledger=Slow(state))

    assert state.there() == []
    assert state.ledger.holders() == ("다른 ci",), "and it does not free what is another's"


def test_approved_once_the_second_apply_has_nothing_to_do(state: State) -> None:
    plan = state.plan(wanted(id="가"))
    approvals = everything(plan)
    state.write(plan)
    fresh = state.plan(wanted(id="가"))

    def digest_of(name: str) -> str | None:
        there = state.ledger.find_deployed(name)
        return there.digest if there else None

    found = select_changes(fresh, approvals, digest_of)

    assert (found.approved, found.left, found.already) == ((), (), (plan.pending[0].digest,))
