"""Messages with the requests that their providers would be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from engine.app.people import open_people_of
from engine.app.session import Session
from engine.app.state import has_state, open_ledger
from engine.cli.planning import NO_KEY
from engine.kernel.digest import Plain
from engine.kernel.errors import UsageError
from engine.law.windows import Open, window_at
from engine.lint.context import jurisdictions_of
from engine.message.compose import Composer
from engine.message.envelope import envelope
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.delivery import Target
from engine.model.message import Composed, Message, Preview
from engine.model.ports import Provider
from engine.model.resolved import ResolvedCampaign
from engine.plan.waves import due_instant, schedule_zone

Opener = Callable[[Channel], Provider]
_PLATFORM = {
    Channel.APP: Platform.ANDROID,
    Channel.WEB: Platform.WEB,
    Channel.KAKAO: Platform.PHONE,
    Channel.SMS: Platform.PHONE,
}


def sample_previews(campaign: ResolvedCampaign, opener: Opener) -> Iterator[Preview]:
    """Yield every channel × locale × jurisdiction × variant over the template's samples."""
    for composed, _ in Composer(campaign).sample_messages(jurisdictions_of(campaign)):
        if isinstance(composed, Message):
            zone = campaign.workspace_timezone
            yield _preview(campaign, composed, _PLATFORM[composed.channel], zone, opener)


def person_previews(
    session: Session, campaign: ResolvedCampaign, user: str, opener: Opener
) -> Iterator[Preview]:
    """Yield what one real person would read. Raises UsageError for a stranger."""
    if has_state(session):
        with open_ledger(session, create=False) as (ledger, _, key):
            people = open_people_of(session, key, ledger)
            targets = people.values(campaign, user, session.opened_at)
    else:
        people = open_people_of(session, NO_KEY, None)
        targets = people.values(campaign, user, session.opened_at)
    if not targets:
        raise UsageError(
            f"`{user}` is not in the users source, or has no address for `{campaign.id}`"
        )
    yield from target_previews(campaign, targets, opener)


def target_previews(
    campaign: ResolvedCampaign, targets: Sequence[Target], opener: Opener
) -> Iterator[Preview]:
    """Yield what each target would read. Raises UsageError for one who would get nothing."""
    composer = Composer(campaign)
    for target in targets:
        composed: Composed = composer.compose(
            target.channel,
            target.locale,
            target.jurisdiction,
            target.variant,
            target.values,
            target.zone,
        )
        if not isinstance(composed, Message):
            raise UsageError(
                f"`{target.user_id}` would get nothing on {target.channel}: {composed}"
            )
        yield _preview(campaign, composed, target.platform, target.zone, opener)


def preview_plain(preview: Preview) -> Plain:
    """Return one message in the shape of `schemas/preview.schema.json`."""
    message = preview.message
    return {
        "channel": message.channel,
        "locale": message.locale,
        "jurisdiction": message.jurisdiction,
        "variant": message.variant,
        "title": message.title,
        "body": message.body,
        "request": preview.request,
    }


def _preview(
    campaign: ResolvedCampaign,
    message: Message,
    platform: Platform,
    zone: str | None,
    opener: Opener,
) -> Preview:
    expires_at = _expires_at(campaign, message, zone)
    sealed = envelope(campaign, message, platform, expires_at)
    return Preview(
        message=message,
        request=opener(message.channel).encode(sealed),
        expires_at=expires_at,
        settings=sealed.settings,
    )


def _expires_at(campaign: ResolvedCampaign, message: Message, zone: str | None) -> datetime | None:
    settings = campaign.channels.get(message.channel)
    window = window_at(
        due_instant(campaign.schedule, schedule_zone(campaign)),
        advertising=campaign.advertising,
        brand=isinstance(settings, KakaoSettings) and settings.product is KakaoProduct.BRAND,
        jurisdiction=message.jurisdiction,
        zone=zone,
        channel=message.channel,
        night_consented=campaign.schedule.night_consented_only,
    )
    return window.until if isinstance(window, Open) else None
