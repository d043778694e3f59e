"""Test messages: to testers only, marked as tests, through the same door as every other message.

A test has no snapshot, no claim and no row in the ledger: it counts in no books, no cap and no
experiment. What the law asks at that hour it asks of a test as well, so `may_send` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.dispatch.marked import PREFIX, mark, refit
from engine.kernel.frozen import frozen
from engine.law.door import basis_of, may_send
from engine.law.windows import Closed, is_brand, window_at
from engine.message.compose import Composer
from engine.message.envelope import collapse_key, envelope
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.delivery import Allowed, ConsentBasis, DeliveryFacts, DeliveryKey, Target
from engine.model.message import Composed, Message, MissingValue
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Settled,
    Silent,
)
from engine.model.ports import Clock, Provider
from engine.model.resolved import ResolvedCampaign

PATIENCE_S = 60.0
"""How long answers of a provider are waited for."""


@frozen
class TestTarget:
    """One address of a tester.

    `own_values`: the person's values are used, not the samples'. `ended_on` is the day of a purchase
    that may stand in for a consent: the tester's own, never a sample's.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    name: str
    target: Target
    own_values: bool
    ended_on: date | None = None


@frozen
class TestResult:
    """What became of one test message.

    `outcome` is `sent`, `skipped`, `failed` or `unknown`; `reason` the door's, the provider's or the
    template's. `opens_at` is when the window opens that was closed. `basis` is on what an
    advertisement was handed over.
    """

    __test__ = False

    name: str
    channel: Channel
    locale: str
    variant: str
    outcome: str
    reason: str | None = None
    opens_at: datetime | None = None
    basis: ConsentBasis | None = None


_Waiting = tuple[TestTarget, ConsentBasis | None]
"""What was handed over, and on what."""


def send_tests(
    campaign: ResolvedCampaign,
    targets: Sequence[TestTarget],
    *,
    clock: Clock,
    open_provider: Callable[[Channel], Provider],
    consent_max_age: timedelta,
) -> Iterator[TestResult]:
    """Send `campaign` to `targets`, channel by channel, and yield what became of each message.

    Every target is asked for at the door right before it is handed over; nothing is tried twice.
    Raises what opening a provider raises, before anything is sent.
    """
    composer = Composer(campaign)
    used = [c for c in Channel if any(one.target.channel is c for one in targets)]
    # What cannot be opened is found before anybody gets anything.
    providers = {channel: open_provider(channel) for channel in used}
    try:
        for channel in used:
            waiting: dict[DeliveryKey, _Waiting] = {}
            chosen = [one for one in targets if one.target.channel is channel]
            for number, one in enumerate(chosen):
                if providers[channel].free_slots() == 0:
                    yield from _settle(providers[channel], waiting, clock)
                ready = _make_ready(campaign, composer, one, number, clock.now(), consent_max_age)
                if isinstance(ready, TestResult):
                    yield ready
                    continue
                outgoing, basis = ready
                waiting[outgoing.key] = one, basis
                providers[channel].submit([outgoing])
            yield from _settle(providers[channel], waiting, clock)
            yield from _results(providers.pop(channel).close(), waiting)
            for one, basis in waiting.values():
                yield replace(_result(one, "unknown", "no_answer"), basis=basis)
    finally:
        for provider in providers.values():
            provider.close()


