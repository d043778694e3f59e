"""Written campaigns → resolved ones: every name replaced by the thing it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.model.audience import (
    Condition,
    DerivedAttribute,
    Everyone,
    ExpectedSize,
    InAudience,
)
from engine.model.campaign import Campaign
from engine.model.channel_settings import KakaoSettings, SmsSettings
from engine.model.experiment import Variant
from engine.model.legal import MessageType
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.workspace import Workspace
from engine.workspace.build_audience import EVERYONE
from engine.workspace.notes import Notes
from engine.workspace.overlay import SANDBOX
from engine.workspace.references import Inliner
from engine.workspace.resolve_message import Messages
from engine.workspace.suggest import did_you_mean


@frozen(kw_only=False)
class _People:
    audience: Condition
    exclude: tuple[Condition, ...]
    attributes: Mapping[str, DerivedAttribute]
    expect: ExpectedSize
    name: str | None


@dataclass(slots=True)
class Resolver:
    """Resolves campaigns of one workspace; findings go to the notes of each call."""

    workspace: Workspace | None
    messages: Messages
    inliner: Inliner
    derived_known: bool = True
    """False while an audience file has a mistake: its attributes may be what is missing."""

    def resolve(self, campaign: Campaign, notes: Notes) -> ResolvedCampaign | None:
        """Return `campaign` with nothing left to look up, or None if something is missing.

        A draft may be incomplete without a finding; a name that does not exist is always one.
        """
        people = self._people(campaign, notes)
        attributes = people.attributes if people and self.derived_known else None
        variants = self.messages.variants(campaign, attributes, notes)
        _check_exception(campaign, attributes, notes)
        workspace = self.workspace
        if workspace is not None:
            _check_channels(campaign, workspace, notes)
        if workspace is None or people is None or variants is None or campaign.schedule is None:
            return None
        return _assemble(campaign, workspace, people, variants, campaign.schedule)

    def _people(self, campaign: Campaign, notes: Notes) -> _People | None:
        attributes: dict[str, DerivedAttribute] = {}
        exclude = [
            self._condition(one, campaign.origin / "exclude" / index, attributes, notes)
            for index, one in enumerate(campaign.exclude)
        ]
        if campaign.audience is None:
            return None
        at = campaign.origin / "audience"
        where = self._condition(campaign.audience, at, attributes, notes)
        good = tuple(one for one in exclude if one is not None)
        if where is None or len(good) < len(exclude):
            return None
        named = campaign.audience if isinstance(campaign.audience, str) else None
        written = self.inliner.audiences.get(named) if named else None
        return _People(
            audience=where,
            exclude=good,
            attributes=attributes,
            expect=written.expect if written else ExpectedSize(),
            name=named,
        )

    def _condition(
        self,
        written: str | Condition,
        at: Origin,
        attributes: dict[str, DerivedAttribute],
        notes: Notes,
    ) -> Condition | None:
        if written == EVERYONE:
            return Everyone()
        where = InAudience(audience=written, origin=at) if isinstance(written, str) else written
        found = self.inliner.condition(where, attributes, notes)
        return found[0] if found else None


def _assemble(
    campaign: Campaign,
    workspace: Workspace,
    people: _People,
    variants: tuple[Variant, ...],
    schedule: Schedule,
) -> ResolvedCampaign:
    return ResolvedCampaign(
        id=campaign.id,
        title=campaign.title or campaign.id,
        purpose=campaign.purpose,
        owner=campaign.owner,
        kpi=campaign.kpi,
        copied_from=campaign.copied_from,
        type=campaign.type or MessageType.ADVERTISING,
        basis=campaign.basis,
        ad_label=campaign.ad_label,
        urgent=campaign.urgent,
        sender=workspace.sender,
        consent=workspace.sources.consent,
        suppression=workspace.sources.suppression is not None,
        variants=variants,
        action=campaign.action,
        channels=campaign.channels,
        locale=workspace.locale,
        country=workspace.country,
        workspace_timezone=workspace.timezone,
        audience=people.audience,
        exclude=people.exclude,
        attributes=people.attributes,
        expect=people.expect,
        holdout=campaign.experiment.holdout,
        winner=campaign.experiment.winner,
        alternative=campaign.alternative,
        fallback_after=campaign.fallback_after,
        send_to=campaign.send_to,
        acknowledge=campaign.acknowledge,
        on_unknown_resend=campaign.on_unknown_resend,
        schedule=schedule,
        notice=campaign.notice,
        exception=campaign.exception,
        written=campaign,
        audience_name=people.name,
    )


def _check_exception(
    campaign: Campaign, attributes: Mapping[str, DerivedAttribute] | None, notes: Notes
) -> None:
    """Note an `exception.ended_at` that no audience of the campaign derives."""
    exception = campaign.exception
    if exception is None or attributes is None or not exception.ended_at.startswith("derived."):
        return
    word = exception.ended_at.removeprefix("derived.")
    if word not in attributes:
        message = f"no audience of this campaign derives `{word}`"
        at = exception.origin / "ended_at"
        notes.add("reference", message, at, did_you_mean(word, tuple(attributes)))


def _check_channels(campaign: Campaign, workspace: Workspace, notes: Notes) -> None:
    """Note channels, sending profiles and sending numbers that this environment does not have."""
    for channel, settings in campaign.channels.items():
        provider = workspace.channels.get(channel)
        if provider is None:
            at = campaign.origin / "channels" / channel
            message = f"the environment `{workspace.environment}` has no channel `{channel}`"
            notes.add("reference", message, at, f"set up `channels.{channel}` in pushform.yaml")
            continue
        if isinstance(settings, KakaoSettings):
            profiles = provider.options.get("profiles")
            known = tuple(profiles) if isinstance(profiles, Mapping) else ()
            if settings.profile not in known and (known or provider.provider != SANDBOX):
                at = campaign.origin / "channels" / channel / "profile"
                message = f"there is no sending profile `{settings.profile}`"
                notes.add("reference", message, at, did_you_mean(settings.profile, known))
        elif isinstance(settings, SmsSettings) and settings.from_:
            senders = provider.options.get("senders")
            numbers = tuple(map(str, senders)) if isinstance(senders, tuple) else ()
            if settings.from_ not in numbers and (numbers or provider.provider != SANDBOX):
                at = campaign.origin / "channels" / channel / "from"
                message = f"`{settings.from_}` is not among the registered senders"
                notes.add("reference", message, at, did_you_mean(settings.from_, numbers))
