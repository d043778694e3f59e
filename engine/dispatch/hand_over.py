"""From ready to handed over: pace, claim, the door a last time, the message, the provider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from engine.dispatch.gate import Barred, Candidate, ask
from engine.dispatch.hand import Hand, key_of
from engine.dispatch.keeper import BATCH, Keeper
from engine.dispatch.sending import Limits, Sending, Tools
from engine.law.ramp import NO_RAMP
from engine.message.compose import Composer
from engine.message.envelope import envelope
from engine.model.channel import Channel
from engine.model.delivery import (
    Allowed,
    DeliveryKey,
    DeliveryState,
    Denied,
    FailReason,
    Held,
    SkipReason,
)
from engine.model.deployment import Claim, Settlement, ShardLease
from engine.model.limit import Limit
from engine.model.message import Composed, Message, MissingValue
from engine.model.outcome import Outgoing
from engine.model.resolved import ResolvedCampaign, acknowledged
from engine.model.workspace import PerUserCap

FEWEST = 64
"""Free slots are waited for until so many can be claimed in one transaction."""

FIRST = 10
"""So many of a channel are in flight at most until its provider took one of this run: a wrong project,
key or template costs ten people their message then, not all who fit into the slots. Ours."""

HELD_FOR = timedelta(seconds=30)


class HandOver:
    """One shard's way to the providers."""

    def __init__(
        self, tools: Tools, sending: Sending, lease: ShardLease, hand: Hand, keeper: Keeper
    ) -> None:
        self._tools = tools
        self._sending = sending
        self._lease = lease
        self._hand = hand
        self._keeper = keeper

    def some(
        self, channel: Channel, wait: Callable[[float], None], look_for_orders: Callable[[], None]
    ) -> bool:
        """Hand over what slots and pace allow; False where there was nothing to do.

        `wait` passes reserved time; `look_for_orders` raises where the work must stop. Nothing is
        claimed between that look and the claim.
        """
        ready = self._hand.count_ready(channel)
        provider = self._tools.provider(channel)
        free = provider.free_slots()
        for most in (
            self._tools.flow.trickle(provider.account, self._hand.in_flight),
            self._first(channel),
        ):
            if most is not None:
                free, ready = min(free, most), min(ready, most)
        if free == 0 or (self._hand.in_flight and free < min(FEWEST, ready)):
            return False
        granted = self._reserve(channel, min(ready, free, BATCH), wait)
        if granted == 0:
            return False
        look_for_orders()
        self._claim(channel, self._hand.take(channel, granted))
        return True

    def _first(self, channel: Channel) -> int | None:
        """Return how many more may be risked; None once the provider has shown that it takes them."""
        if self._keeper.is_proven(channel):
            return None
        return max(0, FIRST - self._hand.in_flight_on(channel))

    def _reserve(self, channel: Channel, wanted: int, wait: Callable[[float], None]) -> int:
        """Reserve at most one second of pace, with the campaign and with the provider's account."""
        campaign, longest = self._sending.campaign, 0.0
        pace = campaign.schedule.pace_per_s
        if pace is not None:
            most = min(wanted, max(1, int(pace)))
            wanted, longest = self._tools.pace.reserve(f"campaign:{campaign.id}", most, pace)
        if wanted:
            wanted, needed = self._tools.flow.reserve(
                self._tools.provider(channel).account,
                wanted,
                self._tools.rates_per_s.get(channel),
                self._tools.ramps.get(channel, NO_RAMP),
            )
            longest = max(longest, needed)
        wait(longest)
        return wanted

    def _claim(self, channel: Channel, candidates: Sequence[Candidate]) -> None:
        if not candidates:
            return
        # Before the claims and before the door: both must be the last thing that happens.
        messages = compose_all(self._sending.composer, candidates)
        limits, campaign = self._sending.limits, self._sending.campaign
        answers = self._tools.ledger.claim(
            self._lease,
            [candidate.claim for candidate in candidates],
            self._tools.clock.now(),
            _cap(campaign, limits, self._tools.clock.now()),
        )
        outgoing: list[Outgoing] = []
        settlements: list[Settlement] = []
        barred: list[Barred] = []
        for candidate, composed, answer in zip(candidates, messages, answers, strict=True):
            if answer.attempt is None:
                if answer.capped:
                    barred.append(
                        Barred(
                            claim=answer.claim, state=DeliveryState.SKIPPED, reason=SkipReason.CAP
                        )
                    )
                self._hand.drop(key_of(candidate))
                continue
            self._hand.claimed(candidate, answer.claim, answer.attempt)
            ready = self._make_ready(candidate, composed, answer.claim, answer.attempt)
            if isinstance(ready, Outgoing):
                outgoing.append(ready)
            else:
                settlements.append(ready)
        if outgoing:
            self._tools.provider(channel).submit(outgoing)
        self._keeper.bar(barred)
        self._keeper.write(settlements)

    def _make_ready(
        self, candidate: Candidate, composed: Composed, claim: Claim, attempt: int
    ) -> Outgoing | Settlement:
        """Ask the door a last time; return what is handed over, or what is settled here."""
        now = self._tools.clock.now()
        verdict = ask(candidate, now)
        if isinstance(verdict, Denied):
            return Settlement(
                claim=claim, attempt=attempt, state=DeliveryState.SKIPPED, reason=verdict.reason
            )
        if isinstance(verdict, Held):
            return Settlement(
                claim=claim,
                attempt=attempt,
                state=DeliveryState.DEFERRED,
                reason=verdict.reason,
                retry_at=now + HELD_FOR,
            )
        if isinstance(composed, Message):
            return self._outgoing(candidate, composed, attempt, verdict)
        if isinstance(composed, MissingValue) and composed.skip:
            return Settlement(
                claim=claim,
                attempt=attempt,
                state=DeliveryState.SKIPPED,
                reason=SkipReason.MISSING_VALUE,
            )
        return Settlement(
            claim=claim, attempt=attempt, state=DeliveryState.FAILED, reason=FailReason.RENDER
        )

    def _outgoing(
        self, candidate: Candidate, message: Message, attempt: int, verdict: Allowed
    ) -> Outgoing:
        target, campaign = candidate.target, self._sending.campaign
        return Outgoing(
            key=DeliveryKey(
                campaign=campaign.id, channel=target.channel, address_hash=target.address_hash
            ),
            attempt=attempt,
            envelope=envelope(campaign, message, target.platform, verdict.until),
            address=target.address,
        )


def compose_all(composer: Composer, candidates: Sequence[Candidate]) -> list[Composed]:
    """Return what each candidate would read, in order; equal kinds are rendered together."""
    kinds: dict[tuple[Channel, str, str, str], list[int]] = {}
    for index, candidate in enumerate(candidates):
        target = candidate.target
        kind = (target.channel, target.locale, target.jurisdiction, target.variant)
        kinds.setdefault(kind, []).append(index)
    found: dict[int, Composed] = {}
    for kind, indices in kinds.items():
        targets = [candidates[index].target for index in indices]
        texts = composer.compose_many(
            *kind, [target.values for target in targets], [target.zone for target in targets]
        )
        found.update(zip(indices, texts, strict=True))
    return [found[index] for index in range(len(candidates))]


def _cap(campaign: ResolvedCampaign, limits: Limits, now: datetime) -> PerUserCap | None:
    """Return the cap that binds a claim: none for informational messages, more if acknowledged."""
    if limits.per_user is None or not campaign.advertising:
        return None
    lift = acknowledged(campaign, Limit.PER_USER, now)
    if lift is None or lift[0] <= limits.per_user.max:
        return limits.per_user
    return PerUserCap(max=int(lift[0]), within=limits.per_user.within)
