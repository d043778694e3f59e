"""What a vendor says about our account: profiles, templates and sending numbers, and their state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from engine.kernel.frozen import frozen


class ProfileStatus(StrEnum):
    """Whether a KakaoTalk sender profile can send."""

    ACTIVE = "active"
    DORMANT = "dormant"
    BLOCKED = "blocked"
    DISCONNECTED = "disconnected"
    PENDING = "pending"


class TemplateStatus(StrEnum):
    """Where an AlimTalk template stands; only an approved one may be sent."""

    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    DORMANT = "dormant"


@frozen
class ProfileState:
    """`daily_max` and `sent_today` count AlimTalks on the vendor's day; 0 or None: no limit is known.

    Limits are per product, and none is read of Brand Messages.
    """

    status: ProfileStatus
    daily_max: int | None = None
    sent_today: int | None = None


@frozen
class TemplateState:
    """The vendor's text has `#{name}` where a person's value stands."""

    status: TemplateStatus
    text: str | None = None


@frozen
class VendorFacts:
    """By the names of pushform.yaml (profiles), the vendor's codes (templates), digits (senders)."""

    profiles: Mapping[str, ProfileState] = field(default_factory=dict)
    templates: Mapping[str, TemplateState] = field(default_factory=dict)
    senders: tuple[str, ...] | None = None


@frozen
class SavedFacts:
    """What vendors said of one environment's accounts at `as_of` (aware, in UTC), kept in git."""

    as_of: datetime
    facts: VendorFacts
