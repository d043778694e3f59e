"""Counts of `@person`, `@row` and `@target`: what a plan says about an audience."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping

from engine.audience.condition import Scope
from engine.audience.session import Session
from engine.audience.sql import literal
from engine.audience.targets import ALTERNATIVE, PRIMARY, REFUSALS, role_of
from engine.model.campaign import ResolvedCampaign
from engine.model.channel import Channel
from engine.model.delivery import SkipReason
from engine.model.facts import AudienceFacts, LocaleShare

_GOES_OUT = "refusal IS NULL AND NOT duplicate AND NOT held_out AND locale <> ''"
"""What the door would let through now; whether the clock does is not asked here."""


def count_facts(session: Session, campaign: ResolvedCampaign, scope: Scope) -> AudienceFacts:
    """Count what `write_targets` wrote.

    On every channel `reachable` and `lost` add up to `users`. `recipients` includes who is held
    out; `deliveries` and `zones` count what would go out: without held-out people and second
    people behind one address, and through an alternative only where no primary address is usable.
    `jurisdictions`, `locales` and `variants` count members (`variants` without held-out ones); the
    locale is that of a person's first channel in the order app, web, kakao, sms.
    """
    users = session.number('SELECT count(*) FROM "@person"')
    reachable = _by_channel(session, campaign)
    going = _going(campaign)
    return AudienceFacts(
        evaluated_at=scope.moment.at,
        users=users,
        recipients=session.number(
            'SELECT count(DISTINCT user_id) FROM "@row" WHERE refusal IS NULL'
        ),
        reachable=reachable,
        deliveries=_complete(
            session.rows(f"SELECT channel, count(*) FROM {going} GROUP BY ALL"), campaign
        ),
        lost=_lost(session, campaign, users),
        held_out=session.number('SELECT count(*) FROM "@person" WHERE held_out'),
        locales=_locales(session, campaign),
        jurisdictions=dict(
            session.rows('SELECT jurisdiction, count(*) FROM "@person" GROUP BY ALL ORDER BY ALL')
        ),
        zones=dict(
            session.rows(
                f"SELECT coalesce(zone, ''), count(*) FROM {going} GROUP BY ALL ORDER BY ALL"
            )
        ),
        variants=dict(
            session.rows(
                'SELECT variant, count(*) FROM "@person" WHERE NOT held_out'
                " GROUP BY ALL ORDER BY ALL"
            )
        ),
    )


def _by_channel(session: Session, campaign: ResolvedCampaign) -> Mapping[Channel, int]:
    rows = session.rows(
        'SELECT channel, count(DISTINCT user_id) FROM "@row" WHERE refusal IS NULL GROUP BY ALL'
    )
    return _complete(rows, campaign)


def _complete(rows: list[tuple[str, int]], campaign: ResolvedCampaign) -> Mapping[Channel, int]:
    found = {Channel(name): count for name, count in rows}
    return {channel: found.get(channel, 0) for channel in Channel if channel in campaign.channels}


def _going(campaign: ResolvedCampaign) -> str:
    """Return the relation of rows that would go out."""
    primary = f'SELECT * FROM "@target" WHERE role = {literal(PRIMARY)} AND {_GOES_OUT}'
    written = [primary]
    for channel in campaign.channels:
        if role_of(channel, campaign) == PRIMARY:
            continue
        firsts = [first for first, second in campaign.alternative.items() if second == channel]
        names = ", ".join(literal(first) for first in firsts)
        written.append(
            f'SELECT * FROM "@target" WHERE role = {literal(ALTERNATIVE)}'
            f" AND channel = {literal(channel)} AND {_GOES_OUT} AND user_id NOT IN"
            f' (SELECT user_id FROM "@target" WHERE channel IN ({names}) AND enabled)'
        )
    return f"({' UNION ALL '.join(written)})"


def _lost(
    session: Session, campaign: ResolvedCampaign, users: int
) -> Mapping[Channel, Mapping[str, int]]:
    ranks = " ".join(
        f"WHEN {literal(reason)} THEN {index}" for index, reason in enumerate(REFUSALS)
    )
    rows = session.rows(
        "SELECT channel, furthest, count(*) FROM (SELECT channel, user_id,"
        f" max(CASE refusal {ranks} ELSE {len(REFUSALS)} END) AS furthest"
        ' FROM "@row" GROUP BY channel, user_id) GROUP BY ALL ORDER BY ALL'
    )
    lost: dict[Channel, dict[str, int]] = {
        channel: {} for channel in Channel if channel in campaign.channels
    }
    addressed = dict.fromkeys(lost, 0)
    for name, rank, count in rows:
        addressed[Channel(name)] += count
        if rank < len(REFUSALS):
            lost[Channel(name)][REFUSALS[rank].value] = count
    for channel, reasons in lost.items():
        if users > addressed[channel]:
            reasons[SkipReason.NO_ADDRESS.value] = users - addressed[channel]
    return lost


def _locales(session: Session, campaign: ResolvedCampaign) -> tuple[LocaleShare, ...]:
    first = next((channel for channel in Channel if channel in campaign.channels), None)
    if first is None:
        return ()
    rows = session.rows(
        'SELECT w.locale, w.step, count(*) FROM "@person" p JOIN "@wording" w'
        f" ON w.variant = p.variant AND w.channel = {literal(first)}"
        " AND w.wanted = coalesce(p.wanted, '') WHERE w.locale <> '' GROUP BY ALL ORDER BY ALL"
    )
    return tuple(LocaleShare(locale=row[0], step=row[1], users=row[2]) for row in rows)
