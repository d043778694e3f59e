"""How much room a person's values take in a text, as SQL: per member, and the most of a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.audience.columns import Kind, Table, Value
from engine.audience.consent import consent_columns
from engine.audience.members import exception_source
from engine.audience.persons import plain_value
from engine.audience.phone import phone_of
from engine.audience.sql import identifier, literal
from engine.law.jurisdiction import SEOUL
from engine.model.channel import Channel
from engine.model.facts import SizeUnit, TextSlots
from engine.model.resolved import ResolvedCampaign
from engine.model.workspace import ConsentColumns

_MOST = 2_000
"""Characters of a value that a message takes (`engine.message.conversion`); longer ones are none."""

_WIDE = (
    "[^\\x{0370}-\\x{04FF}\\x{2000}-\\x{2BFF}\\x{3000}-\\x{9FFF}"
    "\\x{AC00}-\\x{D7A3}\\x{F900}-\\x{FA0B}\\x{FF00}-\\x{FFE6}]"
)
"""All but the blocks that cp949 writes in two bytes: it has nothing else but ASCII."""

NOTHING = "nothing"
"""Stands in a row of values where no text reads any: a struct without a field is none."""

Score = tuple[SizeUnit, tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]
"""Unit, how often each source stands in a text, and the size of what stands for a missing one."""


def score_of(text: TextSlots) -> Score:
    """Return what the size of a text depends on: equal for texts that are measured alike."""
    return text.unit, tuple(sorted(text.times.items())), tuple(sorted(text.instead.items()))


def columns_of(
    campaign: ResolvedCampaign,
    users: Table,
    channels: Iterable[Channel],
    values: Mapping[str, Value],
    scores: Sequence[Score],
) -> dict[str, str]:
    """Return SQL over `u`: what groups members, whether they may be sent to, and every size."""
    country = users.text("u", "country")
    phone = phone_of(users.text("u", "phone"), f"coalesce({country}, {literal(campaign.country)})")
    zone = users.text("u", "timezone")
    columns = {
        "wanted": users.text("u", "locale"),
        "country": country,
        "prefix": f"CASE WHEN starts_with({phone}, '+82') THEN '+82' ELSE left({phone}, 5) END",
        # A zone matters where it is Korea's, and behind +1, which several countries share.
        "zone": f"CASE WHEN {zone} IN ('{SEOUL}', 'ROK') OR starts_with({phone}, '+1') THEN {zone} END",
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
    columns["read"] = "{" + ", ".join(pairs or [f"{literal(NOTHING)}: NULL::VARCHAR"]) + "}"
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


def _size(score: Score, texts: Mapping[str, str]) -> str:
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


def picks_of(values: Mapping[str, Value], scores: int) -> Iterator[str]:
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
