"""A condition tree → one SQL predicate over the users `u`. Pure: the same tree, the same text.

Predicates may be NULL where a value is missing; WHERE reads that as false, and `not` is written so
that a person for whom the inside is NULL is in: `not` is the complement in people.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from engine.audience.bounds import Moment, before, not_before
from engine.audience.columns import KEY, Kind, Table, Value
from engine.audience.comparison import all_hold, time_span
from engine.audience.derived import decimal, relation_of
from engine.audience.events import matching, property_value
from engine.audience.quantity import holds_for_zero, quantity_holds
from engine.audience.refusal_sql import is_refused
from engine.audience.sql import Params, bucket_of, identifier, keyed_hash_of
from engine.kernel.errors import UsageError
from engine.model.audience import (
    Aggregate,
    All,
    AnyOf,
    AttributeIs,
    Condition,
    DerivedAttribute,
    DeviceHas,
    EventHappened,
    Everyone,
    InAudience,
    InCampaign,
    InShare,
    Not,
    Operator,
    Suppressed,
    Test,
    parts,
)

_KEY = identifier(KEY)
_ENABLED = "lower(trim(coalesce(nullif({text}, ''), 'yes'))) IN ('yes', 'true', 'y', '1')"


@dataclass(slots=True, kw_only=True)
class Scope:
    """What a condition is written against.

    `tables` holds the open sources, `reached` the relation of recipient hashes per `campaign:`
    node, `country` is where people without one live.
    `params` and `joins` (derived attributes by alias) are collected while the text is written.
    """

    moment: Moment
    tables: Mapping[str, Table]
    attributes: Mapping[str, DerivedAttribute] = field(default_factory=dict)
    reached: Mapping[InCampaign, str] = field(default_factory=dict)
    state_key: bytes = b""
    country: str = ""
    params: Params = field(default_factory=Params)
    joins: dict[str, tuple[str, str, Kind]] = field(default_factory=dict)

    def derived(self, name: str) -> Value:
        """Return the derived attribute `name`, joined to `u` once."""
        if name not in self.attributes:
            known = ", ".join(f"`{other}`" for other in sorted(self.attributes)) or "none"
            raise UsageError(
                f"there is no derived attribute `{name}`",
                f"the audience's `attributes` are {known}",
            )
        attribute = self.attributes[name]
        if name not in self.joins:
            relation, kind = relation_of(attribute, self.tables["events"], self.moment, self.params)
            self.joins[name] = (f"d{len(self.joins) + 1}", relation, kind)
        alias, _, kind = self.joins[name]
        if attribute.aggregate is Aggregate.COUNT:
            return Value(f"coalesce({alias}.value, 0)", kind)
        return Value(f"{alias}.value", kind)

    @property
    def source(self) -> str:
        """FROM for everything that was written so far."""
        joined = "".join(
            f" LEFT JOIN {relation} {alias} ON {alias}.{_KEY} = u.{_KEY}"
            for alias, relation, _ in self.joins.values()
        )
        return f"users u{joined}"


def sources_of(condition: Condition, attributes: Mapping[str, DerivedAttribute]) -> frozenset[str]:
    """Return the sources besides users that `condition` needs."""
    match condition:
        case All(of=inner) | AnyOf(of=inner):
            return frozenset().union(*(sources_of(child, attributes) for child in inner))
        case Not(of=child):
            return sources_of(child, attributes)
        case EventHappened():
            return frozenset({"events"})
        case DeviceHas():
            return frozenset({"devices"})
        case Suppressed():
            return frozenset({"suppression"})
        case AttributeIs(attribute=name) if name in attributes:
            return frozenset({"events"})
        case _:
            return frozenset()


def predicate(condition: Condition, scope: Scope) -> str:
    """Return the SQL of `condition` over `u`; what it needs is added to `scope`.

    Raises UnavailableError for a column that is not there, UsageError for a test without a meaning.
    """
    match condition:
        case Everyone():
            return "true"
        case All(of=inner):
            return _joined(" AND ", "true", inner, scope)
        case AnyOf(of=inner):
            return _joined(" OR ", "false", inner, scope)
        case Not(of=child):
            return f"NOT coalesce({predicate(child, scope)}, false)"
        case AttributeIs():
            return f"({_attribute(condition, scope)})"
        case EventHappened():
            return _event(condition, scope)
        case DeviceHas():
            return _device(condition, scope)
        case InCampaign():
            return _in_campaign(condition, scope)
        case InShare(share=share, salt=salt):
            bucket = bucket_of((salt,), "u.user_id", (), scope.params)
            return f"{bucket} < {scope.params.add(share)}::DOUBLE"
        case Suppressed(channel=channel):
            users, refusals = scope.tables["users"], scope.tables["suppression"]
            return is_refused(users, refusals, channel, scope.moment, scope.country, scope.params)
        case InAudience(audience=name):
            raise UsageError(
                f"the audience `{name}` was not looked up", "resolve the campaign first"
            )
        case _:
            assert_never(condition)


def enabled_of(devices: Table, alias: str) -> str:
    """Return SQL for "this device may be used": yes or nothing written. Anything else is off."""
    return _ENABLED.format(text=devices.text(alias, "enabled"))


def _joined(word: str, empty: str, inner: Sequence[Condition], scope: Scope) -> str:
    written = [predicate(child, scope) for child in inner]
    return f"({word.join(written)})" if written else empty


def _attribute(condition: AttributeIs, scope: Scope) -> str:
    name = condition.attribute
    value = (
        scope.derived(name) if name in scope.attributes else scope.tables["users"].value("u", name)
    )
    return all_hold(value, condition.tests, scope.moment, scope.params)


def _event(condition: EventHappened, scope: Scope) -> str:
    events, params = scope.tables["events"], scope.params
    where = matching(
        events,
        condition.event,
        condition.where,
        scope.moment,
        params,
        within=condition.within,
        between=condition.between,
    )
    matched = f"SELECT e.{_KEY} FROM events e WHERE {where}"
    if condition.never:
        return f"NOT (u.{_KEY} IN ({matched}))"
    needs_one = condition.total is not None or condition.first or condition.last
    if not condition.count and not needs_one:
        return f"(u.{_KEY} IN ({matched}))"
    having = [quantity_holds("count(*)", test, params) for test in condition.count]
    if condition.count and not needs_one and all(map(holds_for_zero, condition.count)):
        # Somebody without any such event has 0 of them.
        outside = f"NOT ({' AND '.join(having)})"
        return f"NOT (u.{_KEY} IN ({matched} GROUP BY ALL HAVING {outside}))"
    if condition.total is not None:
        spent = property_value(events, condition.total.property, scope.moment, params)
        total = f"sum({decimal(spent)})"
        having += [quantity_holds(total, test, params) for test in condition.total.tests]
    having += _edges(condition, events.value("e", "occurred_at"), scope)
    return f"(u.{_KEY} IN ({matched} GROUP BY ALL HAVING {' AND '.join(having)}))"


def _edges(condition: EventHappened, at: Value, scope: Scope) -> list[str]:
    """Test the earliest and the latest event without looking for them.

    The earliest lies in [start, end) exactly if one event lies before `end` and none before
    `start`.
    """
    zone, params = scope.moment.zone, scope.params
    written = []
    for tests, earliest in ((condition.first, True), (condition.last, False)):
        for test in tests:
            start, end = time_span(test, scope.moment)
            if start is not None:
                side = before if earliest else not_before
                found = f"bool_or({side(at, start, zone, params)})"
                written.append(f"NOT {found}" if earliest else found)
            if end is not None:
                side = before if earliest else not_before
                found = f"bool_or({side(at, end, zone, params)})"
                written.append(found if earliest else f"NOT {found}")
    return written


def _device(condition: DeviceHas, scope: Scope) -> str:
    devices = scope.tables["devices"]
    parts = [enabled_of(devices, "d")]
    for test in condition.where:
        value = devices.value("d", test.property)
        parts.append(f"({all_hold(value, test.tests, scope.moment, scope.params)})")
    return f"(u.{_KEY} IN (SELECT d.{_KEY} FROM devices d WHERE {' AND '.join(parts)}))"


def _in_campaign(condition: InCampaign, scope: Scope) -> str:
    hashed = keyed_hash_of("'recipient'", "u.user_id", scope.state_key, scope.params)
    return f"({hashed} IN (SELECT hash FROM {identifier(scope.reached[condition])}))"


def patterns_of(condition: Condition) -> tuple[str, ...]:
    """Return the `matches` patterns in `condition`: only the database knows if they parse."""
    found: list[str] = []
    for part in parts(condition):
        tests: list[Test] = []
        match part:
            case AttributeIs():
                tests += part.tests
            case EventHappened() | DeviceHas():
                tests += (test for each in part.where for test in each.tests)
            case _:
                continue
        found += (str(test.value) for test in tests if test.operator is Operator.MATCHES)
    return tuple(found)
