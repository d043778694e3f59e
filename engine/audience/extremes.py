"""The longest, shortest and missing values of an audience, and whose message takes the most room.

One look at the members: they are grouped by what decides which text they read (language, country,
consent), and of every group the database returns counts and single values, never an id.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.audience.columns import Kind, Table, Value
from engine.audience.condition import Scope
from engine.audience.members import belongs, exception_source, variable_sources
from engine.audience.persons import consent_columns, plain_value
from engine.audience.phone import phone_of
from engine.audience.session import Session
from engine.audience.sql import identifier, literal
from engine.law.jurisdiction import SEOUL, jurisdiction_of
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.facts import Extremes, SizeUnit, TextSlots, ValueRange, Widest
from engine.model.locale import pick_locale
from engine.model.resolved import ResolvedCampaign
from engine.model.workspace import ConsentColumns

_MOST = 2_000
"""Characters of a value that a message takes (`engine.message.conversion`); longer ones are none."""

_WIDE = (
    "[^\\x{0370}-\\x{04FF}\\x{2000}-\\x{2BFF}\\x{3000}-\\x{9FFF}"
    "\\x{AC00}-\\x{D7A3}\\x{F900}-\\x{FA0B}\\x{FF00}-\\x{FFE6}]"
)
"""All but the blocks that cp949 writes in two bytes: it has nothing else but ASCII."""

_NOTHING = "nothing"
"""Stands in a row of values where no text reads any: a struct without a field is none."""

_Row = tuple[Any, ...]
_Score = tuple[SizeUnit, tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]


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
    scores = tuple(dict.fromkeys(_score(text) for text in texts))
    channels = sorted({text.channel for text in texts})
    columns = _columns(campaign, scope.tables["users"], channels, values, scores)
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    keys = ["wanted", "country", "korean", "seoul", *(f"may {channel}" for channel in channels)]
    picked = [*map(identifier, keys), "count(*)", *_picks(values, len(scores))]
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


def _score(text: TextSlots) -> _Score:
    return text.unit, tuple(sorted(text.times.items())), tuple(sorted(text.instead.items()))


def _columns(
    campaign: ResolvedCampaign,
    users: Table,
    channels: Iterable[Channel],
    values: Mapping[str, Value],
    scores: Sequence[_Score],
) -> dict[str, str]:
    country = users.text("u", "country")
    phone = phone_of(users.text("u", "phone"), f"coalesce({country}, {literal(campaign.country)})")
    columns = {
        "wanted": users.text("u", "locale"),
        "country": country,
        "korean": f"coalesce(starts_with({phone}, '+82'), false)",
        "seoul": f"coalesce({users.text('u', 'timezone')} IN ('{SEOUL}', 'ROK'), false)",
    }
    for channel in channels:
        columns[f"may {channel}"] = _may(campaign, users, channel, phone)
    texts = {source: _text(value) for source, value in values.items()}
    for source, value in values.items():
        columns[f"text {source}"] = texts[source]
        if value.kind is Kind.NUMBER:
            columns[f"number {source}"] = f"CAST({plain_value(value)} AS DOUBLE)"
    for number, score in enumerate(scores):
        columns[f"size {number}"] = _size(score, texts)
    pairs = [f"{literal(source)}: {plain_value(value)}" for source, value in values.items()]
    columns["read"] = "{" + ", ".join(pairs or [f"{literal(_NOTHING)}: NULL::VARCHAR"]) + "}"
    return columns


def _may(campaign: ResolvedCampaign, users: Table, channel: Channel, phone: str) -> str:
    answers = consent_columns(users, channel, campaign.consent.get(channel, ConsentColumns()))
    tests = [f"{answers[f'{channel} service']} <> 'no'"]
    if campaign.advertising:
        # A purchase may stand in for an answer: nobody's text may turn out wider than was looked at.
        agreed = "= 'yes'" if exception_source(campaign) is None else "<> 'no'"
        tests.append(f"{answers[f'{channel} ad']} {agreed}")
    if channel in (Channel.KAKAO, Channel.SMS):
        tests.append(f"{phone} IS NOT NULL")
    return " AND ".join(tests)


def _text(value: Value) -> str:
    """Return SQL for a value as a message would take it in; NULL where it has none."""
    plain = f"CAST({plain_value(value)} AS VARCHAR)"
    if value.kind is not Kind.TEXT:
        return plain
    return f"CASE WHEN length({plain}) <= {_MOST} THEN nullif(trim(nfc_normalize({plain})), '') END"


def _size(score: _Score, texts: Mapping[str, str]) -> str:
    """Return SQL for the sum over a person's values; NULL for one who gets no such text."""
    unit, times, instead = score
    defaults = dict(instead)
    parts = ["0"]
    for source, count in times:
        size = f"{count} * {_length(texts[source], unit)}"
        parts.append(f"coalesce({size}, {defaults[source]})" if source in defaults else size)
    return " + ".join(parts)


