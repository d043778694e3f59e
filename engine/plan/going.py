"""What of a change really goes out: messages at an hour that is open to their readers, in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.channel import Channel
from engine.model.facts import AudienceFacts
from engine.model.plan import Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What is handed over, and to how many people at most.

    `messages` are the deliveries per channel without those whose reader's window is closed when their
    wave is due (at night: who did not agree to it) and without those of waves that come too soon.
    `recipients` are the audience's where every message goes out. Else one person may have several of
    those that do, so that the number is a bound: exact where nobody has two addresses.
    """

    messages: Mapping[Channel, int]
    recipients: int
    skipped: int
    """How many of the deliveries do not go out."""


def going_of(facts: AudienceFacts | None, timing: Timing | None) -> Going | None:
    """Return what goes out; None where nobody was counted. Who was placed on no clock counts whole."""
    if facts is None:
        return None
    open_ = timing.going if timing else None
    if open_ is None:
        return Going(messages=facts.deliveries, recipients=facts.recipients, skipped=0)
    messages = {channel: open_.get(channel, 0) for channel in facts.deliveries}
    skipped = sum(facts.deliveries.values()) - sum(messages.values())
    if not skipped:
        return Going(messages=messages, recipients=facts.recipients, skipped=0)
    most = sum(min(n, facts.reachable.get(channel, n)) for channel, n in messages.items())
    return Going(messages=messages, recipients=min(facts.recipients, most), skipped=skipped)
