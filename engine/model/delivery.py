"""Deliveries: one per campaign, channel and address; their states, and what the door is told.

The transition table is the heart of "nobody twice, nobody lost". Both ledgers enforce it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import KakaoProduct
from engine.model.message import Address


class DeliveryState(StrEnum):
    """Where a delivery stands. A target without a row is pending, as are deferred and claimed."""

    DEFERRED = "deferred"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    HELD_OUT = "held_out"


_S = DeliveryState
TRANSITIONS: Mapping[DeliveryState | None, frozenset[DeliveryState]] = {
    None: frozenset({_S.CLAIMED, _S.SKIPPED, _S.HELD_OUT}),
    _S.DEFERRED: frozenset({_S.CLAIMED, _S.SKIPPED}),
    _S.CLAIMED: frozenset({_S.SENT, _S.FAILED, _S.DEFERRED, _S.SKIPPED, _S.UNKNOWN}),
    # Only by word of the vendor, or of an operator with evidence (`state resolve`).
    _S.UNKNOWN: frozenset({_S.SENT, _S.FAILED}),
    # A vendor may refuse later what it accepted first.
    _S.SENT: frozenset({_S.FAILED}),
    _S.FAILED: frozenset(),
    _S.SKIPPED: frozenset(),
    _S.HELD_OUT: frozenset(),
}
"""From each state (None: no row yet) to the states that may follow."""

TERMINAL = frozenset({_S.SENT, _S.FAILED, _S.SKIPPED, _S.UNKNOWN, _S.HELD_OUT})
"""States in which a delivery is no longer pending."""


class SkipReason(StrEnum):
    """Why nothing was sent although the person was targeted."""

    NO_CONSENT = "no_consent"
    UNKNOWN_CONSENT = "unknown_consent"
    NO_NIGHT_CONSENT = "no_night_consent"
    SERVICE_OFF = "service_off"
    SUPPRESSED = "suppressed"
    DISABLED = "disabled"
    DEAD_ADDRESS = "dead_address"
    NO_ADDRESS = "no_address"
    DUPLICATE_ADDRESS = "duplicate_address"
    MINOR = "minor"
    CAP = "cap"
    WINDOW = "window"
    MISSED = "missed"
    CANCELLED = "cancelled"
    MISSING_VALUE = "missing_value"
    NO_TEXT = "no_text"
    NOT_PREFERRED = "not_preferred"


class FailReason(StrEnum):
    """Why a provider or our own encoder refused for good."""

    UNREGISTERED = "unregistered"
    BAD_ADDRESS = "bad_address"
    SENDER_MISMATCH = "sender_mismatch"
    BAD_MESSAGE = "bad_message"
    TOO_LARGE = "too_large"
    RENDER = "render"
    REFUSED = "refused"
    GAVE_UP = "gave_up"


class ConsentBasis(StrEnum):
    """On what an advertisement was sent: a consent, or a purchase of the last six months."""

    CONSENT = "consent"
    EXCEPTION = "exception"


class Answer(StrEnum):
    """A consent as it was read. Anything that is not clearly yes or no is unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@frozen
class ConsentReading:
    """What a person had agreed to on one channel when it was read (`read_at`)."""

    ad: Answer
    night: Answer
    service: Answer
    read_at: datetime
    confirmed_at: str | None = None


@frozen
class Target:
    """One person's address on one channel as the snapshot froze it: a row of a shard.

    `role` is `primary` or `alternative`. `zone` is the person's own IANA zone or None where it is
    unknown. `region` is the ISO 3166-2 code of where they live (None: unknown, or without law of its
    own). `values` holds what the template's variables read (`user.name`, `derived.favourite`).
    `consent`, `suppressed` and `enabled` are the readings at the snapshot; a later reading may only
    remove.
    """

    user_id: str
    device_id: str | None
    recipient_hash: str
    address_hash: str
    address: Address
    channel: Channel
    role: str
    platform: Platform
    locale: str
    jurisdiction: str
    zone: str | None
    variant: str
    held_out: bool
    duplicate: bool
    consent: ConsentReading
    suppressed: bool
    enabled: bool
    minor: bool
    values: Mapping[str, str | int | float | bool | None]
    region: str | None = None


@frozen
class DeliveryKey:
    """What is unique within an environment."""

    campaign: str
    channel: Channel
    address_hash: str


@frozen
class DeliveryFacts:
    """Everything `may_send` looks at, besides the time.

    `zone` is the recipient's own zone and `region` the ISO 3166-2 code of where they live (None:
    unknown, and the strictest of the country holds). `changed_at` is the last apply that changed
    content, audience, timing or reach; with `due_at` it is the stored pair that the lead time is
    judged by, unless `lead_waived`. A wave that started may go on until `planned_end` + `late`.
    `ended_on` is when the person's purchase ended, where the campaign declares the six-month exception
    with all that it needs; None otherwise.
    """

    channel: Channel
    advertising: bool
    kakao_product: KakaoProduct | None
    jurisdiction: str
    zone: str | None
    night_consented_only: bool
    consent: ConsentReading
    suppressed: bool
    enabled: bool
    minor: bool
    due_at: datetime
    changed_at: datetime
    lead_waived: bool
    planned_end: datetime
    late: timedelta
    consent_max_age: timedelta
    region: str | None = None
    ended_on: date | None = None


@frozen
class Allowed:
    """It may start now. `until` is when the recipient's window closes (None: no window applies)."""

    until: datetime | None


@frozen
class Denied:
    """It must not be sent, for good."""

    reason: SkipReason


@frozen
class Held:
    """It must not be sent now: the reading is too old, or it is not due yet. Nothing is settled."""

    reason: str


Verdict = Allowed | Denied | Held
