"""Which people of an alternative shard are tried now, which wait for a vendor's word, which never are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from engine.dispatch.alternative import turn_has_come, waits_until
from engine.dispatch.keeper import BATCH
from engine.dispatch.sending import Sending, Tools
from engine.kernel.frozen import frozen
from engine.law.finish import REPORTED_LATER
from engine.model.chain import before
from engine.model.channel import Channel
from engine.model.delivery import Target
from engine.model.deployment import LedgerRow


@frozen(kw_only=False)
class Turns:
    """Whose turn has come, and until when at the earliest somebody else waits (None: nobody)."""

    come: tuple[Target, ...]
    look_again_by: datetime | None


def find_turns(tools: Tools, sending: Sending, targets: Sequence[Target], now: datetime) -> Turns:
    """Decide for each target of an alternative shard; who is never tried gets no row at all."""
    campaign = sending.campaign
    first = {
        channel: before(campaign.alternative, channel) for channel in {t.channel for t in targets}
    }
    come: list[Target] = []
    ends: list[datetime] = []
    for start in range(0, len(targets), BATCH):
        batch = targets[start : start + BATCH]
        rows = _rows_of(tools, campaign.id, batch)
        now_come, undecided = _split(batch, rows, first, campaign.fallback_after)
        come += now_come
        waiting = _ends(tools, sending, undecided, rows, first, now)
        ends += [end for end in waiting if end is not None]
        # Another process may have learned the last word after their rows were read: not awaited any
        # more, they would count as decided by a row that has moved on.
        settled = [target for target, end in zip(undecided, waiting, strict=True) if end is None]
        rows = _rows_of(tools, campaign.id, settled) if settled else {}
        come += _split(settled, rows, first, campaign.fallback_after)[0]
    return Turns(come=tuple(come), look_again_by=min(ends, default=None))


def _split(
    targets: Sequence[Target],
    rows: Mapping[str, Sequence[LedgerRow]],
    first: Mapping[Channel, Collection[str]],
    fallback_after: timedelta,
) -> tuple[list[Target], list[Target]]:
    """Return those whose turn has come, and the others."""
    come: list[Target] = []
    others: list[Target] = []
    for target in targets:
        mine = rows.get(target.recipient_hash, ())
        has_come = turn_has_come(mine, first[target.channel], fallback_after)
        (come if has_come else others).append(target)
    return come, others


def _rows_of(
    tools: Tools, campaign: str, targets: Sequence[Target]
) -> Mapping[str, list[LedgerRow]]:
    rows: dict[str, list[LedgerRow]] = {}
    people = sorted({target.recipient_hash for target in targets})
    for row in tools.ledger.recipient_rows(campaign, people):
        rows.setdefault(row.recipient_hash, []).append(row)
    return rows


def _ends(
    tools: Tools,
    sending: Sending,
    undecided: Sequence[Target],
    rows: Mapping[str, Sequence[LedgerRow]],
    first: Mapping[Channel, Collection[str]],
    now: datetime,
) -> list[datetime | None]:
    """Return until when each of those who are not decided waits; None for those who do not wait."""
    campaign = sending.campaign
    late = {
        channel: sorted(
            row.address_hash
            for target in undecided
            for row in rows.get(target.recipient_hash, ())
            if row.channel == channel
        )
        for channel in REPORTED_LATER
    }
    awaited = {
        (channel.value, name)
        for channel, hashes in late.items()
        if hashes
        for name in tools.ledger.still_awaited(campaign.id, channel, hashes)
    }
    return [
        waits_until(
            rows.get(target.recipient_hash, ()),
            first[target.channel],
            awaited,
            campaign.fallback_after,
            now,
        )
        for target in undecided
    ]
