"""What of a change really goes out: messages at an hour that is open to their readers, in time."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.facts import AudienceFacts
from engine.model.plan import Timing


@frozen
class Going:
    """What is handed over, and to how many people.

    `messages` are the deliveries per channel without those whose reader's window is closed when their
    wave is due (at night: who did not agree to it) and without those of waves that come too soon.
    `people` get at least one of them; at an hour that is open to everybody it would be `at_best`.
    """

    messages: Mapping[Channel, int]
    people: int
    at_best: int
    skipped: int
    """How many of the deliveries do not go out."""


def going_of(facts: AudienceFacts | None, timing: Timing | None) -> Going | None:
    """Return what goes out; None where nobody was counted. Who was placed on no clock counts whole."""
    if facts is None:
        return None
    at_best = sum(facts.people.values())
    open_ = timing.going if timing else None
    if timing is None or timing.people is None or open_ is None:
        return Going(messages=facts.deliveries, people=at_best, at_best=at_best, skipped=0)
    messages = {channel: open_.get(channel, 0) for channel in facts.deliveries}
    return Going(
        messages=messages,
        people=timing.people,
        at_best=at_best,
        skipped=sum(facts.deliveries.values()) - sum(messages.values()),
    )
