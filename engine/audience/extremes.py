"""The longest, shortest and missing values of an audience, and whose message takes the most room.

One look at the members: they are grouped by what decides which text they read (language, country,
consent), and of every group the database returns counts and single values, never an id.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.audience.columns import Value
from engine.audience.condition import Scope
from engine.audience.members import belongs, variable_sources
from engine.audience.session import Session
from engine.audience.sizes import NOTHING, Score, columns_of, picks_of, score_of
from engine.audience.sql import identifier
from engine.law.jurisdiction import jurisdiction_of
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.facts import Extremes, TextSlots, ValueRange, Widest
from engine.model.locale import pick_locale
from engine.model.resolved import ResolvedCampaign

_Row = tuple[Any, ...]


@dataclass(slots=True)
class _Found:
    """The best of the groups that were seen so far: (size, values) per text and jurisdiction."""

    best: dict[tuple[TextKey, str], tuple[int, str]] = field(default_factory=dict)
    people: dict[tuple[TextKey, str], int] = field(default_factory=dict)


TextKey = tuple[Channel, str, str]
"""Channel, locale and variant of a text."""


def find_extremes(
    session: Session, campaign: ResolvedCampaign, texts: Sequence[TextSlots], scope: Scope
) -> Extremes:
    """Return what the members' values span, and per text of `texts` and jurisdiction the widest.

    A member counts for a channel where consent (for information: the service setting) lets, and for
    sms and kakao with a number; devices and suppression are not asked. Everybody counts for every
    variant: a winner is sent to all who are left.
    """
    where = belongs(campaign, scope)
    values = _values(campaign, scope)
    scores = tuple(dict.fromkeys(score_of(text) for text in texts))
    channels = sorted({text.channel for text in texts})
    columns = columns_of(campaign, scope.tables["users"], channels, values, scores)
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    keys = ["wanted", "country", "prefix", "zone", *(f"may {channel}" for channel in channels)]
    picked = [*map(identifier, keys), "count(*)", *picks_of(values, len(scores))]
    rows = session.rows(
        f"SELECT {', '.join(picked)} FROM (SELECT {listed} FROM {scope.source} WHERE {where})"
        f" GROUP BY {', '.join(map(identifier, keys))}",
        scope.params.values,
    )
    first = len(keys) + 1
    return Extremes(
        evaluated_at=scope.moment.at,
        users=sum(row[first - 1] for row in rows),
        ranges=dict(_ranges(values, [row[first:] for row in rows])),
        widest=tuple(_widest(campaign, texts, channels, scores, rows)),
    )


def _values(campaign: ResolvedCampaign, scope: Scope) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for source in variable_sources(campaign):
        where, _, name = source.partition(".")
        if where == "user":
            found[source] = scope.tables["users"].value("u", name)
        elif where == "derived":
            found[source] = scope.derived(name)
    return found


def _ranges(values: Mapping[str, Value], rows: Sequence[_Row]) -> Iterator[tuple[str, ValueRange]]:
    for index, source in enumerate(values):
        columns = list(zip(*(row[index * 5 : index * 5 + 5] for row in rows), strict=True))
        missing, longest, widest, shortest, spans = columns or ((), (), (), (), ())
        yield (
            source,
            ValueRange(
                missing=sum(missing),
                longest=max(_pairs(longest), default=(0, None))[1],
                widest=max(_pairs(widest), default=(0, None))[1],
                shortest=min(_pairs(shortest), default=(0, None))[1],
                lowest=min((s["low"] for s in spans if s["low"] is not None), default=None),
                highest=max((s["high"] for s in spans if s["high"] is not None), default=None),
            ),
        )


def _pairs(found: Iterable[Mapping[str, Any] | None]) -> list[tuple[int, str]]:
    return [(one["size"], one["text"]) for one in found if one is not None]


def _widest(
    campaign: ResolvedCampaign,
    texts: Sequence[TextSlots],
    channels: Sequence[Channel],
    scores: Sequence[Score],
    rows: Sequence[_Row],
) -> Iterator[Widest]:
    import orjson

    found = _Found()
    for row in rows:
        _add_group(campaign, texts, channels, scores, row, found)
    for (text, jurisdiction), (_, read) in sorted(found.best.items()):
        channel, locale, variant = text
        values: dict[str, Scalar | None] = orjson.loads(read)["read"]
        values.pop(NOTHING, None)
        yield Widest(
            channel=channel,
            locale=locale,
            variant=variant,
            jurisdiction=jurisdiction,
            people=found.people[text, jurisdiction],
            values=values,
        )


def _add_group(
    campaign: ResolvedCampaign,
    texts: Sequence[TextSlots],
    channels: Sequence[Channel],
    scores: Sequence[Score],
    row: _Row,
    found: _Found,
) -> None:
    import orjson

    wanted, country, prefix, zone, *rest = row
    may = dict(zip(channels, rest, strict=False))
    best = dict(zip(scores, row[len(row) - len(scores) :], strict=True))
    people = rest[len(channels)]
    law = jurisdiction_of(country, prefix, zone, campaign.country)
    for text in texts:
        template = campaign.variant(text.variant).template
        chosen = pick_locale(template.locales_of(text.channel), wanted, campaign.locale)
        read = best[score_of(text)]
        if not may[text.channel] or chosen is None or chosen[0] != text.locale or read is None:
            continue
        key = (text.channel, text.locale, text.variant), law
        found.people[key] = found.people.get(key, 0) + people
        candidate = (orjson.loads(read)["size"], read)
        found.best[key] = max(candidate, found.best.get(key, candidate))
