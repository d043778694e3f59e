"""Workers that crash, stall and come back, in any order: nobody twice, nobody lost."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.kernel.errors import LockedError
from engine.model.delivery import TERMINAL, DeliveryState
from engine.model.deployment import Claim, ShardLease, Status
from engine.model.ports import Ledger
from tests.state.world import (
    BACKENDS,
    Backend,
    a_claim,
    a_deployed,
    a_shard,
    a_snapshot,
    apply,
    settled,
    states,
)

TARGETS = {0: [f"가{n}" for n in range(6)], 1: [f"나{n}" for n in range(6)]}
EVERYBODY = [name for names in TARGETS.values() for name in names]
WORKERS = st.sampled_from(["일", "이", "삼"])
TTL = 30.0


class Worker:
    """What one process knows, and forgets when it dies."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.lease: ShardLease | None = None
        self.claimed: dict[str, tuple[ShardLease, int]] = {}
        """Claimed, not handed over yet."""
        self.in_flight: dict[str, tuple[ShardLease, int]] = {}


class Dispatching(RuleBasedStateMachine):
    backend_name = "sqlite"

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.backend: Backend = BACKENDS[self.backend_name](self.folder)
        self.workers = {name: Worker(self.backend.open()[0]) for name in ("일", "이", "삼")}
        self.arrived: Counter[str] = Counter()
        """What the provider accepted, or may have: a second one is what must never happen."""
        watcher = self.watcher = self.backend.open()[0]
        apply(watcher, a_deployed())
        watcher.begin_sending("chuseok-sale", a_snapshot(shards=[a_shard(0), a_shard(1)]))

    @rule(name=WORKERS)
    def take_a_shard(self, name: str) -> None:
        worker = self.workers[name]
        if worker.lease is None:
            worker.lease = worker.ledger.lease_shard("chuseok-sale", name, TTL, self.now)

    @rule(name=WORKERS, which=st.sets(st.integers(0, 5), min_size=1))
    def claim(self, name: str, which: set[int]) -> None:
        worker = self.workers[name]
        if worker.lease is None:
            return
        lease = worker.lease
        wishes = [self.wish(lease.number, TARGETS[lease.number][n]) for n in which]
        try:
            answers = worker.ledger.claim(lease, wishes, self.now, None)
        except LockedError:
            worker.lease = None
            return
        for answer in answers:
            if answer.attempt is not None:
                worker.claimed[answer.claim.recipient_hash] = (lease, answer.attempt)

    @rule(name=WORKERS)
    def hand_over(self, name: str) -> None:
        worker = self.workers[name]
        for who in worker.claimed:
            self.arrived[who] += 1
        worker.in_flight |= worker.claimed
        worker.claimed = {}

    @rule(
        name=WORKERS,
        outcome=st.sampled_from(["sent", "failed", "unknown", "deferred"]),
        data=st.data(),
    )
    def hear_back(self, name: str, outcome: str, data: st.DataObject) -> None:
        worker = self.workers[name]
        if not worker.in_flight:
            return
        who = data.draw(st.sampled_from(sorted(worker.in_flight)))
        lease, attempt = worker.in_flight.pop(who)
        claim = self.wish(lease.number, who)
        retry = self.now + timedelta(seconds=5) if outcome == "deferred" else None
        if outcome == "deferred":
            self.arrived[who] -= 1  # the provider has surely not acted
        settlement = settled(claim, outcome, attempt, retry_at=retry)
        worker.ledger.settle(lease, [settlement], self.now)

    @rule(name=WORKERS, which=st.integers(0, 5), state=st.sampled_from(["skipped", "held_out"]))
    def refuse_at_the_door(self, name: str, which: int, state: str) -> None:
        worker = self.workers[name]
        if worker.lease is not None:
            claim = self.wish(worker.lease.number, TARGETS[worker.lease.number][which])
            worker.ledger.settle(worker.lease, [settled(claim, state, 0)], self.now)

    @rule(name=WORKERS)
    def give_back(self, name: str) -> None:
        worker = self.workers[name]
        if worker.lease is not None and not worker.claimed and not worker.in_flight:
            worker.ledger.release_shard(worker.lease, done=False)
            worker.lease = None

    @rule(name=WORKERS)
    def renew(self, name: str) -> None:
        worker = self.workers[name]
        if worker.lease is not None:
            try:
                worker.ledger.renew_shard(worker.lease)
            except LockedError:
                worker.lease = None

    @rule(name=WORKERS)
    def crash(self, name: str) -> None:
        self.workers[name] = Worker(self.backend.open()[0])

    @rule(seconds=st.sampled_from([1.0, 6.0, TTL + 1]))
    def time_passes(self, seconds: float) -> None:
        self.backend.clock.pass_(seconds)

    @rule()
    def expire(self) -> None:
        self.watcher.expire_claims("chuseok-sale", self.now)

    @precondition(lambda self: hasattr(self, "watcher"))
    @invariant()
    def nobody_twice_and_nobody_unaccounted(self) -> None:
        assert all(count <= 1 for count in self.arrived.values()), self.arrived
        rows = {
            row.recipient_hash: row
            for shard in TARGETS
            for row in self.watcher.shard_rows("chuseok-sale", shard).values()
        }
        assert all(rows[who].attempt >= 1 for who, count in self.arrived.items() if count)
        assert sum(states(self.watcher).values()) == len(rows) <= len(EVERYBODY)

    def teardown(self) -> None:
        if not hasattr(self, "watcher"):
            return
        try:
            self.finish()
        finally:
            for ledger in self.backend.opened:
                ledger.close()
            shutil.rmtree(self.folder)

    def finish(self) -> None:
        """Every worker dies; one that comes later ends the campaign, and the books balance."""
        self.backend.clock.pass_(TTL + 10)
        while lease := self.watcher.lease_shard("chuseok-sale", "last", TTL, self.now):
            wishes = [self.wish(lease.number, name) for name in TARGETS[lease.number]]
            answers = self.watcher.claim(lease, wishes, self.now, None)
            won = [answer for answer in answers if answer.attempt is not None]
            for answer in won:
                self.arrived[answer.claim.recipient_hash] += 1
            done = [settled(a.claim, "sent", a.attempt or 0) for a in won]
            assert self.watcher.settle(lease, done, self.now) == ()
            self.watcher.release_shard(lease, done=True)
        self.nobody_twice_and_nobody_unaccounted()
        self.watcher.finish("chuseok-sale", Status.COMPLETED, None, self.now)
        counts = states(self.watcher)
        assert sum(counts.values()) == len(EVERYBODY)
        assert {DeliveryState(state) for state in counts} <= TERMINAL
        users = self.watcher.user_counts("chuseok-sale")
        assert sum(count.users for count in users) == len(EVERYBODY)

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return self.backend.clock.now()

    @staticmethod
    def wish(shard: int, name: str) -> Claim:
        return a_claim(name, shard=shard)


TestDispatching = Dispatching.TestCase
TestDispatching.settings = settings(
    deadline=None,
    max_examples=20,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
