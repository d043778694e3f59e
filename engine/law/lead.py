"""Lead time: nothing is sent within an hour of the apply that last changed it."""

from __future__ import annotations

from datetime import datetime, timedelta

LEAD = timedelta(hours=1)
"""One hour: the rule of the consoles this product replaces (DFINERY Push Message Quick Guide).

The same number stands as `lead_time` in `tables/any.toml`, with its citation; a test compares them.
"""


def lead_ok(due_at: datetime, changed_at: datetime) -> bool:
    """Tell whether `changed_at` left a full lead before `due_at` (both aware)."""
    return due_at - changed_at >= LEAD


def last_apply(due_at: datetime) -> datetime:
    """Return the last instant at which an apply may still change what is due at `due_at`."""
    return due_at - LEAD
