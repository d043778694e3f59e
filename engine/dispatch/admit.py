"""Who of a shard may be sent to now: consent read again, dead addresses, the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.dispatch.gate import Barred, Candidate, ask, counts_purchases, judge
from engine.dispatch.keeper import BATCH
from engine.dispatch.sending import Sending, Tools
from engine.kernel.errors import UnavailableError
from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.delivery import ConsentReading, DeliveryState, Denied, Target
from engine.model.facts import ShardFile
from engine.model.ports import FreshReading


@frozen(kw_only=False)
class Admission:
    """Who may be sent to, and who is settled at once."""

    candidates: tuple[Candidate, ...]
    barred: tuple[Barred, ...]


@frozen(kw_only=False)
class _AsFrozen:
    """The snapshot's own reading, where a fresh one is not to be had (informational only)."""

    consent: ConsentReading
    suppressed: bool
    enabled: bool


def admit(
    tools: Tools,
    sending: Sending,
    shard: ShardFile,
    targets: Sequence[Target],
    *,
    planned_end: datetime,
) -> Admission:
    """Judge every target with a fresh reading.

    Raises UnavailableError where consent to advertisements cannot be read: they are held.
    """
    now = tools.clock.now()
    fresh = _read_again(tools, sending, targets, now)
    dead = tools.ledger.dead_addresses([target.address_hash for target in targets])
    candidates: list[Candidate] = []
    barred: list[Barred] = []
    for target in targets:
        judged = judge(
            sending,
            shard,
            target,
            fresh.get((target.channel, target.address_hash)),
            dead=dead,
            planned_end=planned_end,
        )
        if isinstance(judged, Barred):
            barred.append(judged)
            continue
        verdict = ask(judged, now)
        if isinstance(verdict, Denied):
            barred.append(
                Barred(claim=judged.claim, state=DeliveryState.SKIPPED, reason=verdict.reason)
            )
        else:
            candidates.append(judged)
    return Admission(candidates=tuple(candidates), barred=tuple(barred))


def _read_again(
    tools: Tools, sending: Sending, targets: Sequence[Target], now: datetime
) -> Mapping[tuple[Channel, str], FreshReading]:
    fresh: dict[tuple[Channel, str], FreshReading] = {}
    try:
        for start in range(0, len(targets), BATCH * 20):
            fresh.update(
                tools.people.read_again(
                    targets[start : start + BATCH * 20],
                    now,
                    advertising=sending.campaign.advertising,
                    exception=counts_purchases(sending.campaign),
                )
            )
    except UnavailableError:
        if sending.campaign.advertising:
            raise
        return {
            (target.channel, target.address_hash): _AsFrozen(
                target.consent, target.suppressed, target.enabled
            )
            for target in targets
        }
    return fresh
