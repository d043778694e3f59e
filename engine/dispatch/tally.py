"""What one process has settled in a campaign, and when that says the next would fail as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.model.delivery import DeliveryState, FailReason
from engine.model.deployment import Settlement

MIN_JUDGED = 200
"""So many deliveries must be answered before a share of failures is taken for a systemic stop."""


@dataclass(slots=True)
class Tally:
    """Counts of one run. `systemic` says why the campaign must stop, once that is known, and
    `credentials` that it is for keys or an account which the vendor refuses.

    `proven` are the channels whose provider took a message of this run, or knew that its address is
    dead: keys, project and template are right there.
    """

    sent: int = 0
    failed: int = 0
    dead: int = 0
    skipped: int = 0
    unknown: int = 0
    systemic: str | None = None
    credentials: bool = False
    proven: set[str] = field(default_factory=set)

    def add(self, settlements: Iterable[Settlement]) -> None:
        """Count what was settled for good."""
        for item in settlements:
            if _proves(item):
                self.proven.add(item.claim.channel)
            match item.state:
                case DeliveryState.SENT:
                    self.sent += 1
                case DeliveryState.UNKNOWN:
                    self.unknown += 1
                case DeliveryState.SKIPPED | DeliveryState.HELD_OUT:
                    self.skipped += 1
                case DeliveryState.FAILED if item.dead_address or item.spoilt_address:
                    self.dead += 1
                case DeliveryState.FAILED:
                    self.failed += 1

    def add_late(self, settlements: Iterable[Settlement]) -> None:
        """Count what a vendor refused after it had accepted it, and what did arrive after all."""
        for item in settlements:
            if item.state == DeliveryState.SENT:
                self.sent += 1
            elif item.dead_address:
                self.dead += 1
            else:
                self.failed += 1
                self.sent = max(0, self.sent - 1)

    def failed_share(self) -> float:
        """Return failures, dead addresses apart, as a share of what was answered."""
        answered = self.sent + self.failed
        return self.failed / answered if answered else 0.0

    def judge(self, max_failed: float) -> None:
        """Call it systemic where more than `max_failed` (a fraction of 1) of a fair sample failed."""
        if self.systemic is None and self.sent + self.failed >= MIN_JUDGED:
            share = self.failed_share()
            if share > max_failed:
                self.systemic = f"{share:.0%} of the deliveries failed, limit {max_failed:.0%}"


def _proves(item: Settlement) -> bool:
    return item.state == DeliveryState.SENT or (
        item.state == DeliveryState.FAILED and item.reason == FailReason.UNREGISTERED
    )
