"""From testers to the targets of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.app.people import open_people_of
from engine.app.session import Session
from engine.audience.phone import normalise_phone
from engine.cli.planning import NO_KEY
from engine.dispatch.gate import bought_on
from engine.dispatch.marked import message_digest
from engine.dispatch.test_send import TestTarget
from engine.kernel.digest import keyed_hash
from engine.kernel.errors import UsageError
from engine.kernel.finding import Finding, Severity
from engine.law.jurisdiction import jurisdiction_of, lives_in_korea
from engine.message.compose import Composer
from engine.model.channel import Channel, Platform
from engine.model.delivery import Answer, ConsentReading, Target
from engine.model.locale import pick_locale
from engine.model.message import Address
from engine.model.resolved import ResolvedCampaign
from engine.pipeline.lint import lint_loaded
from engine.pipeline.wanted import desired_campaigns
from engine.workspace.testers import Tester, TesterConsent

_CLOCK_RULES = ("schedule-", "kr-night-", "kakao-brand-window")
"""Rules about the scheduled time: a test goes out now, and the door judges now."""


def find_campaign(session: Session, name: str) -> ResolvedCampaign:
    """Return the campaign `name`, drafts included. Raises UsageError where it does not resolve."""
    loaded = session.loaded
    found = loaded.resolved.get(name) or loaded.set_aside.get(name)
    if found is not None:
        return found
    if name in loaded.campaigns:
        raise UsageError(
            f"`{name}` is not complete enough to be tested",
            "it needs an audience, channels, a message and a schedule; `pushform lint` shows more",
        )
    known = ", ".join(f"`{id_}`" for id_ in sorted(loaded.campaigns)) or "none"
    raise UsageError(f"there is no campaign `{name}`", f"there are: {known}")


def errors_of(session: Session, campaign: ResolvedCampaign) -> tuple[Finding, ...]:
    """Return what is wrong with the campaign and everything it uses, but for its scheduled time."""
    loaded = replace(session.loaded, resolved={campaign.id: campaign}, set_aside={})
    findings = lint_loaded(
        loaded,
        root=session.root,
        as_of=session.opened_at,
        changed=frozenset({campaign.id}),
        tracked=session.tracked,
    )
    return tuple(
        finding
        for finding in findings
        if finding.severity is Severity.ERROR
        and finding.campaign in (campaign.id, None)
        and not finding.rule.startswith(_CLOCK_RULES)
    )


def digest_of_words(session: Session, campaign: ResolvedCampaign) -> str:
    """Return the digest of the campaign's messages, as a plan can compare it."""
    written = session.loaded.campaigns[campaign.id]
    loaded = replace(
        session.loaded,
        resolved={campaign.id: campaign},
        campaigns={campaign.id: replace(written, draft=False, cancelled=None)},
    )
    return message_digest(desired_campaigns(loaded)[campaign.id].stored)


def targets_of(
    session: Session,
    campaign: ResolvedCampaign,
    testers: Sequence[Tester],
    *,
    key: bytes,
    channel: Channel | None,
) -> Iterator[TestTarget]:
    """Yield every address of `testers` on the campaign's channels, once per variant.

    `key` hashes people and addresses for this run alone.
    """
    composer = Composer(campaign)
    for tester in testers:
        known = _known(session, campaign, tester)
        # Of who is in the users source the day of a purchase is only told if they are in Korea.
        in_korea = (known and not tester.country) or lives_in_korea(
            tester.country, _number(session, tester), tester.timezone, campaign.country
        )
        for place, platform, address in _addresses(session, tester):
            if place not in composer.channels or channel not in (None, place):
                continue
            for variant in campaign.variants:
                locales = composer.locales(place, variant.id)
                person = known.get(place) or next(iter(known.values()), None)
                target = _target(session, campaign, tester, place, platform, address, person, key)
                own = replace(target, values={**(person.values if person else {}), **tester.values})
                wanted = tester.locale or (person.locale if person else None)
                picked = pick_locale(locales, wanted, campaign.locale)
                yield TestTarget(
                    name=tester.name,
                    target=replace(target, variant=variant.id, locale=picked[0] if picked else ""),
                    own_values=bool(known or tester.values),
                    ended_on=bought_on(campaign, own) if in_korea else None,
                )


