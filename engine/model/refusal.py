"""Refusals: who gets no more advertisements, on which channel, and since when."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.frozen import frozen
from engine.model.channel import Channel

IDENTIFIERS = ("user_id", "phone", "token")
"""The columns of the suppression source that say who is meant."""


@frozen
class Refusal:
    """One row for the suppression source.

    `identifier` is one of `user_id`, `phone` (`+821012345678`) and `token`, and `value` what stands
    there. `channel` None means all of them. `since` is when the person said so.
    """

    identifier: str
    value: str
    channel: Channel | None
    since: datetime
    reason: str | None = None


@frozen
class OptOut:
    """A number (E.164) that refused at the vendor, by calling the 080 number say, and when."""

    phone: str
    at: datetime
