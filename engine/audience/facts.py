"""Counts of an audience, part by part: what a plan says about it. Never people."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.audience.going import Going, add_going
from engine.audience.members import Chosen
from engine.audience.session import Session
from engine.audience.sql import literal
from engine.audience.targets import REFUSALS
from engine.model.channel import Channel
from engine.model.delivery import SkipReason
from engine.model.facts import AudienceFacts, LocaleShare
from engine.model.resolved import ResolvedCampaign


@dataclass(slots=True)
class Tally:
    """The counts of the parts that were seen so far. Nobody is in two parts."""

    recipients: int = 0
    held_out: int = 0
    furthest: Counter[tuple[str, int]] = field(default_factory=Counter)
    going: Going = field(default_factory=Going)
    locales: Counter[tuple[str, str]] = field(default_factory=Counter)
    jurisdictions: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    overdue: Counter[Channel] = field(default_factory=Counter)


def add_part(session: Session, campaign: ResolvedCampaign, tally: Tally) -> None:
    """Add one part (`@person`, `@row`, `@target`) without its shared addresses."""
    tally.recipients += session.number(
        'SELECT count(DISTINCT user_id) FROM "@row" WHERE refusal IS NULL'
    )
    tally.held_out += session.number('SELECT count(*) FROM "@person" WHERE held_out')
    for jurisdiction, variant, held_out, count in session.rows(
        'SELECT jurisdiction, variant, held_out, count(*) FROM "@person" GROUP BY ALL'
    ):
        tally.jurisdictions[jurisdiction] += count
        tally.variants[variant] += 0 if held_out else count
    for channel, rank, count in session.rows(_FURTHEST):
        tally.furthest[channel, rank] += count
    for locale, step, count in session.rows(_locales(campaign)):
        tally.locales[locale, step] += count
    add_going(session, campaign, tally.going)


def make_facts(
    tally: Tally, campaign: ResolvedCampaign, chosen: Chosen, evaluated_at: datetime
) -> AudienceFacts:
    """Return the facts of all parts.

    On every channel `reachable` and `lost` add up to `users`. `recipients` includes who is held
    out; `deliveries` and `zones` count what would go out: without held-out people and second people
    behind one address, and through an alternative only where no primary address is usable.
    `jurisdictions`, `locales` and `variants` count members (`variants` without held-out ones); the
    locale is that of a person's first channel in the order app, web, kakao, sms.
    """
    channels = [channel for channel in Channel if channel in campaign.channels]
    zones: Counter[str] = Counter()
    deliveries: Counter[str] = Counter()
    for place, count in tally.going.deliveries.items():
        zones[place.zone or ""] += count
        deliveries[place.channel] += count
    return AudienceFacts(
        evaluated_at=evaluated_at,
        users=chosen.users,
        recipients=tally.recipients,
        reachable={channel: tally.furthest[channel, len(REFUSALS)] for channel in channels},
        deliveries={channel: deliveries[channel] for channel in channels},
        lost={channel: _lost(tally, channel, chosen.users) for channel in channels},
        held_out=tally.held_out,
        locales=tuple(
            LocaleShare(locale=locale, step=step, users=users)
            for (locale, step), users in sorted(tally.locales.items())
        ),
        jurisdictions=dict(sorted(tally.jurisdictions.items())),
        zones=dict(sorted(zones.items())),
        variants=dict(sorted(tally.variants.items())),
        whereabouts=dict(tally.going.deliveries),
        people=dict(tally.going.people),
        overdue={channel: n for channel in channels if (n := tally.overdue[channel])},
    )


def _lost(tally: Tally, channel: Channel, users: int) -> Mapping[str, int]:
    counts = {reason.value: tally.furthest[channel, rank] for rank, reason in enumerate(REFUSALS)}
    addressed = sum(tally.furthest[channel, rank] for rank in range(len(REFUSALS) + 1))
    counts[SkipReason.NO_ADDRESS.value] = users - addressed
    return {reason: count for reason, count in counts.items() if count}


_RANKS = " ".join(f"WHEN {literal(reason)} THEN {index}" for index, reason in enumerate(REFUSALS))
_FURTHEST = (
    "SELECT channel, furthest, count(*) FROM (SELECT channel, user_id,"
    f" max(CASE refusal {_RANKS} ELSE {len(REFUSALS)} END) AS furthest"
    ' FROM "@row" GROUP BY channel, user_id) GROUP BY ALL'
)
"""Per channel: how far the best address of each person came (`len(REFUSALS)`: all the way)."""


def _locales(campaign: ResolvedCampaign) -> str:
    first = next((channel for channel in Channel if channel in campaign.channels), "")
    return (
        'SELECT w.locale, w.step, count(*) FROM "@person" p JOIN "@wording" w'
        f" ON w.variant = p.variant AND w.channel = {literal(first)}"
        " AND w.wanted = coalesce(p.wanted, '') WHERE w.locale <> '' GROUP BY ALL"
    )
