"""Derived attributes: one value per person out of their events.

People without matching events count as 0 for `count`; every other aggregate is missing for them.
Numbers are summed as decimals with six places, so `0.1 + 0.2` is `0.3`. Where two events happened
at the same instant, or two values are equally frequent, the smaller id or text decides.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from engine.audience.bounds import Moment
from engine.audience.columns import KEY, Kind, Table, Value
from engine.audience.events import matching, property_value
from engine.audience.sql import Params, identifier
from engine.kernel.errors import UsageError
from engine.model.audience import Aggregate, DerivedAttribute

DECIMAL = "DECIMAL(28, 6)"
"""Wide enough for 10^22 of any currency; a sum of 10^10 of them still fits into 38 digits."""


def decimal(value: Value) -> str:
    """Return SQL for the value as a decimal; NULL where it is no number."""
    if value.kind not in (Kind.NUMBER, Kind.TEXT):
        return f"CAST(NULL AS {DECIMAL})"
    return f"TRY_CAST({value.sql} AS {DECIMAL})"


def relation_of(
    attribute: DerivedAttribute, events: Table, moment: Moment, params: Params
) -> tuple[str, Kind]:
    """Return a subquery with the columns `@key` and `value`, and the kind of `value`."""
    where = matching(
        events, attribute.event, attribute.where, moment, params, within=attribute.within
    )
    key, at = f"e.{identifier(KEY)}", events.value("e", "occurred_at")
    if attribute.aggregate is Aggregate.COUNT:
        return _grouped(key, "CAST(count(*) AS BIGINT)", where), Kind.NUMBER
    if attribute.aggregate is Aggregate.DAYS_SINCE:
        return _grouped(key, _days_since(at, moment, params), where), Kind.NUMBER
    if attribute.property is None:
        raise UsageError(
            f"the derived attribute `{attribute.name}` names no property",
            f"`{attribute.aggregate}` needs one",
        )
    found = property_value(events, attribute.property, moment, params)
    number, text = decimal(found), f"nullif({found.text}, '')"
    tie = f"CAST(e.{identifier('event_id')} AS VARCHAR)" if events.has("event_id") else "''"
    match attribute.aggregate:
        case Aggregate.SUM:
            return _grouped(key, f"CAST(sum({number}) AS DOUBLE)", where), Kind.NUMBER
        case Aggregate.MEAN:
            mean = f"CAST(sum({number}) AS DOUBLE) / count({number})"
            return _grouped(key, f"nullif({mean}, 'nan'::DOUBLE)", where), Kind.NUMBER
        case Aggregate.FIRST | Aggregate.LAST:
            function = "arg_min" if attribute.aggregate is Aggregate.FIRST else "arg_max"
            order = f"row({at.sql}, coalesce({tie}, ''), {text})"
            picked = f"{function}({text}, {order}) FILTER ({text} IS NOT NULL)"
            return _grouped(key, picked, where), Kind.TEXT
        case _:
            return _most_frequent(key, text, where), Kind.TEXT


def _grouped(key: str, value: str, where: str) -> str:
    return (
        f"(SELECT {key} AS {identifier(KEY)}, {value} AS value FROM events e"
        f" WHERE {where} GROUP BY {key})"
    )


def _most_frequent(key: str, text: str, where: str) -> str:
    return (
        f"(SELECT {identifier(KEY)}, arg_min(item, row(-times, item)) AS value FROM"
        f" (SELECT {key} AS {identifier(KEY)}, {text} AS item, count(*) AS times FROM events e"
        f" WHERE {where} AND {text} IS NOT NULL GROUP BY ALL) GROUP BY {identifier(KEY)})"
    )


def _days_since(at: Value, moment: Moment, params: Params) -> str:
    """Whole spans of 24 hours since the last event, rounded down."""
    if at.kind is Kind.INSTANT:
        passed = f"{params.add(moment.at)}::TIMESTAMPTZ - max({at.sql})"
    else:
        local = moment.at.astimezone(moment.zone).replace(tzinfo=None)
        passed = f"{params.add(local)}::TIMESTAMP - max(CAST({at.sql} AS TIMESTAMP))"
    return f"CAST(floor(epoch({passed}) / 86400) AS BIGINT)"
