"""A small world for the state: a clock that is set by hand, backends, and valid values to vary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.kernel.digest import digest
from engine.model.channel import Channel
from engine.model.deployment import (
    Claim,
    Deployed,
    Settlement,
    ShardLease,
    Status,
)
from engine.model.facts import ShardFile, Snapshot, TargetCount
from engine.model.ports import Clock, Ledger, Pace
from engine.state.open import open_state

KEY = b"0123456789abcdef0123456789abcdef"
NOON = datetime(2026, 9, 24, 3, 0, tzinfo=UTC)
CONSENT = '{"ad":"yes","night":"unknown","read_at":"2026-09-24T03:00:00Z","service":"yes"}'


class HandClock:
    """Both clocks, set by hand; sleeping moves them."""

    def __init__(self, now: datetime = NOON, steady: float = 1_000.0) -> None:
        self.wall = now
        self.steady = steady

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def sleep(self, seconds: float) -> None:
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds


@dataclass
class Backend:
    """One kind of database, empty; every call of `open` is another process's view of it."""

    url: str
    clock: HandClock
    opened: list[Ledger]

    def open(
        self, environment: str = "sandbox", clock: Clock | None = None, boot: str = "boot-1"
    ) -> tuple[Ledger, Pace]:
        ledger, pace = open_state(
            self.url, environment, KEY, clock or self.clock, create=True, boot=boot
        )
        self.opened.append(ledger)
        return ledger, pace


def sqlite(folder: Path) -> Backend:
    return Backend(f"sqlite:///{folder}/.pushform/state.db", HandClock(), [])


BACKENDS: dict[str, Callable[[Path], Backend]] = {"sqlite": sqlite}
"""Every database that the contract holds for."""


def a_stored(id: str = "chuseok-sale", **changes: object) -> dict[str, object]:  # noqa: A002
    """Return what `apply` stores, in the shape that the state looks at."""
    campaign = {
        "id": id,
        "title": "추석 특가",
        "type": "advertising",
        "text": "송편을 30% 할인",
        **changes,
    }
    return {"campaign": campaign, "samples": [], "limits": {}, "observed": {}}


def a_deployed(id: str = "chuseok-sale", **changes: object) -> Deployed:  # noqa: A002
    stored = changes.pop("stored", None) or a_stored(id)
    values = {
        "id": id,
        "status": Status.READY,
        "reason": None,
        "digest": digest(["change", stored]),
        "content_digest": digest(stored),
        "stored": stored,
        "applied_at": NOON,
        "changed_at": NOON,
        "due_at": NOON,
        "users": 3,
        "commit": "c0ffee",
        "approved_by": "growth@shop.example",
    }
    return Deployed(**(values | changes))  # type: ignore[arg-type]


def a_shard(number: int = 0, **changes: object) -> ShardFile:
    file = ShardFile(number=number, path=f"{number}.parquet", rows=3, due_at=NOON, digest="d")
    return replace(file, **changes)  # type: ignore[arg-type]


def a_snapshot(campaign: str = "chuseok-sale", shards: Sequence[ShardFile] = ()) -> Snapshot:
    count = TargetCount(
        channel=Channel.APP,
        locale="ko",
        jurisdiction="KR",
        variant="a",
        platform="android",
        targets=3,
    )
    return Snapshot(
        campaign=campaign,
        evaluated_at=NOON,
        users=3,
        users_without_address=0,
        users_defaulted_zone=1,
        shards=tuple(shards) or (a_shard(),),
        counts=(count,),
    )


def a_claim(name: str = "민지", **changes: object) -> Claim:
    claim = Claim(
        channel="app",
        address_hash=f"address of {name}",
        recipient_hash=f"{name}",
        shard=0,
        revision=a_deployed().content_digest,
        variant="a",
        locale="ko",
        jurisdiction="KR",
        platform="android",
        role="primary",
        consent=CONSENT,
    )
    return replace(claim, **changes)  # type: ignore[arg-type]


def apply(ledger: Ledger, *campaigns: Deployed) -> None:
    lease = ledger.acquire("apply", "ci", 60)
    ledger.commit(lease, ledger.identity(), campaigns)
    ledger.release(lease)


def begin(
    ledger: Ledger, campaign: str = "chuseok-sale", shards: Sequence[ShardFile] = ()
) -> ShardLease:
    """Apply a campaign, store its snapshot and take its first shard."""
    apply(ledger, a_deployed(campaign))
    assert ledger.begin_sending(campaign, a_snapshot(campaign, shards))
    lease = ledger.lease_shard(campaign, "worker-1", 60, NOON)
    assert lease is not None
    return lease


def revision_of(campaign: str) -> str:
    return a_deployed(campaign).content_digest


def settled(claim: Claim, state: str, attempt: int = 1, **changes: object) -> Settlement:
    reason = {"failed": "refused", "skipped": "window"}.get(state)
    settlement = Settlement(claim=claim, attempt=attempt, state=state, reason=reason)
    return replace(settlement, **changes)  # type: ignore[arg-type]


def states(ledger: Ledger, campaign: str = "chuseok-sale") -> dict[str, int]:
    found: dict[str, int] = {}
    for count in ledger.counts(campaign):
        found[count.state] = found.get(count.state, 0) + count.rows
    return found
