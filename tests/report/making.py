"""Ledgers of counts and reports from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.model.channel import Channel
from engine.model.deployment import (
    Deployed,
    LedgerCount,
    StateIdentity,
    Status,
    StopOrder,
    UserCount,
)
from engine.model.facts import ShardFile, Snapshot, TargetCount
from engine.model.report import Books, BooksLine, Report
from tests.state.world import a_deployed

DUE = datetime(2026, 9, 24, 1, tzinfo=UTC)
NOW = DUE + timedelta(minutes=5)
SHA = "sha256:" + "0" * 64


def a_stored(**schedule: Any) -> dict[str, Any]:
    """Return what a report reads of a stored campaign."""
    return {
        "campaign": {
            "id": "chuseok-sale",
            "title": "추석 특가",
            "type": "advertising",
            "workspace_timezone": "Asia/Seoul",
            "schedule": {"at": "2026-09-24T10:00:00"} | schedule,
        }
    }


def a_campaign_of(status: Status = Status.SENDING, **changes: Any) -> Deployed:
    values: dict[str, Any] = {
        "stored": a_stored(),
        "status": status,
        "due_at": DUE,
        "digest": SHA,
        "content_digest": SHA,
    }
    return a_deployed(**(values | changes))


def a_snapshot(targets: Sequence[TargetCount], users: int, without: int = 0) -> Snapshot:
    shard = ShardFile(number=0, path="0.parquet", rows=1, due_at=DUE, digest="d")
    return Snapshot(
        campaign="chuseok-sale",
        evaluated_at=DUE,
        users=users,
        users_without_address=without,
        users_defaulted_zone=0,
        shards=(shard,),
        counts=tuple(targets),
    )


def targeted(channel: Channel, targets: int, **changes: Any) -> TargetCount:
    values: dict[str, Any] = {
        "locale": "ko",
        "jurisdiction": "KR",
        "variant": "default",
        "platform": "android",
    }
    return TargetCount(channel=channel, targets=targets, **(values | changes))


def counted(channel: Channel, state: str, rows: int, **changes: Any) -> LedgerCount:
    values: dict[str, Any] = {
        "locale": "ko",
        "jurisdiction": "KR",
        "variant": "default",
        "platform": "android",
        "reason": None,
        "retried": 0,
    }
    return LedgerCount(channel=channel, state=state, rows=rows, **(values | changes))


@dataclass
class Counts:
    """A ledger that only counts."""

    rows: Sequence[LedgerCount] = ()
    users: Sequence[UserCount] = ()
    orders: Sequence[StopOrder] = ()
    sent: tuple[datetime | None, datetime | None] = (None, None)
    awaited: int = 0
    who: StateIdentity = field(default_factory=lambda: StateIdentity(lineage="l" * 32, serial=3))

    def counts(self, campaign: str) -> Sequence[LedgerCount]:
        return self.rows

    def user_counts(self, campaign: str) -> Sequence[UserCount]:
        return self.users

    def sent_between(self, campaign: str) -> tuple[datetime | None, datetime | None]:
        return self.sent

    def count_awaited(self, campaign: str) -> int:
        return self.awaited

    def stop_orders(self) -> Sequence[StopOrder]:
        return self.orders

    def identity(self) -> StateIdentity:
        return self.who


def a_report(**changes: Any) -> Report:
    """Return a report of a campaign that is over."""
    device = Books(
        targeted=12, held_out=1, skipped={"window": 2}, sent=6, failed={"refused": 2}, unknown=1
    )
    user = Books(targeted=9, held_out=1, skipped={"no_address": 2}, sent=5, unknown=1)
    line = BooksLine(
        channel="app",
        locale="",
        jurisdiction="KR",
        variant="default",
        platform="android",
        books=device,
    )
    values: dict[str, Any] = {
        "environment": "sandbox",
        "campaign": "chuseok-sale",
        "title": "추석 특가",
        "type": "advertising",
        "status": Status.COMPLETED,
        "reason": None,
        "halted": False,
        "next_due_at": None,
        "blocked": None,
        "next_step": "pushform report chuseok-sale",
        "digest": SHA,
        "content_digest": SHA,
        "commit": "c0ffee",
        "due_at": DUE,
        "schedule": "2026-09-24 10:00 Asia/Seoul",
        "evaluated_at": DUE,
        "first_sent_at": DUE,
        "last_sent_at": NOW,
        "user": user,
        "device": device,
        "lines": (line,),
        "audience": 9,
        "send": 6,
        "send_user": 5,
        "retried_after_error": 1,
        "explanation": ("9 people were in the audience.",),
        "lineage": "l" * 32,
    }
    return Report(**(values | changes))
