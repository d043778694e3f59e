"""The tables. Every row belongs to one environment; instants are microseconds since 1970 in UTC.

Readings of the steady clock are seconds (float) beside the name of the boot they were read in.
CHECKs tie a delivery's state to its columns, so that no code path can write half a transition.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

FORMAT = 1
"""The version of these tables. A state with a higher one is not opened."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Return what column type `Instant` keeps."""
    return (instant - _EPOCH) // _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as whole microseconds since 1970-01-01T00:00Z."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()


def _table(name: str, *columns: Any) -> Table:
    # Rows live in the tree of their primary key: one tree less to write, and in its order.
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


def _environment() -> Column[str]:
    return Column("environment", Text, primary_key=True)


def _lease_columns() -> tuple[Column[Any], ...]:
    """Return who holds it, since and until when on the steady clock of which boot."""
    return (
        Column("holder", Text),
        Column("fencing", BigInteger, nullable=False),
        Column("ttl", Float, nullable=False),
        Column("taken", Float, nullable=False),
        Column("until", Float, nullable=False),
        Column("boot", Text, nullable=False),
    )


format_ = Table("format", metadata, Column("version", Integer, primary_key=True))

identity = _table(
    "identity",
    _environment(),
    Column("lineage", Text, nullable=False),
    Column("serial", BigInteger, nullable=False),
    # The serial of the last `commit`: an apply competes with other applies, not with a dispatch.
    Column("committed", BigInteger, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("key_check", Text, nullable=False),
    Column("latest", Instant),
)

campaign = _table(
    "campaign",
    _environment(),
    Column("id", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("digest", Text, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("stored", Text, nullable=False),
    Column("advertising", Boolean, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("users", BigInteger),
    Column("source_commit", Text),
    Column("approved_by", Text),
    Column("cancelled_at", Instant),
    Column("ended_at", Instant),
)

revision = _table(
    "revision",
    _environment(),
    Column("campaign", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("serial", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("stored", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("source_commit", Text),
    Column("approved_by", Text),
)

# The law that applies were judged by: one row for all campaigns until a rule or a row of it changes.
law = _table(
    "law", Column("digest", Text, primary_key=True), Column("stored", Text, nullable=False)
)

snapshot = _table(
    "snapshot",
    _environment(),
    Column("campaign", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("evaluated_at", Instant, nullable=False),
    Column("users", BigInteger, nullable=False),
    Column("users_without_address", BigInteger, nullable=False),
    Column("users_defaulted_zone", BigInteger, nullable=False),
    Column("counts", Text, nullable=False),
)

shard = _table(
    "shard",
    _environment(),
    Column("campaign", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("alternative", Boolean, nullable=False),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("done", Boolean, nullable=False),
    *_lease_columns(),
)

lease = _table("lease", _environment(), Column("name", Text, primary_key=True), *_lease_columns())

stop_order = _table(
    "stop_order",
    _environment(),
    Column("scope", Text, primary_key=True),
    Column("cancel", Boolean, primary_key=True),
    Column("reason", Text),
    Column("at", Instant, nullable=False),
)

pace = _table(
    "pace",
    Column("account", Text, primary_key=True),
    Column("full_at", Float, nullable=False),
    Column("blocked_until", Float, nullable=False),
    Column("written", Float, nullable=False),
    Column("boot", Text, nullable=False),
)

dead_address = _table(
    "dead_address",
    _environment(),
    Column("address_hash", Text, primary_key=True),
    Column("reason", Text),
    Column("at", Instant, nullable=False),
)

# One CASE and no IN: SQLite builds the set of an IN anew for every row that is written.
_COLUMNS_FIT_STATE = """CASE state
    WHEN 'claimed' THEN attempt > 0 AND claimed_at IS NOT NULL
        AND settled_at IS NULL AND retry_at IS NULL
    WHEN 'deferred' THEN attempt > 0 AND claimed_at IS NOT NULL
        AND settled_at IS NULL AND retry_at IS NOT NULL
    WHEN 'sent' THEN attempt > 0 AND claimed_at IS NOT NULL
        AND settled_at IS NOT NULL AND retry_at IS NULL
    WHEN 'unknown' THEN attempt > 0 AND claimed_at IS NOT NULL
        AND settled_at IS NOT NULL AND retry_at IS NULL
    WHEN 'failed' THEN attempt > 0 AND claimed_at IS NOT NULL
        AND settled_at IS NOT NULL AND retry_at IS NULL AND reason IS NOT NULL
    WHEN 'skipped' THEN (attempt > 0) = (claimed_at IS NOT NULL)
        AND settled_at IS NOT NULL AND retry_at IS NULL AND reason IS NOT NULL
    WHEN 'held_out' THEN attempt = 0 AND claimed_at IS NULL
        AND settled_at IS NOT NULL AND retry_at IS NULL
    ELSE FALSE END"""

delivery = _table(
    "delivery",
    _environment(),
    Column("campaign", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("address_hash", Text, primary_key=True),
    Column("recipient_hash", Text, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("revision", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("attempt", Integer, nullable=False),
    # The shard's fencing number under which the row was claimed: only that holder may settle it.
    Column("fencing", BigInteger, nullable=False),
    Column("claimed_at", Instant),
    Column("settled_at", Instant),
    Column("retry_at", Instant),
    Column("provider_id", Text),
    Column("retried_after_error", Integer, nullable=False),
    CheckConstraint(_COLUMNS_FIT_STATE, name="columns_fit_state"),
    CheckConstraint("provider_id IS NULL OR attempt > 0", name="provider_saw_a_claim"),
)

# Deliveries whose vendor says later what became of them; most campaigns never have any. A row goes
# when the last word is known or is no longer waited for, so nobody looks through what is settled.
awaited = _table(
    "awaited",
    _environment(),
    Column("campaign", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("address_hash", Text, primary_key=True),
    Column("handed_over_at", Instant, nullable=False),
    Column("look_at", Instant, nullable=False),
)

Index(
    "awaited_by_look",
    awaited.c.environment,
    awaited.c.campaign,
    awaited.c.channel,
    awaited.c.look_at,
)

Index("delivery_by_shard", delivery.c.environment, delivery.c.campaign, delivery.c.shard)
# People lie scattered over a campaign's addresses, so this index is written at random. As it begins
# with the campaign, only the running campaign's part of it has to stay in memory.
Index(
    "delivery_by_recipient",
    delivery.c.environment,
    delivery.c.campaign,
    delivery.c.recipient_hash,
)
