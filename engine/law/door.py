"""`may_send`: the only door to a provider. A pure function of the facts and the time."""

from __future__ import annotations

from datetime import datetime

from engine.law.consent import korean_day, stands_in
from engine.law.jurisdiction import KOREA
from engine.law.lead import lead_ok
from engine.law.windows import Closed, Open, is_brand, window_at
from engine.model.delivery import (
    Allowed,
    Answer,
    ConsentBasis,
    DeliveryFacts,
    Denied,
    Held,
    SkipReason,
    Verdict,
)

NOT_DUE = Held(reason="not_due")
STALE = Held(reason="stale_consent")
_DENIED = {reason: Denied(reason=reason) for reason in SkipReason}
_FREE = Allowed(until=None)


def may_send(facts: DeliveryFacts, now: datetime) -> Verdict:
    """Say whether this delivery may be handed to a provider at `now` (aware).

    In this order: the lead (due_at − changed_at ≥ 1 h, unless waived), not before it is due, what
    the person refused, the window, the end of the wave, the age of the consent reading. What a
    person refused comes before the clock, so the books name the lasting reason. A hold settles
    nothing: `not_due` waits, `stale_consent` asks for a new reading; both end with the wave.
    """
    if not facts.lead_waived and not lead_ok(facts.due_at, facts.changed_at):
        return _DENIED[SkipReason.MISSED]
    if now < facts.due_at:
        return NOT_DUE
    refusal = refusal_of(facts, now)
    if refusal is not None:
        return _DENIED[refusal]
    window = _window(facts, now)
    if isinstance(window, Denied):
        return window
    if now > facts.planned_end + facts.late:
        return _DENIED[SkipReason.MISSED]
    if facts.advertising and now - facts.consent.read_at > facts.consent_max_age:
        return STALE
    return _FREE if window.until is None else Allowed(until=window.until)


def refusal_of(facts: DeliveryFacts, now: datetime | None = None) -> SkipReason | None:
    """Return why this person gets nothing, whatever the hour, or None.

    An address that is switched off and a service that is refused stop everything. Suppression
    (정보통신망법 제50조제2항), age and consent (제50조제1항) concern advertisements; a consent that
    is not clearly yes is none; where nobody answered, a purchase of the last six months stands in
    (제50조제1항제1호) as of `now`, or where that is left out as of the reading.
    """
    if not facts.enabled:
        return SkipReason.DISABLED
    if facts.consent.service is Answer.NO:
        return SkipReason.SERVICE_OFF
    if not facts.advertising:
        return None
    if facts.suppressed:
        return SkipReason.SUPPRESSED
    if facts.minor:
        return SkipReason.MINOR
    if facts.consent.ad is Answer.NO:
        return SkipReason.NO_CONSENT
    if basis_of(facts, now or facts.consent.read_at) is None:
        return SkipReason.UNKNOWN_CONSENT
    return None


def basis_of(facts: DeliveryFacts, now: datetime) -> ConsentBasis | None:
    """Return on what an advertisement may go to this person at `now`; None: on nothing.

    The exception is Korea's, and for those who never answered: a no ends it (제50조제2항). `ended_on`
    is only given of people in Korea (`lives_in_korea`): many others have Korea's duties as well.
    """
    if facts.consent.ad is Answer.YES:
        return ConsentBasis.CONSENT
    if facts.consent.ad is Answer.NO or facts.ended_on is None or facts.jurisdiction != KOREA:
        return None
    return ConsentBasis.EXCEPTION if stands_in(facts.ended_on, korean_day(now)) else None


def window_of(facts: DeliveryFacts, now: datetime, *, lifted: bool | None = None) -> Open | Closed:
    """Return the window of this delivery at `now`, open or closed, as the door sees it.

    `lifted` says whether consent to the night counts; left out, it does where the campaign asks for
    it and the person gave it.
    """
    if lifted is None:
        lifted = facts.night_consented_only and facts.consent.night is Answer.YES
    return window_at(
        now,
        advertising=facts.advertising,
        brand=is_brand(facts.channel, facts.kakao_product),
        jurisdiction=facts.jurisdiction,
        zone=facts.zone,
        night_consented=facts.advertising and lifted,
        channel=facts.channel,
        region=facts.region,
    )


def _window(facts: DeliveryFacts, now: datetime) -> Open | Denied:
    window = window_of(facts, now)
    if isinstance(window, Open):
        return window
    asks_in_vain = (
        facts.advertising and facts.night_consented_only and facts.consent.night is not Answer.YES
    )
    if asks_in_vain and isinstance(window_of(facts, now, lifted=True), Open):
        return _DENIED[SkipReason.NO_NIGHT_CONSENT]
    return _DENIED[SkipReason.WINDOW]
