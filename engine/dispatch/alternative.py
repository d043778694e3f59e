"""Whether the alternative channel's turn has come for a person (design §8.10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.model.delivery import DeliveryState, FailReason, SkipReason
from engine.model.deployment import LedgerRow

IMPOSSIBLE = frozenset(
    {SkipReason.DEAD_ADDRESS, SkipReason.DISABLED, SkipReason.NO_ADDRESS, SkipReason.NO_TEXT}
)
"""Skips that mean "this channel cannot reach the person". A closed window, a cap, a holdout or an
opt-out is a decision about the person and never opens another channel."""

OURS = frozenset({FailReason.RENDER, FailReason.BAD_MESSAGE, FailReason.TOO_LARGE})
"""Failures of the message itself: the next channel would carry the same mistake to everybody."""


def turn_has_come(rows: Sequence[LedgerRow], first: Collection[str]) -> bool:
    """Tell whether every delivery on the `first` channels is impossible or refused for good.

    `rows` are all rows of one person in the campaign. No row on a first channel means that the
    person has no address there.
    """
    return all(_refused(row) for row in rows if row.channel in first)


def _refused(row: LedgerRow) -> bool:
    if row.state == DeliveryState.FAILED:
        return row.reason not in OURS
    return row.state == DeliveryState.SKIPPED and row.reason in IMPOSSIBLE
