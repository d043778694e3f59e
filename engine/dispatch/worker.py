"""One shard, from its first target to its last: the loop in which nobody is sent to twice.

Reserve pace → wait → look for stop orders → claim → ask the door → hand over → settle. A claim is
made for what the transport can take at once, so a crash leaves no more unknown than was in flight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.dispatch.admit import admit
from engine.dispatch.gate import Barred, ask, claim_of, make_claim
from engine.dispatch.hand import Hand
from engine.dispatch.hand_over import HandOver
from engine.dispatch.keeper import Keeper
from engine.dispatch.sending import Sending, Tools
from engine.dispatch.tally import Tally
from engine.dispatch.turns import find_turns
from engine.kernel.errors import PushformError
from engine.model.channel import Channel
from engine.model.delivery import DeliveryState, Denied, SkipReason, Target
from engine.model.deployment import LedgerRow, Settlement, ShardLease, StopOrder
from engine.model.facts import ShardFile

POLL_S = 0.05
ORDER_EVERY_S = 1.0
"""How often stop orders are read while sending: a halt is in force within this and one batch."""

DRAIN_S = 5.0
"""How long answers are waited for after a stop (design §8.7)."""


_Rows = Mapping[tuple[str, str], LedgerRow]


class Stopped(Exception):  # noqa: N818 - not an error: a stop that somebody asked for
    """A halt, a cancel or a signal ended the work on a shard; `order` is None for a signal."""

    def __init__(self, order: StopOrder | None) -> None:
        super().__init__("stopped")
        self.order = order


class ShardWorker:
    """Works through one leased shard."""

    def __init__(
        self,
        tools: Tools,
        sending: Sending,
        lease: ShardLease,
        shard: ShardFile,
        *,
        planned_end: datetime,
        tally: Tally,
    ) -> None:
        self._tools = tools
        self._sending = sending
        self._lease = lease
        self._shard = shard
        self._planned_end = planned_end
        self._tally = tally
        self._rows = tools.ledger.shard_rows(sending.campaign.id, shard.number)
        self._hand = Hand(
            {(Channel(key[0]), key[1]): row.attempt for key, row in self._rows.items()}
        )
        self._keeper = Keeper(tools, sending, lease, self._hand, tally)
        self._hand_over = HandOver(tools, sending, lease, self._hand, self._keeper)
        self._orders_read_at = -ORDER_EVERY_S
        self._read_at = tools.clock.now()
        self._renewed_at = tools.clock.monotonic()

    def run(self) -> datetime | None:
        """Settle every target of the shard whose turn has come.

        Returns by when the shard must be looked at again because alternatives wait for a vendor's
        word, None where it is done. Raises Stopped after a halt or a signal (the rest stays pending)
        and UnavailableError where consent cannot be read; in both cases what was in flight is
        waited for. After a cancel the rest is settled as cancelled and the shard is done.
        """
        look_again_by: datetime | None = None
        try:
            self._look_for_orders(force=True)
            targets: Sequence[Target] = self._open_targets()
            if self._shard.alternative:
                turns = find_turns(self._tools, self._sending, targets, self._tools.clock.now())
                targets, look_again_by = turns.come, turns.look_again_by
            self._admit(targets)
            while len(self._hand):
                self._keep_lease()
                self._look_for_orders()
                self._keep_fresh()
                if not self._step():
                    self._pass_time()
        except Stopped as stop:
            self._drain()
            if stop.order is None or not stop.order.cancel:
                raise
            self._settle_cancelled()
            return None
        except BaseException:
            self._drain()
            raise
        return look_again_by

    def _admit(self, targets: Sequence[Target]) -> None:
        admission = admit(
            self._tools, self._sending, self._shard, targets, planned_end=self._planned_end
        )
        self._read_at = self._tools.clock.now()
        self._keeper.bar(admission.barred)
        for candidate in admission.candidates:
            row = self._rows.get((candidate.target.channel, candidate.target.address_hash))
            self._hand.add(candidate, row.retry_at if row else None)

    def _keep_fresh(self) -> None:
        """Read consent again when half of its allowed age has passed."""
        age = self._tools.clock.now() - self._read_at
        if age <= self._sending.limits.consent_max_age / 2:
            return
        targets = [candidate.target for candidate in self._hand.unclaimed()]
        admission = admit(
            self._tools, self._sending, self._shard, targets, planned_end=self._planned_end
        )
        self._read_at = self._tools.clock.now()
        for candidate in admission.candidates:
            self._hand.refresh(candidate)
        self._keeper.bar(admission.barred)

    def _step(self) -> bool:
        progressed = self._keeper.collect(0.0)
        for channel in self._hand.channels(self._tools.clock.now()):
            if self._hand_over.some(channel, self._wait, self._look_for_orders):
                progressed = True
        return progressed

    def _wait(self, seconds: float) -> None:
        """Pass time that was reserved, settling what comes back and obeying stop orders."""
        until = self._tools.clock.monotonic() + seconds
        while (left := until - self._tools.clock.monotonic()) > 0:
            self._keep_lease()
            if not self._keeper.collect(min(left, POLL_S) if self._hand.in_flight else 0.0):
                self._tools.clock.sleep(min(left, POLL_S))
            self._look_for_orders()

    def _pass_time(self) -> None:
        """Nothing can be handed over right now: wait for an answer or for a retry's time."""
        if self._hand.in_flight:
            self._keeper.collect(POLL_S)
            return
        self._refuse_late()
        if len(self._hand):
            self._tools.clock.sleep(POLL_S)

    def _keep_lease(self) -> None:
        """Renew the shard's lease well before it ends."""
        now = self._tools.clock.monotonic()
        if now - self._renewed_at > self._tools.shard_ttl_s / 3:
            self._tools.ledger.renew_shard(self._lease)
            self._renewed_at = now

    def _refuse_late(self) -> None:
        """Settle what waits for a retry that its window or its wave will not allow."""
        now = self._tools.clock.now()
        late = []
        for candidate in self._hand.unclaimed():
            verdict = ask(candidate, now)
            if isinstance(verdict, Denied):
                late.append(
                    Barred(
                        claim=candidate.claim, state=DeliveryState.SKIPPED, reason=verdict.reason
                    )
                )
        self._keeper.bar(late)

    def _open_targets(self) -> list[Target]:
        batches = self._tools.people.targets(self._shard, self._sending.directory)
        return [t for batch in batches for t in batch if _is_open(self._rows, t)]

    def _settle_cancelled(self) -> None:
        """Settle what was not handed over. Shards that are gone stop no cancel: the books count it."""
        rows = self._tools.ledger.shard_rows(self._sending.campaign.id, self._shard.number)
        self._keeper.write(
            [
                Settlement(
                    claim=claim_of(row),
                    attempt=row.attempt,
                    state=DeliveryState.SKIPPED,
                    reason=SkipReason.CANCELLED,
                )
                for row in rows.values()
                if row.state == DeliveryState.DEFERRED
            ]
        )
        if self._shard.alternative:
            return  # untried alternatives have no row
        try:
            targets = self._open_targets()
        except PushformError:
            return
        self._keeper.bar(
            [
                Barred(
                    claim=make_claim(target, self._shard, self._sending.revision, target.consent),
                    state=DeliveryState.SKIPPED,
                    reason=SkipReason.CANCELLED,
                )
                for target in targets
                if (target.channel, target.address_hash) not in rows
            ]
        )

    def _look_for_orders(self, *, force: bool = False) -> None:
        """Raise Stopped where a signal, a halt, a cancel or a systemic failure ends the work."""
        if self._tools.stop_requested():
            raise Stopped(None)
        if self._tally.systemic is not None:
            raise Stopped(self._order_halt(self._tally.systemic))
        now = self._tools.clock.monotonic()
        if not force and now - self._orders_read_at < ORDER_EVERY_S:
            return
        self._orders_read_at = now
        campaign = self._sending.campaign.id
        orders = [o for o in self._tools.ledger.stop_orders() if o.scope in ("*", campaign)]
        if orders:
            raise Stopped(max(orders, key=lambda order: order.cancel))

    def _order_halt(self, reason: str) -> StopOrder:
        """Halt the campaign for every worker: the next delivery would be refused like the last."""
        order = StopOrder(
            scope=self._sending.campaign.id,
            cancel=False,
            reason=reason,
            at=self._tools.clock.now(),
        )
        self._tools.ledger.order_stop(order)
        return order

    def _drain(self) -> None:
        """Wait for what is in flight; what stays silent becomes unknown when the lease has ended."""
        deadline = self._tools.clock.monotonic() + DRAIN_S
        while self._hand.in_flight and self._tools.clock.monotonic() < deadline:
            self._keeper.collect(POLL_S)


def _is_open(rows: _Rows, target: Target) -> bool:
    row = rows.get((target.channel, target.address_hash))
    return row is None or row.state == DeliveryState.DEFERRED