def _make_ready(
    campaign: ResolvedCampaign,
    composer: Composer,
    one: TestTarget,
    number: int,
    now: datetime,
    consent_max_age: timedelta,
) -> tuple[Outgoing, ConsentBasis | None] | TestResult:
    target = one.target
    if not target.locale:
        return _result(one, "skipped", "no_text")
    facts = _facts(campaign, one, now, consent_max_age)
    verdict = may_send(facts, now)
    if not isinstance(verdict, Allowed):
        opens_at = (
            _opening(facts, now) if verdict.reason in ("window", "no_night_consent") else None
        )
        return replace(_result(one, "skipped", str(verdict.reason)), opens_at=opens_at)
    composed = _compose(composer, one)
    if not isinstance(composed, Message):
        reason = "missing_value" if isinstance(composed, MissingValue) else composed.reason
        return _result(one, "failed", reason)
    marked = refit(mark(composed), campaign)
    if marked is None:
        return _result(one, "failed", "too_long_with_mark")
    # A copy for every variant must stay on the screen, and none may replace the real message.
    key = collapse_key(f"{PREFIX}{campaign.id}:{target.variant}")
    sealed = envelope(campaign, marked, target.platform, verdict.until)
    outgoing = Outgoing(
        key=DeliveryKey(
            campaign=f"{PREFIX}{campaign.id}",
            channel=target.channel,
            address_hash=f"{target.address_hash}-{number}",
        ),
        attempt=1,
        envelope=replace(sealed, collapse_key=key),
        address=target.address,
    )
    return outgoing, basis_of(facts, now) if facts.advertising else None


def _compose(composer: Composer, one: TestTarget) -> Composed:
    target = one.target
    place = (target.channel, target.locale, target.jurisdiction, target.variant)
    if one.own_values:
        return composer.compose(*place, target.values, target.zone)
    return composer.sample(*place)


def _facts(
    campaign: ResolvedCampaign, one: TestTarget, now: datetime, consent_max_age: timedelta
) -> DeliveryFacts:
    """Return what the door is told: due now, without a lead, because nothing was scheduled."""
    target = one.target
    kakao = campaign.channels.get(Channel.KAKAO)
    product = kakao.product if isinstance(kakao, KakaoSettings) else KakaoProduct.BRAND
    return DeliveryFacts(
        channel=target.channel,
        advertising=campaign.advertising,
        kakao_product=product if target.channel is Channel.KAKAO else None,
        jurisdiction=target.jurisdiction,
        zone=target.zone,
        region=target.region,
        night_consented_only=campaign.schedule.night_consented_only,
        consent=target.consent,
        suppressed=target.suppressed,
        enabled=target.enabled,
        minor=target.minor,
        due_at=now,
        changed_at=now,
        lead_waived=True,
        planned_end=now,
        late=timedelta(0),
        consent_max_age=consent_max_age,
        ended_on=one.ended_on,
    )


def _opening(facts: DeliveryFacts, now: datetime) -> datetime | None:
    window = window_at(
        now,
        advertising=facts.advertising,
        brand=is_brand(facts.channel, facts.kakao_product),
        jurisdiction=facts.jurisdiction,
        zone=facts.zone,
        channel=facts.channel,
        region=facts.region,
    )
    return window.opens_at if isinstance(window, Closed) else None


def _settle(
    provider: Provider, waiting: dict[DeliveryKey, _Waiting], clock: Clock
) -> Iterator[TestResult]:
    end = clock.monotonic() + PATIENCE_S
    while waiting and clock.monotonic() < end:
        yield from _results(provider.poll(1.0), waiting)


def _results(
    settled: Sequence[Settled], waiting: dict[DeliveryKey, _Waiting]
) -> Iterator[TestResult]:
    for item in settled:
        found = waiting.pop(item.outgoing.key, None)
        if found is not None:
            one, basis = found
            yield replace(_result(one, *_outcome(item.outcome)), basis=basis)


def _outcome(outcome: Outcome) -> tuple[str, str | None]:
    match outcome:
        case Accepted():
            return "sent", None
        case Refused(reason=reason):
            return "failed", str(reason)
        case NotActed(code=code):
            return "failed", code
        case AnsweredError(code=code) | Silent(code=code):
            return "unknown", code


def _result(one: TestTarget, outcome: str, reason: str | None) -> TestResult:
    target = one.target
    return TestResult(
        name=one.name,
        channel=target.channel,
        locale=target.locale,
        variant=target.variant,
        outcome=outcome,
        reason=reason,
    )
