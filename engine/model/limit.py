"""The quantities that keep a workspace safe, and how a campaign lifts one of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.kernel.frozen import frozen


class Limit(StrEnum):
    """The quantities of `safety:` that `acknowledge:` can lift."""

    MAX_RECIPIENTS = "max_recipients"
    MAX_AUDIENCE_GROWTH = "max_audience_growth"
    MAX_CANCELLED = "max_cancelled"
    PER_USER = "per_user"


@frozen
class Acknowledgement:
    """`acknowledge[]`: lifts one quantity up to a bound, for a reason, until the end of a day."""

    limit: Limit
    up_to: float
    reason: str
    until: date
