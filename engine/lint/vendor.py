"""What is known of profiles, templates and sending numbers: what vendors said, else what files say.

`pushform doctor --save` keeps a vendor's answer in `reports/<environment>/vendor.json`. Of a profile
or template that no answer names, pushform.yaml itself may tell (`channels.kakao.profiles.main.status`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.model.channel import Channel, OptionMap
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.resolved import ResolvedCampaign
from engine.model.vendor import ProfileStatus, SavedFacts, TemplateState, TemplateStatus
from engine.model.workspace import Workspace

ACTIVE, APPROVED = ProfileStatus.ACTIVE.value, TemplateStatus.APPROVED.value
STATES_KO = {
    "active": "활성",
    "approved": "승인",
    "dormant": "휴면",
    "blocked": "차단",
    "disconnected": "연결 해제",
    "pending": "승인 대기",
    "rejected": "반려",
    "missing": "없음",
}
"""The vendor's states as a Korean console calls them."""


@frozen
class Told:
    """Who said it: a vendor of `environment` at `as_of`, or (both None) pushform.yaml."""

    environment: str | None = None
    as_of: datetime | None = None

    @property
    def words(self) -> str:
        """Return it for a message: `(production, 2026-09-19)`."""
        if self.as_of is None:
            return "(pushform.yaml)"
        return f"({self.environment}, {self.as_of:%Y-%m-%d})"


@frozen
class Quota:
    """How many messages a day a profile may send, and how many the vendor says it had sent by then."""

    messages: int
    told: Told
    sent: int = 0


def kakao_campaigns(context: LintContext) -> tuple[tuple[ResolvedCampaign, KakaoSettings], ...]:
    """Return the live campaigns that use KakaoTalk, with their settings. For `context.once`."""
    return tuple(
        (campaign, settings)
        for campaign in context.live
        if isinstance(settings := campaign.channels.get(Channel.KAKAO), KakaoSettings)
    )


def alimtalks(context: LintContext) -> Iterator[tuple[ResolvedCampaign, KakaoSettings]]:
    """Yield the campaigns that send an AlimTalk."""
    for campaign, settings in context.once(kakao_campaigns):
        if settings.product is KakaoProduct.ALIMTALK:
            yield campaign, settings


def kakao_at(campaign: ResolvedCampaign, *keys: str) -> Origin:
    """Return the place of a key of `channels.kakao`."""
    origin = campaign.origin / "channels" / "kakao"
    for key in keys:
        origin /= key
    return origin


def options_of(context: LintContext, channel: Channel) -> OptionMap:
    """Return what pushform.yaml says of the provider of `channel`; nothing where there is none."""
    provider = context.workspace.channels.get(channel)
    return provider.options if provider is not None else {}


def profile_options(context: LintContext, profile: str) -> OptionMap:
    """Return what pushform.yaml says of a Kakao profile."""
    return _inner(_inner(options_of(context, Channel.KAKAO), "profiles"), profile)


def profile_states(context: LintContext, profile: str) -> Iterator[tuple[str, Told]]:
    """Yield the state of a profile in every environment that was asked, else the written one."""
    asked = False
    for environment, saved in sorted(context.vendor.items()):
        found = saved.facts.profiles.get(profile)
        if found is not None:
            asked = True
            yield found.status.value, Told(environment=environment, as_of=saved.as_of)
    written = profile_options(context, profile).get("status")
    if not asked and isinstance(written, str):
        yield written, Told()


def profile_quotas(context: LintContext, profile: str, product: KakaoProduct) -> Iterator[Quota]:
    """Yield how much of `product` a profile may send in a day, wherever a limit is known.

    What vendors tell is of AlimTalks; pushform.yaml's limit holds for each product by itself.
    """
    asked = False
    for environment, saved in sorted(context.vendor.items()):
        found = saved.facts.profiles.get(profile)
        if product is not KakaoProduct.ALIMTALK or found is None:
            continue
        if found.daily_max is not None:
            asked = True
            if found.daily_max:
                told = Told(environment=environment, as_of=saved.as_of)
                yield Quota(messages=found.daily_max, told=told, sent=found.sent_today or 0)
    written = profile_options(context, profile).get("daily_max")
    if not asked and isinstance(written, int) and written > 0:
        yield Quota(messages=written, told=Told())


def has_quota(workspace: Workspace, vendor: Mapping[str, SavedFacts]) -> bool:
    """Tell whether the daily limit of any Kakao profile is known."""
    provider = workspace.channels.get(Channel.KAKAO)
    profiles = _inner(provider.options, "profiles") if provider is not None else {}
    written = (_inner(profiles, name).get("daily_max") for name in profiles)
    said = (one.daily_max for saved in vendor.values() for one in saved.facts.profiles.values())
    return any(written) or any(said)


def template_states(context: LintContext, code: str) -> Iterator[tuple[TemplateState | None, Told]]:
    """Yield what is known of an AlimTalk template; None where an asked vendor does not have it.

    An environment whose vendor named no template at all says nothing about this one.
    """
    asked = False
    for environment, saved in sorted(context.vendor.items()):
        if saved.facts.templates:
            asked = True
            told = Told(environment=environment, as_of=saved.as_of)
            yield saved.facts.templates.get(code), told
    written = _inner(options_of(context, Channel.KAKAO), "templates").get(code)
    if not asked and isinstance(written, Mapping):
        text, status = written.get("text"), written.get("status", APPROVED)
        yield (
            TemplateState(
                status=TemplateStatus(str(status)), text=text if isinstance(text, str) else None
            ),
            Told(),
        )


def known_senders(context: LintContext) -> Iterator[tuple[tuple[str, ...], Told]]:
    """Yield the numbers that vendors have registered, where they list any."""
    for environment, saved in sorted(context.vendor.items()):
        if saved.facts.senders is not None:
            told = Told(environment=environment, as_of=saved.as_of)
            yield saved.facts.senders, told


def written_senders(context: LintContext) -> tuple[str, ...]:
    """Return `channels.sms.senders` of pushform.yaml as written."""
    listed = options_of(context, Channel.SMS).get("senders")
    return tuple(map(str, listed)) if isinstance(listed, tuple) else ()


def _inner(options: OptionMap, key: str) -> OptionMap:
    found = options.get(key)
    return found if isinstance(found, Mapping) else {}
