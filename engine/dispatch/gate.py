"""What is told to the door about one target, and what is refused before anything is claimed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from json import loads

from engine.dispatch.sending import Sending, lead_waived
from engine.kernel.digest import canonical
from engine.kernel.frozen import frozen
from engine.law.consent import ended_on
from engine.law.door import basis_of, may_send
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.delivery import (
    Answer,
    ConsentBasis,
    ConsentReading,
    DeliveryFacts,
    DeliveryState,
    SkipReason,
    Target,
    Verdict,
)
from engine.model.deployment import Claim, LedgerRow
from engine.model.facts import ShardFile
from engine.model.ports import FreshReading
from engine.model.resolved import ResolvedCampaign


@frozen
class Candidate:
    """A target with its latest reading: what the door judges, again and again."""

    target: Target
    facts: DeliveryFacts
    claim: Claim


@frozen
class Barred:
    """A target that is settled without a claim."""

    claim: Claim
    state: DeliveryState
    reason: SkipReason | None


def make_claim(target: Target, shard: ShardFile, revision: str, reading: ConsentReading) -> Claim:
    """Return the ledger's columns for a target, with the consent as it was read."""
    consent = canonical(
        {
            "ad": reading.ad,
            "night": reading.night,
            "service": reading.service,
            "confirmed_at": reading.confirmed_at,
            "read_at": reading.read_at.isoformat(),
        }
    ).decode()
    return Claim(
        channel=target.channel,
        address_hash=target.address_hash,
        recipient_hash=target.recipient_hash,
        shard=shard.number,
        revision=revision,
        variant=target.variant,
        locale=target.locale,
        jurisdiction=target.jurisdiction,
        platform=target.platform,
        role=target.role,
        consent=consent,
    )


def claim_of(row: LedgerRow) -> Claim:
    """Return the columns of a row that is in the ledger already."""
    return Claim(
        channel=row.channel,
        address_hash=row.address_hash,
        recipient_hash=row.recipient_hash,
        shard=row.shard,
        revision=row.revision,
        variant=row.variant,
        locale=row.locale,
        jurisdiction=row.jurisdiction,
        platform=row.platform,
        role=row.role,
        consent=row.consent,
    )


def judge(
    sending: Sending,
    shard: ShardFile,
    target: Target,
    fresh: FreshReading | None,
    *,
    dead: Collection[str],
    planned_end: datetime,
) -> Candidate | Barred:
    """Combine the snapshot with a fresh reading, which may only remove, never add.

    `fresh` is None where the person or the device is gone.
    """
    reading = _strictest(target.consent, fresh.consent) if fresh else target.consent
    claim = make_claim(target, shard, sending.revision, reading)
    if target.held_out:
        return Barred(claim=claim, state=DeliveryState.HELD_OUT, reason=None)
    reason = _bar(target, fresh, dead)
    if reason is not None:
        return Barred(claim=claim, state=DeliveryState.SKIPPED, reason=reason)
    suppressed = target.suppressed or (fresh.suppressed if fresh else True)
    enabled = target.enabled and (fresh.enabled if fresh else False)
    facts = _facts(
        sending,
        shard,
        target,
        reading,
        suppressed=suppressed,
        enabled=enabled,
        planned_end=planned_end,
    )
    return Candidate(target=target, facts=facts, claim=_with_basis(claim, facts))


def counts_purchases(campaign: ResolvedCampaign) -> bool:
    """Tell whether a purchase may stand in for a consent: all that it takes is declared."""
    exception = campaign.exception
    return exception is not None and exception.direct and exception.same_goods


def bought_on(campaign: ResolvedCampaign, target: Target) -> date | None:
    """Return when the person's purchase ended, where it may stand in for a consent; else None."""
    exception = campaign.exception
    if exception is None or not counts_purchases(campaign):
        return None
    return ended_on(target.values.get(exception.ended_at), target.consent.read_at)


def _with_basis(claim: Claim, facts: DeliveryFacts) -> Claim:
    """Note on the claim that a purchase stands in for the consent: the answer alone does not tell."""
    if not facts.advertising or facts.ended_on is None:
        return claim
    if basis_of(facts, facts.consent.read_at) is not ConsentBasis.EXCEPTION:
        return claim
    more = {"basis": ConsentBasis.EXCEPTION, "ended_on": facts.ended_on.isoformat()}
    return replace(claim, consent=canonical({**loads(claim.consent), **more}).decode())


def ask(candidate: Candidate, now: datetime) -> Verdict:
    """Ask the only door whether the delivery may start at `now`."""
    return may_send(candidate.facts, now)


def _bar(target: Target, fresh: FreshReading | None, dead: Collection[str]) -> SkipReason | None:
    if target.duplicate:
        return SkipReason.DUPLICATE_ADDRESS
    if target.address_hash in dead:
        return SkipReason.DEAD_ADDRESS
    if fresh is None:
        return SkipReason.DISABLED
    if not target.locale:
        return SkipReason.NO_TEXT
    return None


def _facts(
    sending: Sending,
    shard: ShardFile,
    target: Target,
    reading: ConsentReading,
    *,
    suppressed: bool,
    enabled: bool,
    planned_end: datetime,
) -> DeliveryFacts:
    campaign, deployed = sending.campaign, sending.deployed
    product = sending.kakao_product() if target.channel is Channel.KAKAO else None
    return DeliveryFacts(
        channel=target.channel,
        advertising=campaign.advertising,
        kakao_product=KakaoProduct(product) if product else None,
        jurisdiction=target.jurisdiction,
        zone=target.zone,
        region=target.region,
        night_consented_only=campaign.schedule.night_consented_only,
        consent=reading,
        suppressed=suppressed,
        enabled=enabled,
        minor=target.minor,
        due_at=shard.due_at,
        changed_at=deployed.changed_at,
        lead_waived=lead_waived(campaign, deployed.changed_at),
        planned_end=planned_end,
        late=campaign.schedule.late,
        consent_max_age=sending.limits.consent_max_age,
        ended_on=bought_on(campaign, target),
    )


_ORDER = (Answer.NO, Answer.UNKNOWN, Answer.YES)


def _strictest(first: ConsentReading, then: ConsentReading) -> ConsentReading:
    return ConsentReading(
        ad=min(first.ad, then.ad, key=_ORDER.index),
        night=min(first.night, then.night, key=_ORDER.index),
        service=min(first.service, then.service, key=_ORDER.index),
        read_at=then.read_at,
        confirmed_at=then.confirmed_at,
    )
