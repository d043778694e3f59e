"""The five doors to the world: clock, people, ledger, pace, provider. `app` picks what is behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from engine.kernel.digest import Plain
from engine.model.audience import InCampaign
from engine.model.channel import Channel
from engine.model.delivery import ConsentReading, Target
from engine.model.deployment import (
    Claim,
    ClaimAnswer,
    Deployed,
    Lease,
    LedgerCount,
    LedgerRow,
    Revision,
    Settlement,
    ShardLease,
    StateIdentity,
    Status,
    StopOrder,
    UserCount,
)
from engine.model.facts import (
    AudienceFacts,
    Extremes,
    Membership,
    ShardFile,
    Snapshot,
    TextSlots,
)
from engine.model.message import Envelope
from engine.model.outcome import Awaited, Outcome, Outgoing, Settled
from engine.model.refusal import OptOut
from engine.model.resolved import ResolvedCampaign
from engine.model.vendor import VendorFacts
from engine.model.workspace import PerUserCap


class Clock(Protocol):
    """The business clock (what the law and schedules mean by now) and the steady one (for waiting)."""

    def now(self) -> datetime:
        """Return the business instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever rise, shared by all processes of this machine."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that long in real time."""
        ...


class Reached(Protocol):
    """Answers `campaign:` conditions from the ledger."""

    def __call__(self, condition: InCampaign, at: datetime) -> Iterable[str]:
        """Return the recipient hashes for whom `condition` holds at `at`."""
        ...


class FreshReading(Protocol):
    """What a re-read says about one target."""

    @property
    def consent(self) -> ConsentReading: ...
    @property
    def suppressed(self) -> bool: ...
    @property
    def enabled(self) -> bool: ...


class People(Protocol):
    """The sources of one workspace. Raises UnavailableError when a source cannot be read."""

    def facts(self, campaign: ResolvedCampaign, at: datetime) -> AudienceFacts:
        """Count the audience of `campaign` as it is at `at`."""
        ...

    def membership(
        self, before: ResolvedCampaign | None, after: ResolvedCampaign, at: datetime
    ) -> Membership:
        """Compare two audiences at the same instant."""
        ...

    def extremes(
        self, campaign: ResolvedCampaign, texts: Sequence[TextSlots], at: datetime
    ) -> Extremes:
        """Return what the members' values span at `at`, and who fills each of `texts` the most."""
        ...

    def snapshot(self, campaign: ResolvedCampaign, at: datetime, directory: Path) -> Snapshot:
        """Freeze the audience at `at` into Parquet shards in `directory` (mode 0700, files 0600)."""
        ...

    def targets(self, shard: ShardFile, directory: Path) -> Iterator[Sequence[Target]]:
        """Read a shard in batches of at most 1,000 targets, in the order of their address hash.

        Raises MismatchError if the file is not the one that the snapshot wrote.
        """
        ...

    def read_again(
        self,
        targets: Sequence[Target],
        at: datetime,
        *,
        advertising: bool = True,
        exception: bool = False,
    ) -> Mapping[tuple[Channel, str], FreshReading]:
        """Read consent, suppression and enabled again, by channel and address hash.

        A target whose person or device is gone is missing from the answer. Suppression is of
        advertisements: without `advertising` it is not opened, and nobody is suppressed. With
        `exception` (a purchase may stand in for a consent) an answer that cannot be read is a no.
        """
        ...

    def owners(self, recipient_hashes: Sequence[str]) -> Mapping[str, str]:
        """Return the ids of the people behind the hashes, as far as the source still has them."""
        ...

    def values(self, campaign: ResolvedCampaign, user_id: str, at: datetime) -> Sequence[Target]:
        """Return the targets that one person would be, for preview; empty for a stranger."""
        ...


