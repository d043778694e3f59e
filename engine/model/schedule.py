"""When a campaign is sent, how fast, and what lifts its lead time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.kernel.frozen import frozen


@frozen
class Schedule:
    """When it is sent: a local date and time, and how fast.

    `at` is naive unless it was written with an offset; `timezone` is an IANA name, `recipient`, or
    None where nothing was written. `pace_per_s` caps the campaign; `late` is how long after the due
    instant the first message may still go out.
    """

    at: datetime
    timezone: str | None = None
    pace_per_s: float | None = None
    late: timedelta = timedelta(minutes=30)
    night_consented_only: bool = False

    @property
    def recipient_local(self) -> bool:
        return self.timezone == "recipient"


@frozen
class Urgency:
    """`urgent:` lifts the lead time of an informational campaign until the end of a day."""

    reason: str
    until: date
