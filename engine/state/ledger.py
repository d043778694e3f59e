"""The ledger: every method of the port is one transaction around one function of this room."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

from engine.kernel.digest import Plain
from engine.model.audience import InCampaign
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
from engine.model.facts import Snapshot
from engine.model.workspace import PerUserCap
from engine.state import (
    awaited,
    batches,
    books,
    commit,
    deployed,
    history,
    holders,
    leases,
    rows,
    sending,
    shards,
    stops,
)
from engine.state.high_water import advance_clock
from engine.state.transaction import Database


class SqlLedger:
    """The `Ledger` port on a database, for one environment. Safe to share between threads."""

    def __init__(self, database: Database, also_close: Callable[[], None] | None = None) -> None:
        self._database = database
        self._also_close = also_close

    def identity(self) -> StateIdentity:
        """Return the birth mark and the serial; serial 0 is a state that nothing was applied to."""
        with self._database.read() as tx:
            return deployed.read_identity(tx)

    def is_empty(self) -> bool:
        """Tell whether nothing was ever deployed here: a new state, or a lost one."""
        with self._database.read() as tx:
            return not deployed.has_campaigns(tx)

    def advance_clock(self, now: datetime) -> None:
        """Remember the latest business instant. Raises ClockError if `now` lies before it."""
        with self._database.write() as tx:
            advance_clock(tx, now)

    def deployed(self) -> Mapping[str, Deployed]:
        """Return all campaigns by id."""
        with self._database.read() as tx:
            return deployed.read_deployed(tx)

    def find_deployed(self, campaign: str) -> Deployed | None:
        """Return one campaign, or None if the state does not know it."""
        with self._database.read() as tx:
            return deployed.read_deployed(tx, [campaign]).get(campaign)

    def deployed_digests(self) -> Mapping[str, tuple[Status, str]]:
        """Return (status, content digest) per campaign without reading what is stored."""
        with self._database.read() as tx:
            return deployed.read_digests(tx)

    def commit(
        self, lease: Lease, expected: StateIdentity, campaigns: Sequence[Deployed]
    ) -> StateIdentity:
        """Write the campaigns in one transaction and raise the serial; see the port.

        A serial that only a dispatch raised since `expected` was read is no mismatch.
        """
        with self._database.write() as tx:
            return commit.commit(tx, lease, expected, campaigns)

    def acquire(self, name: str, holder: str, ttl_s: float) -> Lease:
        """Take the lease. Raises LockedError, naming the holder and the seconds left."""
        with self._database.write() as tx:
            return leases.acquire(tx, name, holder, ttl_s)

    def renew(self, lease: Lease) -> None:
        """Let it run on. Raises LockedError if somebody else took it."""
        with self._database.write() as tx:
            leases.renew(tx, lease)

    def release(self, lease: Lease) -> None:
        """Give it back; nothing happens if it was lost."""
        with self._database.write() as tx:
            leases.release(tx, lease)

    def holders(self) -> Sequence[str]:
        """Return everybody who holds a lease or a shard."""
        with self._database.read() as tx:
            return holders.read_holders(tx)

    def end_leases(self, holder: str) -> int:
        """Free everything that a dead holder has; return how much that was."""
        with self._database.write() as tx:
            return holders.end_leases(tx, holder)

    def order_stop(self, order: StopOrder) -> None:
        """Put a halt or a cancel in force, effective with the next claim of any worker."""
        with self._database.write() as tx:
            stops.write_stop(tx, order)

    def lift_halt(self, scope: str) -> bool:
        """End the halt of exactly this scope; False if there is none."""
        with self._database.write() as tx:
            return stops.lift_halt(tx, scope)

    def stop_orders(self) -> Sequence[StopOrder]:
        """Return the orders in force, oldest first."""
        with self._database.read() as tx:
            return stops.read_stops(tx)

    def begin_sending(
        self, campaign: str, snapshot: Snapshot, content_digest: str | None = None
    ) -> bool:
        """Store the snapshot and its shards, once; False if there was one already.

        `content_digest` is of the content that the snapshot was made from; MismatchError if another
        one was applied meanwhile.
        """
        with self._database.write() as tx:
            return sending.begin_sending(tx, campaign, snapshot, content_digest)

    def finish(self, campaign: str, status: Status, reason: str | None, at: datetime) -> None:
        """Give the campaign its last status."""
        with self._database.write() as tx:
            sending.finish(tx, campaign, status, reason, at)

    def lease_shard(
        self,
        campaign: str,
        holder: str,
        ttl_s: float,
        now: datetime,
        skip: Collection[int] = (),
    ) -> ShardLease | None:
        """Take a shard that is due and not done; what its last holder left claimed is unknown."""
        with self._database.write() as tx:
            return shards.lease_shard(tx, campaign, holder, ttl_s, now, skip)

    def renew_shard(self, lease: ShardLease) -> None:
        """Let it run on. Raises LockedError if somebody else holds it by now."""
        with self._database.write() as tx:
            shards.renew_shard(tx, lease)

    def release_shard(self, lease: ShardLease, *, done: bool) -> None:
        """Give it back; `done` only when every target of it is settled (else ValueError)."""
        with self._database.write() as tx:
            shards.release_shard(tx, lease, done=done)

    def open_shards(self, campaign: str, due_by: datetime | None = None) -> int:
        """Return how many shards are not done, of all or of those that are due at `due_by`."""
        with self._database.read() as tx:
            return sending.count_open(tx, campaign, due_by)

    def shard_rows(self, campaign: str, shard: int) -> Mapping[tuple[str, str], LedgerRow]:
        """Return the deliveries of one shard by (channel, address hash)."""
        with self._database.read() as tx:
            return rows.shard_rows(tx, campaign, shard)

    def recipient_rows(self, campaign: str, recipients: Sequence[str]) -> Sequence[LedgerRow]:
        """Return the deliveries of one campaign to these people (recipient hashes)."""
        with self._database.read() as tx:
            return rows.recipient_rows(tx, campaign, recipients)

    def dead_addresses(self, hashes: Sequence[str]) -> frozenset[str]:
        """Return which of these address hashes will never work again."""
        with self._database.read() as tx:
            return rows.dead_addresses(tx, hashes)

    def claim(
        self,
        lease: ShardLease,
        claims: Sequence[Claim],
        now: datetime,
        cap: PerUserCap | None,
    ) -> Sequence[ClaimAnswer]:
        """Claim rows, ≤ 1,000 in one transaction; answers stand in the order of `claims`.

        Raises LockedError if the lease has ended, MismatchError for another revision than the
        snapshot's.
        """
        return batches.claim_all(self._database, lease, claims, now, cap)

    def settle(
        self, lease: ShardLease, settlements: Sequence[Settlement], now: datetime
    ) -> Sequence[Settlement]:
        """Write outcomes, ≤ 1,000 in one transaction; return those that were not accepted."""
        return batches.settle_all(self._database, lease, settlements, now)

    def expire_claims(self, campaign: str, now: datetime) -> int:
        """Turn claims whose lease has ended into `unknown`; return how many."""
        with self._database.write() as tx:
            return shards.expire_claims(tx, campaign, now)

    def awaiting(self) -> Sequence[tuple[str, str]]:
        """Return (campaign, channel) wherever a vendor's word is awaited."""
        with self._database.read() as tx:
            return awaited.awaiting(tx)

    def count_awaited(self, campaign: str) -> int:
        """Return of how many deliveries the vendor's word is awaited."""
        with self._database.read() as tx:
            return awaited.count_awaited(tx, campaign)

    def still_awaited(self, campaign: str, channel: str, hashes: Sequence[str]) -> frozenset[str]:
        """Return those of the address hashes whose result is awaited."""
        with self._database.read() as tx:
            return awaited.still_awaited(tx, campaign, channel, hashes)

    def take_awaited(
        self, campaign: str, channel: str, now: datetime, limit: int
    ) -> Sequence[LedgerRow]:
        """Return deliveries that should be looked up by now, and put off the next look at them."""
        with self._database.write() as tx:
            return awaited.take_awaited(tx, campaign, channel, now, limit)

    def settle_late(
        self, campaign: str, settlements: Sequence[Settlement], now: datetime
    ) -> Sequence[Settlement]:
        """Write the vendor's last word, ≤ 1,000 in one transaction; return what it changed."""
        return batches.settle_all_late(self._database, campaign, settlements, now)

    def stop_awaiting(self, campaign: str, channel: str, handed_over_by: datetime) -> int:
        """Await no longer what was handed over by that instant; return how many that were."""
        with self._database.write() as tx:
            return awaited.stop_awaiting(tx, campaign, channel, handed_over_by)

    def counts(self, campaign: str) -> Sequence[LedgerCount]:
        """Return the books' lines: deliveries by all dimensions."""
        with self._database.read() as tx:
            return books.counts(tx, campaign)

    def user_counts(self, campaign: str) -> Sequence[UserCount]:
        """Return people by their one state and reason."""
        with self._database.read() as tx:
            return books.user_counts(tx, campaign)

    def sent_between(self, campaign: str) -> tuple[datetime | None, datetime | None]:
        """Return when the first and the last accepted message was handed over."""
        with self._database.read() as tx:
            return books.sent_between(tx, campaign)

    def count_on_exception(self, campaign: str) -> int:
        """Return how many were sent for which a purchase stood in for the consent."""
        with self._database.read() as tx:
            return books.count_on_exception(tx, campaign)

    def trace(self, recipient_hash: str) -> Sequence[LedgerRow]:
        """Return everything about one person, oldest first."""
        with self._database.read() as tx:
            return rows.trace(tx, recipient_hash)

    def reached(self, condition: InCampaign, at: datetime) -> Sequence[str]:
        """Return the recipient hashes for whom `condition` holds at `at`."""
        with self._database.read() as tx:
            return books.reached(tx, condition, at)

    def keep_law(self, law: Plain) -> str:
        """Keep the law that an apply was judged by, once; return its digest."""
        with self._database.write() as tx:
            return history.keep_law(tx, law)

    def find_law(self, digest: str) -> Plain | None:
        """Return what `keep_law` kept. Raises MismatchError where it was changed since."""
        with self._database.read() as tx:
            return history.find_law(tx, digest)

    def revisions(self, campaign: str) -> Sequence[Revision]:
        """Return every apply of a campaign, oldest first."""
        with self._database.read() as tx:
            return history.revisions(tx, campaign)

    def deliveries(self, campaign: str) -> Iterator[Sequence[LedgerRow]]:
        """Read all deliveries in the order of (channel, address hash), as they are at one instant."""
        with self._database.read() as tx:
            yield from history.deliveries(tx, campaign)

    def close(self) -> None:
        """Give up all connections, the pace's too."""
        self._database.close()
        if self._also_close is not None:
            self._also_close()