class Ledger(Protocol):
    """The state: what is deployed, who holds which lease, and what became of every delivery.

    One object per environment; every method is one transaction. All instants are business instants
    in UTC, except leases, which run on the steady clock.
    """

    # identity
    def identity(self) -> StateIdentity: ...
    def is_empty(self) -> bool: ...
    def advance_clock(self, now: datetime) -> None:
        """Remember the latest business instant. Raises ClockError if `now` lies before it."""
        ...

    # deployed campaigns
    def deployed(self) -> Mapping[str, Deployed]: ...
    def find_deployed(self, campaign: str) -> Deployed | None: ...
    def deployed_digests(self) -> Mapping[str, tuple[Status, str]]:
        """Return (status, content digest) per campaign without reading what is stored."""
        ...

    def commit(
        self, lease: Lease, expected: StateIdentity, campaigns: Sequence[Deployed]
    ) -> StateIdentity:
        """Write the campaigns in one transaction and raise the serial.

        Raises MismatchError if the serial is not `expected`'s or a campaign already has a snapshot
        (unless only metadata differs or it is cancelled), LockedError if `lease` was lost.
        """
        ...

    # leases
    def acquire(self, name: str, holder: str, ttl_s: float) -> Lease:
        """Take the lease. Raises LockedError, naming the holder and the seconds left."""
        ...

    def renew(self, lease: Lease) -> None: ...
    def release(self, lease: Lease) -> None: ...

    def holders(self) -> Sequence[str]:
        """Return everybody who holds a lease or a shard."""
        ...

    def end_leases(self, holder: str) -> int:
        """Free everything that a dead holder has; return how much that was."""
        ...

    # stop orders
    def order_stop(self, order: StopOrder) -> None: ...
    def lift_halt(self, scope: str) -> bool: ...
    def stop_orders(self) -> Sequence[StopOrder]: ...

    # sending
    def begin_sending(
        self, campaign: str, snapshot: Snapshot, content_digest: str | None = None
    ) -> bool:
        """Store the snapshot and its shards, once; False if there was one already.

        `content_digest` is of the content that it was made from; MismatchError if another one was
        applied meanwhile.
        """
        ...

    def finish(self, campaign: str, status: Status, reason: str | None, at: datetime) -> None: ...
    def lease_shard(
        self,
        campaign: str,
        holder: str,
        ttl_s: float,
        now: datetime,
        skip: Collection[int] = (),
    ) -> ShardLease | None:
        """Take a shard that is due, not done and not among `skip`.

        Alternatives only when their primaries are done.
        """
        ...

    def renew_shard(self, lease: ShardLease) -> None:
        """Raises LockedError if somebody else holds it by now."""
        ...

    def release_shard(self, lease: ShardLease, *, done: bool) -> None: ...
    def open_shards(self, campaign: str, due_by: datetime | None = None) -> int:
        """Return how many shards are not done; with `due_by`, of those due by then."""
        ...

    def shard_rows(self, campaign: str, shard: int) -> Mapping[tuple[str, str], LedgerRow]: ...
    def recipient_rows(self, campaign: str, recipients: Sequence[str]) -> Sequence[LedgerRow]: ...
    def dead_addresses(self, hashes: Sequence[str]) -> frozenset[str]: ...
    def claim(
        self,
        lease: ShardLease,
        claims: Sequence[Claim],
        now: datetime,
        cap: PerUserCap | None,
    ) -> Sequence[ClaimAnswer]:
        """Claim rows by compare-and-swap, ≤ 1,000 in one transaction. Raises LockedError."""
        ...

    def settle(
        self, lease: ShardLease, settlements: Sequence[Settlement], now: datetime
    ) -> Sequence[Settlement]:
        """Write outcomes; return those that were not accepted because the row had moved on."""
        ...

    def expire_claims(self, campaign: str, now: datetime) -> int:
        """Turn claims whose lease is long gone into `unknown`; return how many."""
        ...

    # results that vendors tell later
    def awaiting(self) -> Sequence[tuple[str, str]]:
        """Return (campaign, channel) wherever a vendor's word is awaited."""
        ...

    def count_awaited(self, campaign: str) -> int:
        """Return of how many deliveries the vendor's word is awaited."""
        ...

    def still_awaited(self, campaign: str, channel: str, hashes: Sequence[str]) -> frozenset[str]:
        """Return those of the address hashes whose result is awaited."""
        ...

    def take_awaited(
        self, campaign: str, channel: str, now: datetime, limit: int
    ) -> Sequence[LedgerRow]:
        """Return up to `limit` (≤ 1,000) deliveries that should be looked up by now.

        Each of them is due again later, the later the older it is.
        """
        ...

    def settle_late(
        self, campaign: str, settlements: Sequence[Settlement], now: datetime
    ) -> Sequence[Settlement]:
        """Write the vendor's last word (sent or failed); return those that changed something."""
        ...

    def stop_awaiting(self, campaign: str, channel: str, handed_over_by: datetime) -> int:
        """Await no longer what was handed over by that instant; return how many that were."""
        ...

    # books
    def counts(self, campaign: str) -> Sequence[LedgerCount]: ...
    def user_counts(self, campaign: str) -> Sequence[UserCount]: ...
    def sent_between(self, campaign: str) -> tuple[datetime | None, datetime | None]: ...
    def count_on_exception(self, campaign: str) -> int:
        """Return how many were sent for which a purchase stood in for the consent."""
        ...

    def trace(self, recipient_hash: str) -> Sequence[LedgerRow]: ...
    def reached(self, condition: InCampaign, at: datetime) -> Sequence[str]: ...

    # evidence
    def keep_law(self, law: Plain) -> str:
        """Keep the law that an apply was judged by, once; return its digest."""
        ...

    def find_law(self, digest: str) -> Plain | None:
        """Return what `keep_law` kept. Raises MismatchError where it was changed since."""
        ...

    def revisions(self, campaign: str) -> Sequence[Revision]:
        """Return every apply of a campaign, oldest first."""
        ...

    def deliveries(self, campaign: str) -> Iterator[Sequence[LedgerRow]]:
        """Read all deliveries in the order of (channel, address hash), ≤ 1,000 at a time.

        All of them are of one instant, whatever is written meanwhile.
        """
        ...

    def close(self) -> None: ...


