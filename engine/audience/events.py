"""Which events match: by name, time and properties. Events later than the moment do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.audience.bounds import Moment, before, not_before, read_bound
from engine.audience.columns import Kind, Table, Value, missing_column
from engine.audience.comparison import all_hold
from engine.audience.sql import Params
from engine.model.audience import PropertyTest

_OWN_COLUMNS = frozenset({"event_id", "user_id", "name", "occurred_at", "properties", "message_id"})


_PARTS = {"occurred_hour": "hour", "occurred_weekday": "isodow"}
"""Properties that every event has: the hour (0–23) and weekday (1 Monday – 7 Sunday) in which it
happened, in the workspace's zone. `most_frequent: occurred_hour` is a person's preferred hour."""


def property_value(events: Table, name: str, moment: Moment, params: Params) -> Value:
    """Return property `name` of the event `e`: a column of its own, else a key of `properties`.

    `occurred_hour` and `occurred_weekday` are computed where no column has that name. Raises
    UnavailableError where events have neither.
    """
    if name in events.columns and name not in _OWN_COLUMNS:
        return events.value("e", name)
    if name in _PARTS:
        return _part(events.value("e", "occurred_at"), _PARTS[name], moment, params)
    if not events.has("properties"):
        raise missing_column("events", events.file, name, events.columns)
    whole = events.value("e", "properties")
    text = f"to_json({whole.sql})" if whole.kind is Kind.JSON else whole.text
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    # A row whose JSON is malformed has no properties; it does not spoil the query.
    return Value(f"TRY(json_extract_string({text}, {params.add(pointer)}))", Kind.TEXT)


def _part(at: Value, part: str, moment: Moment, params: Params) -> Value:
    local = f"CAST({at.sql} AS TIMESTAMP)"
    if at.kind is Kind.INSTANT:
        local = f"timezone({params.add(str(moment.zone))}, {at.sql})"
    return Value(f"CAST(date_part('{part}', {local}) AS BIGINT)", Kind.NUMBER)


def matching(
    events: Table,
    name: str,
    where: Sequence[PropertyTest],
    moment: Moment,
    params: Params,
    *,
    within: timedelta | None = None,
    between: tuple[str, str] | None = None,
) -> str:
    """Return SQL that is true for the events `e` that count."""
    at = events.value("e", "occurred_at")
    parts = [f"{events.value('e', 'name').text} = {params.add(name)}"]
    if within is not None:
        parts.append(not_before(at, moment.since(within), moment.zone, params))
    end = moment.end
    if between is not None:
        start, until = (read_bound(text, moment.zone) for text in between)
        parts.append(not_before(at, start, moment.zone, params))
        end = min(end, until)
    parts.append(before(at, end, moment.zone, params))
    for test in where:
        value = property_value(events, test.property, moment, params)
        parts.append(f"({all_hold(value, test.tests, moment, params)})")
    return " AND ".join(parts)
