"""What the state says is deployed, and the small facts that leases, halts and shards carry."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.model.facts import Snapshot


class Status(StrEnum):
    """The six statuses of a campaign (발송 대기, 준비, 중, 완료, 취소, 실패)."""

    WAITING = "waiting"
    READY = "ready"
    SENDING = "sending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


TERMINAL_STATUSES = frozenset({Status.COMPLETED, Status.CANCELLED, Status.FAILED})
"""Statuses after which nothing is sent any more."""


@frozen
class StateIdentity:
    """A state's birth mark and how often it was written: a rolled-back copy has a lower serial."""

    lineage: str
    serial: int


@frozen
class Deployed:
    """One campaign in the state.

    `stored` is the plain form that `content_digest` covers; `digest` is the change's, as approved.
    `changed_at` is the last apply that changed content, audience, timing, reach or law; `users` the
    size of the audience then. `due_at` is the first wave's instant.
    """

    id: str
    status: Status
    reason: str | None
    digest: str
    content_digest: str
    stored: Plain
    applied_at: datetime
    changed_at: datetime
    due_at: datetime
    users: int | None
    commit: str | None = None
    approved_by: str | None = None
    snapshot: Snapshot | None = None
    cancelled_at: datetime | None = None
    ended_at: datetime | None = None


@frozen
class Revision:
    """One apply of a campaign. `sent` marks the one that people were chosen and written to by."""

    number: int
    serial: int
    digest: str
    content_digest: str
    stored: Plain
    applied_at: datetime
    commit: str | None
    approved_by: str | None
    sent: bool


@frozen
class StopOrder:
    """An operator's halt or cancel, in force until it is lifted (a cancel never is)."""

    scope: str
    """A campaign's id, or `*` for all."""
    cancel: bool
    reason: str | None
    at: datetime


@frozen
class Lease:
    """A right to write that ends by itself. `fencing` rises with every new holder."""

    name: str
    holder: str
    fencing: int
    ttl_s: float


@frozen
class ShardLease:
    """A shard that one worker may send until the lease ends."""

    campaign: str
    number: int
    holder: str
    fencing: int


@frozen
class Claim:
    """A wish to send one delivery. The columns are what the ledger keeps about it."""

    channel: str
    address_hash: str
    recipient_hash: str
    shard: int
    revision: str
    variant: str
    locale: str
    jurisdiction: str
    platform: str
    role: str
    consent: str
    """The consent as read, as canonical JSON."""


@frozen
class ClaimAnswer:
    """`attempt` is None where the claim was refused: `capped`, or somebody else's already."""

    claim: Claim
    attempt: int | None
    capped: bool = False


@frozen
class Settlement:
    """The end, or the deferral, of one claim (or of a target that needed none)."""

    claim: Claim
    attempt: int
    state: str
    reason: str | None = None
    provider_id: str | None = None
    retry_at: datetime | None = None
    retried_after_error: bool = False
    dead_address: bool = False
    awaits_result: bool = False
    """The vendor will say later what became of it: it is kept among those that are looked up."""
    spoilt_address: bool = False
    """The address cannot be sent to as it is written: listed for its owner, never remembered."""


@frozen
class LedgerRow:
    """One delivery as the ledger has it."""

    campaign: str
    channel: str
    address_hash: str
    recipient_hash: str
    shard: int
    revision: str
    variant: str
    locale: str
    jurisdiction: str
    platform: str
    role: str
    consent: str
    state: str
    reason: str | None
    attempt: int
    claimed_at: datetime | None
    settled_at: datetime | None
    retry_at: datetime | None
    provider_id: str | None
    retried_after_error: int


@frozen
class LedgerCount:
    """How many rows of a campaign share these dimensions; `retried` had an error answer before."""

    channel: str
    locale: str
    jurisdiction: str
    variant: str
    platform: str
    state: str
    reason: str | None
    rows: int
    retried: int


@frozen
class UserCount:
    """How many people ended in `state` (the best of their deliveries) for `reason`."""

    state: str
    reason: str | None
    users: int
