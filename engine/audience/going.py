"""What would go out of an audience, and to how many people: counted part by part, never kept."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from engine.audience.session import Session
from engine.audience.sql import literal
from engine.model.channel import Channel
from engine.model.facts import Whereabouts
from engine.model.resolved import ResolvedCampaign

_GOES_OUT = (
    "refusal IS NULL AND NOT duplicate AND NOT held_out AND locale <> '' AND stands_in"
    " AND NOT shared"
)
"""What the door would let through now; whether the clock does is not asked here."""


@dataclass(slots=True)
class Going:
    """What goes out of the parts that were seen so far.

    `deliveries` counts messages by what their hours depend on, `people` those who get at least one,
    by all the whereabouts of what they get.
    """

    deliveries: Counter[Whereabouts] = field(default_factory=Counter)
    people: Counter[frozenset[Whereabouts]] = field(default_factory=Counter)


def add_going(session: Session, campaign: ResolvedCampaign, going: Going) -> None:
    """Add a part's `@target` but for addresses that may be somebody else's as well.

    Whoever has one of those is put off to `add_shared`: it may be the only message they get. Their
    other rows wait in `@beside`.
    """
    _add_deliveries(session, campaign, going)
    waiting = 'user_id IN (SELECT user_id FROM "@shared")'
    session.run('CREATE TEMP TABLE IF NOT EXISTS "@beside" AS FROM "@target" LIMIT 0')
    session.run(f'INSERT INTO "@beside" FROM "@target" WHERE {_GOES_OUT} AND {waiting}')
    _add_people(session, campaign, going, f'"@target" WHERE {_GOES_OUT} AND NOT ({waiting})')


def add_shared(session: Session, campaign: ResolvedCampaign, going: Going) -> None:
    """Add the people put off by all parts, once `@target` says whose each shared address is."""
    _add_deliveries(session, campaign, going)
    rows = f'FROM "@target" WHERE {_GOES_OUT} UNION ALL FROM "@beside"'
    _add_people(session, campaign, going, f"({rows})")
    session.run('DROP TABLE "@beside"')


def _add_deliveries(session: Session, campaign: ResolvedCampaign, going: Going) -> None:
    for channel, jurisdiction, zone, region, night, count in session.rows(
        f"SELECT channel, jurisdiction, zone, region, {_agreed(campaign)}, count(*)"
        f' FROM "@target" WHERE {_GOES_OUT} GROUP BY ALL'
    ):
        place = _place(Channel(channel), jurisdiction, zone, region, night=night)
        going.deliveries[place] += count


def _add_people(session: Session, campaign: ResolvedCampaign, going: Going, rows: str) -> None:
    bits = " ".join(
        f"WHEN {literal(channel)} THEN {1 << index}" for index, channel in enumerate(Channel)
    )
    # One bit per channel, and the same again for channels on which the person agreed to the night.
    bit = f"(CASE channel {bits} END) << (CASE WHEN {_agreed(campaign)} THEN {len(Channel)} ELSE 0 END)"
    for jurisdiction, zone, region, mask, count in session.rows(
        "SELECT jurisdiction, zone, region, mask, count(*) FROM (SELECT"
        " any_value(jurisdiction) AS jurisdiction, any_value(zone) AS zone,"
        f" any_value(region) AS region, bit_or({bit}) AS mask FROM {rows} GROUP BY user_id)"
        " GROUP BY ALL"
    ):
        places = frozenset(
            _place(channel, jurisdiction, zone, region, night=night)
            for night in (False, True)
            for index, channel in enumerate(Channel)
            if mask >> (index + night * len(Channel)) & 1
        )
        going.people[places] += count


def _agreed(campaign: ResolvedCampaign) -> str:
    return "(night = 'yes') IS TRUE" if campaign.schedule.night_consented_only else "false"


def _place(
    channel: Channel, jurisdiction: str, zone: str | None, region: str | None, *, night: bool
) -> Whereabouts:
    return Whereabouts(
        channel=channel, jurisdiction=jurisdiction, zone=zone, region=region, night=night
    )