def _length(text: str, unit: SizeUnit) -> str:
    match unit:
        case SizeUnit.CHARACTERS:
            return f"length({text})"
        case SizeUnit.UTF8:
            return f"strlen({text})"
        case SizeUnit.CP949:
            wide = f"length(regexp_replace({text}, {literal(_WIDE)}, '', 'g'))"
            return f"(length({text}) + CASE WHEN strlen({text}) = length({text}) THEN 0 ELSE {wide} END)"


def _picks(values: Mapping[str, Value], scores: int) -> Iterator[str]:
    """Yield the aggregates: five per source, one per score."""
    for source, value in values.items():
        text = identifier(f"text {source}")
        number = identifier(f"number {source}") if value.kind is Kind.NUMBER else "NULL::DOUBLE"
        yield f"count(*) - count({text})"
        for size in (f"length({text})", _length(text, SizeUnit.CP949)):
            yield f"max({{'size': {size}, 'text': {text}}}) FILTER ({text} IS NOT NULL)"
        yield f"min({{'size': length({text}), 'text': {text}}}) FILTER ({text} IS NOT NULL)"
        yield f"{{'low': min({number}), 'high': max({number})}}"
    for index in range(scores):
        size = identifier(f"size {index}")
        best = f"max({{'size': {size}, 'read': read}}) FILTER ({size} IS NOT NULL)"
        yield f"CAST(to_json({best}) AS VARCHAR)"


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
    scores: Sequence[_Score],
    rows: Sequence[_Row],
) -> Iterator[Widest]:
    import orjson

    found = _Found()
    for row in rows:
        _add_group(campaign, texts, channels, scores, row, found)
    for (text, jurisdiction), (_, read) in sorted(found.best.items()):
        channel, locale, variant = text
        values: dict[str, Scalar | None] = orjson.loads(read)["read"]
        values.pop(_NOTHING, None)
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
    scores: Sequence[_Score],
    row: _Row,
    found: _Found,
) -> None:
    import orjson

    wanted, country, korean, seoul, *rest = row
    may = dict(zip(channels, rest, strict=False))
    best = dict(zip(scores, row[len(row) - len(scores) :], strict=True))
    people = rest[len(channels)]
    law = jurisdiction_of(
        country, "+82" if korean else None, SEOUL if seoul else None, campaign.country
    )
    for text in texts:
        template = campaign.variant(text.variant).template
        chosen = pick_locale(template.locales_of(text.channel), wanted, campaign.locale)
        read = best[_score(text)]
        if not may[text.channel] or chosen is None or chosen[0] != text.locale or read is None:
            continue
        key = (text.channel, text.locale, text.variant), law
        found.people[key] = found.people.get(key, 0) + people
        candidate = (orjson.loads(read)["size"], read)
        found.best[key] = max(candidate, found.best.get(key, candidate))
