"""Whether the alternative channel's turn has come for a person (design §8.10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from engine.model.delivery import DeliveryState, FailReason, SkipReason
from engine.model.deployment import LedgerRow

IMPOSSIBLE = frozenset(
    {SkipReason.DEAD_ADDRESS, SkipReason.DISABLED, SkipReason.NO_ADDRESS, SkipReason.NO_TEXT}
)
"""Skips that mean "this channel cannot reach the person". A closed window, a cap, a holdout or an
opt-out is a decision about the person and never opens another channel."""

OURS = frozenset({FailReason.RENDER, FailReason.BAD_MESSAGE, FailReason.TOO_LARGE})
"""Failures of the message itself: the next channel would carry the same mistake to everybody."""

_MAY_STILL_FAIL = (DeliveryState.SENT, DeliveryState.UNKNOWN)

Key = tuple[str, str]
"""A delivery within one campaign: channel and address hash."""


def turn_has_come(
    rows: Sequence[LedgerRow], first: Collection[str], fallback_after: timedelta
) -> bool:
    """Tell whether every delivery on the `first` channels is impossible or refused for good.

    `rows` are all rows of one person in the campaign. No row on a first channel means that the
    person has no address there. A refusal that was learned later than `fallback_after` after the
    hand-over opens nothing: by then the message counts as sent.
    """
    return all(_refused(row, fallback_after) for row in rows if row.channel in first)


def waits_until(
    rows: Sequence[LedgerRow],
    first: Collection[str],
    awaited: Collection[Key],
    fallback_after: timedelta,
    now: datetime,
) -> datetime | None:
    """Return until when the vendor's last word may still open the alternative, None where nothing can.

    `awaited` are the deliveries of which that word is not known yet.
    """
    ends: list[datetime] = []
    for row in rows:
        if row.channel not in first or _refused(row, fallback_after):
            continue
        if row.state not in _MAY_STILL_FAIL or (row.channel, row.address_hash) not in awaited:
            return None
        if row.claimed_at is None or now > row.claimed_at + fallback_after:
            return None
        ends.append(row.claimed_at + fallback_after)
    return min(ends, default=None)


def _refused(row: LedgerRow, fallback_after: timedelta) -> bool:
    if row.state == DeliveryState.FAILED:
        return row.reason not in OURS and _in_time(row, fallback_after)
    return row.state == DeliveryState.SKIPPED and row.reason in IMPOSSIBLE


def _in_time(row: LedgerRow, fallback_after: timedelta) -> bool:
    if row.settled_at is None or row.claimed_at is None:
        return True
    return row.settled_at <= row.claimed_at + fallback_after
