"""`audiences/*.yaml`, and the conditions that campaigns write inline → model types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.kernel.instant import parse_date, parse_duration, parse_instant, parse_local
from engine.kernel.origin import Origin
from engine.model.audience import (
    Aggregate,
    All,
    AnyOf,
    AttributeIs,
    Audience,
    Condition,
    DerivedAttribute,
    DeviceHas,
    EventHappened,
    Everyone,
    ExpectedSize,
    InAudience,
    InCampaign,
    InShare,
    Not,
    Operator,
    PropertyTest,
    Reached,
    Suppressed,
    Test,
)
from engine.model.channel import Channel
from engine.workspace.notes import Notes, name
from engine.workspace.values import parse_share

EVERYONE = "everyone"
"""The built-in audience: every person of the users source."""

Raw = Mapping[str, Any]
_OPERATORS = {str(operator): operator for operator in Operator}
_INSTANTS = (Operator.BEFORE, Operator.AFTER)


def build_audience(data: Raw, id: str, at: Origin, notes: Notes) -> Audience | None:  # noqa: A002
    """Return the audience that `data` (of the schema's shape) describes; None without `where`."""
    if id == EVERYONE:
        notes.add("id-duplicate", f"the audience `{EVERYONE}` is built in", at / "id", "rename it")
    if "where" not in data:
        return None
    attributes = {
        word: _derived(word, raw, at / "attributes" / word, notes)
        for word, raw in data.get("attributes", {}).items()
    }
    size = data.get("expect", {}).get("size", {})
    expected = ExpectedSize(minimum=size.get("min"), maximum=size.get("max"))
    if None not in (expected.minimum, expected.maximum) and size["min"] > size["max"]:
        notes.value(
            f"`expect.size`: `min` {size['min']} is more than `max` {size['max']}",
            at / "expect" / "size",
        )
    return Audience(
        id=id,
        where=build_condition(data["where"], id, at / "where", notes),
        attributes=attributes,
        expect=expected,
        title=data.get("title"),
        origin=at,
    )


def build_condition(raw: Raw, salt: str, at: Origin, notes: Notes) -> Condition:
    """Return the condition of `raw`; `salt` is the id of the audience or campaign it stands in."""
    match raw:
        case {"all": children}:
            return All(of=_children(children, salt, at / "all", notes))
        case {"any": children}:
            return AnyOf(of=_children(children, salt, at / "any", notes))
        case {"not": child}:
            return Not(of=build_condition(child, salt, at / "not", notes))
        case {"attribute": attribute}:
            return AttributeIs(attribute=attribute, tests=_tests(raw, at, notes), origin=at)
        case {"event": _}:
            return _event(raw, at, notes)
        case {"device": tests}:
            return DeviceHas(where=_property_tests(tests, at / "device", notes), origin=at)
        case {"audience": audience}:
            return name_audience(audience, at / "audience")
        case {"campaign": campaign}:
            return InCampaign(
                campaign=campaign,
                outcome=Reached(raw.get("outcome", "sent")),
                within=_duration(raw, "within", at, notes),
                origin=at / "campaign",
            )
        case {"suppressed": channel}:
            return Suppressed(channel=Channel(channel))
    share = notes.parse(parse_share, raw["share"], at, "share", 0.0)
    return InShare(share=share, salt=raw.get("salt", salt))


def name_audience(audience: str, at: Origin) -> Condition:
    """Return the condition that the bare id `audience` stands for."""
    if audience == EVERYONE:
        return Everyone()
    return InAudience(audience=audience, origin=at)


def _children(raw: list[Raw], salt: str, at: Origin, notes: Notes) -> tuple[Condition, ...]:
    return tuple(build_condition(child, salt, at / index, notes) for index, child in enumerate(raw))


def _event(raw: Raw, at: Origin, notes: Notes) -> EventHappened:
    total = raw.get("sum")
    span = raw.get("between")
    never = raw.get("never", False)
    if span and "within" in raw:
        notes.value(f"`{name(at)}` has both `within` and `between`", at, "keep one of them")
    if span:
        for index, text in enumerate(span):
            _check_time(text, at / "between" / index, notes)
    if never and ({"count", "sum", "first", "last"} & set(raw)):
        message = f"`{name(at)}`: `never: true` leaves nothing to count"
        notes.value(message, at / "never", "delete `never`, or `count`, `sum`, `first` and `last`")
    return EventHappened(
        event=raw["event"],
        where=_property_tests(raw["where"], at / "where", notes) if "where" in raw else (),
        within=_duration(raw, "within", at, notes),
        between=(span[0], span[1]) if span else None,
        count=_tests_of(raw, "count", at, notes),
        total=_property_test(total, at / "sum", notes) if total else None,
        never=never,
        first=_tests_of(raw, "first", at, notes),
        last=_tests_of(raw, "last", at, notes),
        origin=at,
    )


def _derived(word: str, raw: Raw, at: Origin, notes: Notes) -> DerivedAttribute:
    aggregate = next(kind for kind in Aggregate if kind in raw)
    source = raw[aggregate]
    return DerivedAttribute(
        name=word,
        event=raw["event"],
        aggregate=aggregate,
        property=source if isinstance(source, str) else None,
        where=_property_tests(raw["where"], at / "where", notes) if "where" in raw else (),
        within=_duration(raw, "within", at, notes),
        origin=at,
    )


def _property_tests(raw: list[Raw], at: Origin, notes: Notes) -> tuple[PropertyTest, ...]:
    return tuple(_property_test(test, at / index, notes) for index, test in enumerate(raw))


def _property_test(raw: Raw, at: Origin, notes: Notes) -> PropertyTest:
    return PropertyTest(property=raw["property"], tests=_tests(raw, at, notes))


def _tests_of(raw: Raw, word: str, at: Origin, notes: Notes) -> tuple[Test, ...]:
    return _tests(raw[word], at / word, notes) if word in raw else ()


def _tests(raw: Raw, at: Origin, notes: Notes) -> tuple[Test, ...]:
    """Return the comparisons in `raw`, in the order of `Operator`, whatever order they stand in."""
    found = []
    for word, operator in _OPERATORS.items():
        if word not in raw:
            continue
        value = raw[word]
        if operator in _INSTANTS:
            _check_time(value, at / word, notes)
        elif operator is Operator.WITHIN:
            notes.parse(parse_duration, value, at, word, timedelta())
        found.append(Test(operator, tuple(value) if isinstance(value, list) else value))
    return tuple(found)


def _duration(raw: Raw, word: str, at: Origin, notes: Notes) -> timedelta | None:
    if word not in raw:
        return None
    return notes.parse(parse_duration, raw[word], at, word, timedelta())


def _check_time(text: str, at: Origin, notes: Notes) -> None:
    for parse in (parse_date, parse_local, parse_instant):
        try:
            parse(text)
        except ValueError:
            continue
        return
    notes.value(
        f"`{name(at)}`: `{text}` is no date or instant",
        at,
        "write `2026-01-01`, `2026-01-01 09:00` or `2026-01-01T09:00:00+09:00`",
    )