def _known(
    session: Session, campaign: ResolvedCampaign, tester: Tester
) -> Mapping[Channel, Target]:
    """Return the tester as the users source has them, by channel; empty for a stranger."""
    if tester.user_id is None:
        return {}
    people = open_people_of(session, NO_KEY, None)
    targets = people.values(campaign, tester.user_id, session.opened_at)
    return {target.channel: target for target in targets}


def _addresses(session: Session, tester: Tester) -> Iterator[tuple[Channel, Platform, Address]]:
    for platform, address in tester.app:
        yield Channel.APP, platform, address
    for address in tester.web:
        yield Channel.WEB, Platform.WEB, address
    if tester.phone is not None:
        number = _number(session, tester)
        if number is None:
            country = tester.country or session.workspace.country
            raise UsageError(
                f"the phone of the tester `{tester.name}` is no number in `{country}`",
                "write it like `010-1234-5678`, or with its country: `+81…`",
            )
        for channel in (Channel.KAKAO, Channel.SMS):
            yield channel, Platform.PHONE, Address(kind="phone", value=number)


def _number(session: Session, tester: Tester) -> str | None:
    return normalise_phone(tester.phone, tester.country or session.workspace.country)


def _target(
    session: Session,
    campaign: ResolvedCampaign,
    tester: Tester,
    channel: Channel,
    platform: Platform,
    address: Address,
    known: Target | None,
    key: bytes,
) -> Target:
    written = tester.consent.get(channel, TesterConsent())
    phone = _number(session, tester)
    values = _values(campaign, tester, known)
    law = jurisdiction_of(tester.country, phone, tester.timezone, campaign.country)
    return Target(
        user_id=tester.name,
        device_id=None,
        recipient_hash=keyed_hash(key, "tester", tester.name),
        address_hash=keyed_hash(key, "address", address.value),
        address=address,
        channel=channel,
        role="primary",
        platform=platform,
        locale="",
        jurisdiction=known.jurisdiction if known and not tester.country else law,
        zone=tester.timezone or (known.zone if known else None),
        region=known.region if known else None,
        variant="",
        held_out=False,
        duplicate=False,
        consent=_consent(session, written, known if known and known.channel is channel else None),
        suppressed=campaign.advertising and _refused(session, tester, channel, address),
        enabled=True,
        minor=known.minor if known else False,
        values=values,
    )


def _refused(session: Session, tester: Tester, channel: Channel, address: Address) -> bool:
    """Tell whether the tester is among the refusals: in person, by number or by this address."""
    people = open_people_of(session, NO_KEY, None)
    number = _number(session, tester)
    refused = people.refused(tester.user_id, number, address.value, session.opened_at)
    return channel in refused


def _consent(session: Session, written: TesterConsent, known: Target | None) -> ConsentReading:
    """Return the tester's own consent; a refusal in the users source is stronger.

    What the source says of another channel is no refusal of this one.
    """

    def stronger(here: Answer, there: Answer) -> Answer:
        return Answer.NO if there is Answer.NO else here

    source = known.consent if known else None
    return ConsentReading(
        ad=stronger(written.ad, source.ad) if source else written.ad,
        night=stronger(written.night, source.night) if source else written.night,
        service=source.service if source else Answer.YES,
        read_at=session.clock.now(),
    )


def _values(
    campaign: ResolvedCampaign, tester: Tester, known: Target | None
) -> Mapping[str, str | int | float | bool | None]:
    """Return the person's values, else the samples of the variables, and what the file says."""
    values: dict[str, str | int | float | bool | None] = {}
    if known is not None:
        values.update(known.values)
    else:
        for variant in campaign.variants:
            for variable in variant.template.variables.values():
                values.setdefault(variable.source, variable.sample)
    return {**values, **tester.values}
