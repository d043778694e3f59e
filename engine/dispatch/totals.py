"""What the ledger holds of a campaign after a run, and which exit code that is."""

from __future__ import annotations

from engine.dispatch.sending import Tools
from engine.dispatch.tally import Tally
from engine.kernel.errors import ExitCode
from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.delivery import DeliveryState, FailReason

DEAD = frozenset({FailReason.UNREGISTERED, FailReason.BAD_ADDRESS})
"""Failures of an address, not of a send: they alone are no partial failure (design §5)."""

BOUND = frozenset({Channel.APP, Channel.WEB})
"""Where an address belongs to one sender, so that another's is as good as dead. A number belongs to
its owner: on sms and kakao `sender_mismatch` is about our own number or profile."""


@frozen
class Totals:
    """What the ledger holds of a campaign after a run, whoever settled it."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    skipped: int = 0
    unknown: int = 0


def read_totals(tools: Tools, campaign: str) -> Totals:
    """Return what became of a campaign's deliveries so far."""
    found = dict.fromkeys(("sent", "failed", "dead", "skipped", "unknown"), 0)
    for count in tools.ledger.counts(campaign):
        match count.state:
            case DeliveryState.FAILED if is_dead(count.channel, count.reason):
                found["dead"] += count.rows
            case DeliveryState.FAILED:
                found["failed"] += count.rows
            case DeliveryState.SKIPPED | DeliveryState.HELD_OUT:
                found["skipped"] += count.rows
            case DeliveryState.SENT:
                found["sent"] += count.rows
            case DeliveryState.UNKNOWN:
                found["unknown"] += count.rows
    return Totals(**found)


def is_dead(channel: str, reason: str | None) -> bool:
    """Tell whether a failure is one of the address alone (see `DEAD` and `BOUND`)."""
    return reason in DEAD or (reason == FailReason.SENDER_MISMATCH and channel in BOUND)


def judge(totals: Totals, max_failed: float, tally: Tally) -> ExitCode:
    """Return how a run ended: 10 where the vendor refused us, 8 where something did not arrive.

    `max_failed` (a fraction of 1) bounds the failures among what was answered, dead addresses apart.
    """
    if tally.credentials:
        return ExitCode.CREDENTIALS
    answered = totals.sent + totals.failed
    failing = answered > 0 and totals.failed / answered > max_failed
    partial = totals.unknown or tally.systemic is not None or failing
    return ExitCode.PARTIAL if partial else ExitCode.OK