class Pace(Protocol):
    """An exact token bucket that all workers share."""

    def reserve(self, account: str, wanted: int, rate_per_s: float) -> tuple[int, float]:
        """Reserve up to `wanted` hand-overs; return how many and how long to wait first, in seconds.

        Never more than rate × t + max(1, rate / 20) in any stretch of t seconds.
        """
        ...

    def block(self, account: str, seconds: float) -> None:
        """Open the breaker: nothing is reserved for that long (Retry-After)."""
        ...


class Provider(Protocol):
    """One vendor's way to one channel. It queues nothing beyond `free_slots`."""

    @property
    def account(self) -> str:
        """What its quota is counted by: the key of its pace."""
        ...

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request's body before address, authentication and encryption."""
        ...

    def free_slots(self) -> int: ...
    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Start sending; `batch` fits into the free slots."""
        ...

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        """Return what is settled by now, waiting up to `timeout_s` for the first."""
        ...

    def close(self) -> Sequence[Settled]:
        """Stop: drain requests in flight for up to 5 s and return what they came to."""
        ...


@runtime_checkable
class LateResults(Protocol):
    """A provider whose vendor accepts first and says later what became of it (kakao, sms)."""

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """Return by reference what is final: `Accepted` (delivered) or `Refused`.

        What the vendor does not know yet is missing. Raises UnavailableError where it cannot be
        asked.
        """
        ...


@runtime_checkable
class Describing(Protocol):
    """A provider whose vendor can say in what state profiles, templates and numbers are."""

    def describe(self) -> VendorFacts:
        """Ask the vendor. Raises UnavailableError or CredentialsError."""
        ...


@runtime_checkable
class OptOuts(Protocol):
    """A provider whose vendor keeps a list of numbers that refused (080) and can show it."""

    def opted_out(self, since: datetime | None) -> Sequence[OptOut]:
        """Return everybody who refused there, or only since `since`.

        Raises UnavailableError or CredentialsError; UsageError where a setting is missing.
        """
        ...
