"""Long lists of claims and settlements, cut into transactions that are short enough for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from engine.kernel.errors import LockedError
from engine.model.deployment import Claim, ClaimAnswer, Settlement, ShardLease
from engine.model.workspace import PerUserCap
from engine.state.claims import Key, claim, key_of
from engine.state.late import settle_late
from engine.state.settle import settle
from engine.state.transaction import ROWS, Database

Item = TypeVar("Item")


def claim_all(
    database: Database,
    lease: ShardLease,
    claims: Sequence[Claim],
    now: datetime,
    cap: PerUserCap | None,
) -> Sequence[ClaimAnswer]:
    """Claim in transactions of at most 1,000; of two claims for one key the first counts.

    Raises LockedError if the lease has ended. If it ends between two transactions, what was won is
    answered all the same (somebody has to send it), and the rest is refused.
    """
    answers: list[ClaimAnswer] = []
    for batch in _batches(claims, key_of):
        try:
            with database.write() as tx:
                answers += claim(tx, lease, batch, now, cap)
        except LockedError:
            if not answers:
                raise
            break
    rest = claims[len(answers) :]
    return (*answers, *(ClaimAnswer(claim=wish, attempt=None) for wish in rest))


def settle_all(
    database: Database, lease: ShardLease, settlements: Sequence[Settlement], now: datetime
) -> Sequence[Settlement]:
    """Settle in transactions of at most 1,000; two settlements of one key are written in turn."""
    refused: list[Settlement] = []
    for batch in _batches(settlements, lambda settlement: key_of(settlement.claim)):
        with database.write() as tx:
            refused += settle(tx, lease, batch, now)
    return tuple(refused)


def settle_all_late(
    database: Database, campaign: str, settlements: Sequence[Settlement], now: datetime
) -> Sequence[Settlement]:
    """Write last words in transactions of at most 1,000; return those that changed something."""
    changed: list[Settlement] = []
    for batch in _batches(settlements, lambda settlement: key_of(settlement.claim)):
        with database.write() as tx:
            changed += settle_late(tx, campaign, batch, now)
    return tuple(changed)


def _batches(items: Sequence[Item], key: Callable[[Item], Key]) -> Iterator[list[Item]]:
    """Cut `items`, in order, where 1,000 are full or where a key would come up a second time."""
    batch: list[Item] = []
    keys: set[Key] = set()
    for item in items:
        name = key(item)
        if len(batch) == ROWS or name in keys:
            yield batch
            batch, keys = [], set()
        batch.append(item)
        keys.add(name)
    if batch:
        yield batch
