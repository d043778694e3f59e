"""Writes what became of deliveries: into the ledger first, then into the worker's own memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.dispatch.gate import Barred
from engine.dispatch.hand import Hand
from engine.dispatch.hygiene import DeadAddress
from engine.dispatch.sending import Sending, Tools
from engine.dispatch.settle import settlement
from engine.dispatch.tally import Tally
from engine.model.channel import Channel
from engine.model.delivery import TERMINAL, FailReason
from engine.model.deployment import Settlement, ShardLease
from engine.model.outcome import NotActed, Refused, Settled

BATCH = 1_000
"""Rows per ledger transaction (design §10)."""


class Keeper:
    """One shard's bookkeeper."""

    def __init__(
        self, tools: Tools, sending: Sending, lease: ShardLease, hand: Hand, tally: Tally
    ) -> None:
        self._tools = tools
        self._sending = sending
        self._lease = lease
        self._hand = hand
        self._tally = tally

    def bar(self, barred: Sequence[Barred]) -> None:
        """Settle targets that are not claimed."""
        self.write(
            [
                Settlement(
                    claim=item.claim,
                    attempt=self._hand.attempts(item.claim),
                    state=item.state,
                    reason=item.reason,
                )
                for item in barred
            ]
        )

    def write(self, settlements: Sequence[Settlement]) -> None:
        """Write settlements in key order, then let go of what they end.

        What the ledger does not accept is no longer ours: its row has moved on.
        """
        ordered = sorted(
            settlements, key=lambda item: (item.claim.channel, item.claim.address_hash)
        )
        accepted: list[Settlement] = []
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            refused = self._tools.ledger.settle(self._lease, batch, self._tools.clock.now())
            for item in refused:
                self._hand.drop((Channel(item.claim.channel), item.claim.address_hash))
            accepted.extend(batch if not refused else [i for i in batch if i not in refused])
        if not accepted:
            return
        self._hand.settle(accepted)
        self._tally.add(accepted)
        self._tally.judge(self._sending.limits.max_failed)
        self._tools.progress(
            self._sending.campaign.id, sum(item.state in TERMINAL for item in accepted)
        )

    def is_proven(self, channel: Channel) -> bool:
        """Tell whether the channel's provider has taken a message in this run."""
        return channel in self._tally.proven

    def collect(self, timeout_s: float) -> bool:
        """Settle what providers have answered by now; tell whether there was anything."""
        results: list[Settled] = []
        for provider in self._tools.providers.values():
            results.extend(provider.poll(0.0 if results else timeout_s))
        now = self._tools.clock.now()
        settlements = []
        for result in results:
            key = (result.outgoing.key.channel, result.outgoing.key.address_hash)
            held = self._hand.find_claim(key)
            if held is None:
                continue
            self._note(result)
            claim, attempt = held
            settlements.append(
                settlement(
                    claim,
                    attempt,
                    result.outcome,
                    now=now,
                    resend_unknown=self._sending.campaign.on_unknown_resend,
                    reports_later=self._tools.reports_later(result.outgoing.key.channel),
                )
            )
        settlements = [self._doubt(item) for item in settlements]
        try:
            self._list_dead(settlements, now)
        finally:
            self.write(settlements)
        return bool(results)

    def _doubt(self, item: Settlement) -> Settlement:
        """Bury nobody who belongs to another sender while nobody was accepted from ours.

        That is what a wrong project in the configuration looks like: it counts as a failure, which
        stops the campaign, and not as the death of every address.
        """
        if item.reason == FailReason.SENDER_MISMATCH and self._tally.sent == 0:
            return replace(item, dead_address=False)
        return item

    def _list_dead(self, settlements: Sequence[Settlement], now: datetime) -> None:
        """List dead and spoilt addresses with their owners, before the shards that name them are gone."""
        dead: list[DeadAddress] = []
        for item in settlements:
            if not (item.dead_address or item.spoilt_address):
                continue
            target = self._hand.find((Channel(item.claim.channel), item.claim.address_hash))
            if target is not None:
                dead.append(
                    DeadAddress(
                        user_id=target.user_id,
                        device_id=target.device_id,
                        channel=item.claim.channel,
                        reason=item.reason or "",
                        at=now,
                    )
                )
        self._tools.list_dead(self._sending.campaign.id, dead)

    def _note(self, result: Settled) -> None:
        """Remember what says something about the next delivery, not only about this one."""
        outcome, channel = result.outcome, result.outgoing.key.channel
        account = self._tools.provider(channel).account
        self._tools.flow.heed(account, outcome)
        if isinstance(outcome, NotActed) and outcome.systemic:
            self._tally.credentials = True
            self._tally.systemic = (
                f"{_refusal(account.partition(':')[0], outcome, channel)}; then"
                f" `pushform resume {result.outgoing.key.campaign}` goes on"
            )
        elif isinstance(outcome, Refused) and outcome.systemic and not self._tally.credentials:
            self._tally.systemic = f"{channel} refused with {outcome.code}"


def _refusal(vendor: str, outcome: NotActed, channel: Channel) -> str:
    """Say what a vendor refused of everybody, and what to check."""
    if outcome.setting is not None:
        return (
            f"`{vendor}` refused `{outcome.setting}` ({outcome.code}): check what is written for"
            f" `{channel}` and what `{vendor}` has registered"
        )
    return (
        f"`{vendor}` refused the keys or the account ({outcome.code}): check those of `{channel}`"
        " and the clock of this machine"
    )
