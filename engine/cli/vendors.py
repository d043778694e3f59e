"""What `pushform doctor` says of profiles, templates and numbers, as their vendors have them now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings, SmsSettings
from engine.model.resolved import ResolvedCampaign
from engine.model.vendor import ProfileState, ProfileStatus, TemplateStatus, VendorFacts

_PROFILES = {
    ProfileStatus.ACTIVE: "active",
    ProfileStatus.DORMANT: "dormant: nothing was sent for long",
    ProfileStatus.BLOCKED: "blocked by Kakao or the vendor",
    ProfileStatus.DISCONNECTED: "disconnected: the vendor does not know it any more",
    ProfileStatus.PENDING: "pending: not registered to the end",
}
_TEMPLATES = {
    TemplateStatus.APPROVED: "approved",
    TemplateStatus.PENDING: "pending: not approved yet",
    TemplateStatus.REJECTED: "rejected",
    TemplateStatus.DORMANT: "dormant: not used for long",
}


@frozen
class Used:
    """What campaigns name of a vendor's: profiles, template codes, sending numbers."""

    profiles: frozenset[str]
    templates: frozenset[str]
    senders: frozenset[str]


@frozen
class Said:
    """One line about a vendor's answer. `fine` is False where a campaign uses what cannot send."""

    message: str
    fine: bool = True
    hint: str | None = None


def used_by(campaigns: Iterable[ResolvedCampaign]) -> Used:
    """Return what `campaigns` name."""
    profiles: set[str] = set()
    templates: set[str] = set()
    senders: set[str] = set()
    for campaign in campaigns:
        kakao, sms = campaign.channels.get(Channel.KAKAO), campaign.channels.get(Channel.SMS)
        if isinstance(kakao, KakaoSettings):
            profiles.add(kakao.profile)
            if kakao.template_code is not None:
                templates.add(kakao.template_code)
        if isinstance(sms, SmsSettings) and sms.from_ is not None:
            senders.add(sms.from_)
    return Used(
        profiles=frozenset(profiles), templates=frozenset(templates), senders=frozenset(senders)
    )


def say(facts: VendorFacts, used: Used) -> Iterator[Said]:
    """Yield a line per profile and template, and one for the numbers; templates in use only.

    A number or template that campaigns use and the vendor does not have is said as well.
    """
    for name, profile in sorted(facts.profiles.items()):
        active = profile.status is ProfileStatus.ACTIVE
        yield Said(
            message=f"profile `{name}` is {_PROFILES[profile.status]}{_quota(profile)}",
            fine=active or name not in used.profiles,
            hint=None if active else "wake it in the vendor's console, or use another profile",
        )
    if facts.profiles:
        yield from _templates(facts, used)
    if facts.senders is not None:
        listed = ", ".join(f"`{number}`" for number in sorted(facts.senders)) or "none"
        gone = sorted(used.senders.difference(facts.senders))
        missing = ", ".join(f"`{number}`" for number in gone)
        yield Said(
            message=f"sending numbers: {listed}" + (f"; not registered: {missing}" if gone else ""),
            fine=not gone,
            hint="register it with the vendor, or write another `from`" if gone else None,
        )


def _templates(facts: VendorFacts, used: Used) -> Iterator[Said]:
    others = len(facts.templates.keys() - used.templates)
    for code in sorted(used.templates):
        found = facts.templates.get(code)
        approved = found is not None and found.status is TemplateStatus.APPROVED
        state = "not there" if found is None else _TEMPLATES[found.status]
        yield Said(
            message=f"template `{code}` is {state}",
            fine=approved,
            hint=None if approved else "see it in the vendor's console",
        )
    if others:
        yield Said(message=f"{others:,} templates that no campaign uses")


def _quota(profile: ProfileState) -> str:
    if not profile.daily_max:
        return ""
    sent = "" if profile.sent_today is None else f"{profile.sent_today:,} of "
    return f", {sent}{profile.daily_max:,} messages today"
