"""Plans of made-up campaigns: what is wanted, what is deployed, and the people in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.message.compose import Composer
from engine.model.campaign import Campaign
from engine.model.channel import Channel
from engine.model.deployment import Deployed, StateIdentity, Status
from engine.model.facts import (
    AudienceFacts,
    Extremes,
    LocaleShare,
    Membership,
    ShardFile,
    Snapshot,
    TextSlots,
    ValueRange,
    Whereabouts,
    Widest,
)
from engine.model.plan import Plan
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.workspace import Safety, Sender, Sources, StateSettings, Workspace
from engine.plan.content import Desired, desire
from engine.plan.diff import Diff, diff
from engine.plan.make import make_plan
from engine.plan.surroundings import Surroundings
from tests.message.factories import a_campaign

NOW = datetime(2026, 9, 20, tzinfo=UTC)
"""Sunday 09:00 in Seoul, four days before the send."""

DUE = datetime(2026, 9, 24, 1, tzinfo=UTC)
ID = "chuseok-sale"


def wanted(written: Campaign | None = None, **changes: Any) -> Desired:
    """Return what the files want of one campaign; `written` is its file."""
    safety = changes.pop("safety", Safety())
    environment = changes.pop("environment", "sandbox")
    campaign = changes.pop("campaign", None) or a_campaign(**changes)
    file = written or Campaign(
        id=campaign.id, origin=Origin(f"campaigns/{campaign.id}.yaml"), title=campaign.title
    )
    campaign = replace(campaign, written=file)
    samples = [sample for sample, _ in Composer(campaign).sample_messages(["KR"])]
    return desire(campaign, environment=environment, safety=safety, samples=samples)


def deployed(desired: Desired, **changes: Any) -> Deployed:
    """Return the campaign as an apply would have left it."""
    values: dict[str, Any] = {
        "id": desired.campaign.id,
        "status": Status.READY,
        "reason": None,
        "digest": "sha256:" + "d" * 64,
        "content_digest": desired.content_digest,
        "stored": desired.stored,
        "applied_at": NOW - timedelta(days=1),
        "changed_at": NOW - timedelta(days=1),
        "due_at": DUE,
        "users": 1_000,
    }
    return Deployed(**(values | changes))


def a_snapshot(campaign: str = ID) -> Snapshot:
    shard = ShardFile(number=0, path="0.parquet", rows=1, due_at=DUE, digest="d")
    return Snapshot(
        campaign=campaign,
        evaluated_at=DUE,
        users=1,
        users_without_address=0,
        users_defaulted_zone=0,
        shards=(shard,),
        counts=(),
    )


def compare(
    *desired: Desired,
    there: Sequence[Deployed] = (),
    stopped: Mapping[str, str] | None = None,
    known: Sequence[str] = (),
    offline: bool = False,
) -> Diff:
    """Return the moves; every wanted and stopped campaign is known besides `known`."""
    by_id = {one.id: one for one in there}
    return diff(
        {one.campaign.id: one for one in desired},
        stopped=stopped or {},
        known=frozenset({one.campaign.id for one in desired} | set(stopped or {}) | set(known)),
        deployed={id_: (one.status, one.content_digest) for id_, one in by_id.items()},
        find_deployed=(lambda _: None) if offline else by_id.get,
    )


def some_facts(**changes: Any) -> AudienceFacts:
    values: dict[str, Any] = {
        "evaluated_at": NOW,
        "users": 1_000,
        "recipients": 900,
        "reachable": {Channel.APP: 800, Channel.SMS: 700},
        "deliveries": {Channel.APP: 1_200, Channel.SMS: 700},
        "lost": {Channel.APP: {"no_consent": 150, "disabled": 50, "minor": 0}},
        "held_out": 50,
        "locales": (LocaleShare(locale="ko", step="language", users=1_000),),
        "jurisdictions": {"KR": 1_000},
        "zones": {"Asia/Seoul": 1_900},
        "variants": {"default": 1_000},
        "people": {
            frozenset(
                Whereabouts(channel=channel, jurisdiction="KR", zone="Asia/Seoul", region=None)
                for channel in (Channel.APP, Channel.SMS)
            ): 900
        },
    }
    return AudienceFacts(**(values | changes))


def some_extremes(*widest: Widest, **ranges: ValueRange) -> Extremes:
    """Return the extremes of a thousand people; `ranges` are of their `user.` columns."""
    return Extremes(
        evaluated_at=NOW,
        users=1_000,
        ranges={f"user.{name}": span for name, span in ranges.items()},
        widest=widest,
    )


@dataclass
class People:
    """Counts without people."""

    counts: AudienceFacts = field(default_factory=some_facts)
    compared: list[tuple[ResolvedCampaign | None, ResolvedCampaign]] = field(default_factory=list)
    values: Extremes = field(default_factory=some_extremes)

    def facts(self, campaign: ResolvedCampaign, at: datetime) -> AudienceFacts:
        return self.counts

    def extremes(
        self, campaign: ResolvedCampaign, texts: Sequence[TextSlots], at: datetime
    ) -> Extremes:
        return self.values

    def membership(
        self, before: ResolvedCampaign | None, after: ResolvedCampaign, at: datetime
    ) -> Membership:
        self.compared.append((before, after))
        if before is None:
            return Membership(before=None, now=1_000, entering=1_000, leaving=0)
        return Membership(before=990, now=1_000, entering=30, leaving=20)


def a_workspace(**changes: Any) -> Workspace:
    values: dict[str, Any] = {
        "name": "sample-shop",
        "timezone": "Asia/Seoul",
        "locale": "ko",
        "country": "KR",
        "sender": Sender(name="샘플샵", contact="1588-0000"),
        "sources": Sources(),
        "channels": {},
        "state": StateSettings(url="sqlite:///state.db"),
        "safety": Safety(origin=Origin("pushform.yaml", ("safety",))),
        "environment": "sandbox",
        "sandbox": True,
        "environments": ("sandbox",),
    }
    return Workspace(**(values | changes))


def plan_of(
    *desired: Desired,
    there: Sequence[Deployed] = (),
    stopped: Mapping[str, str] | None = None,
    people: People | None = None,
    findings: Sequence[Any] = (),
    offline: bool = False,
    **around: Any,
) -> Plan:
    """Return the plan of all that."""
    moves = compare(*desired, there=there, stopped=stopped, offline=offline)
    values: dict[str, Any] = {
        "workspace": a_workspace(),
        "sources": SourceMap(),
        "as_of": NOW,
        "deployed": {one.id: (one.status, one.content_digest) for one in there},
        "loaded": len(desired) + len(stopped or {}),
        "people": None if offline else people or People(),
        "state": None if offline else StateIdentity(lineage="l" * 32, serial=7),
        "state_lost": None,
        "commit": "c0ffee",
        "unavailable": {},
        "passing_until": {},
    }
    return make_plan(moves, findings, Surroundings(**(values | around)))


def at(text: str, **changes: Any) -> Schedule:
    """Return a schedule at a local time."""
    return Schedule(at=datetime.fromisoformat(text), **changes)
