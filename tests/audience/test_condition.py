"""Conditions as SQL text: golden, and safe against whatever stands in the YAML."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.audience.bounds import Moment
from engine.audience.columns import Kind, Table
from engine.audience.condition import Scope, predicate
from engine.kernel.errors import PushformError, UnavailableError, UsageError
from engine.model.audience import (
    Aggregate,
    All,
    AnyOf,
    AttributeIs,
    Condition,
    DerivedAttribute,
    DeviceHas,
    EventHappened,
    InAudience,
    InCampaign,
    Not,
    Operator,
    PropertyTest,
    Test,
)
from tests.audience.world import AT, a_campaign, a_world, event, user

USERS = {"@key": Kind.TEXT, "user_id": Kind.TEXT, "country": Kind.TEXT, "age": Kind.NUMBER}
EVENTS = {
    "@key": Kind.TEXT,
    "name": Kind.TEXT,
    "occurred_at": Kind.INSTANT,
    "properties": Kind.TEXT,
    "amount": Kind.NUMBER,
}
DEVICES = {"@key": Kind.TEXT, "platform": Kind.TEXT}


def a_scope(**attributes: DerivedAttribute) -> Scope:
    return Scope(
        moment=Moment(datetime(2026, 9, 24, 1, tzinfo=UTC), ZoneInfo("Asia/Seoul")),
        tables={
            "users": Table("users", "users.csv", USERS),
            "events": Table("events", "events.csv", EVENTS),
            "devices": Table("devices", "devices.csv", DEVICES),
        },
        attributes=attributes,
    )


def country(operator: Operator, value: object) -> AttributeIs:
    return AttributeIs(attribute="country", tests=(Test(operator, value),))


GOLDEN = [
    (country(Operator.EQ, "KR"), '((u."country" = $p1))', ["KR"]),
    (
        country(Operator.NOT_IN, ("KR", "US")),
        (
            '(((u."country" <> $p1 AND u."country" <> \'\')'
            ' AND (u."country" <> $p2 AND u."country" <> \'\')))'
        ),
        ["KR", "US"],
    ),
    (
        AttributeIs(attribute="age", tests=(Test(Operator.GTE, 14),)),
        "((nullif(CAST(u.\"age\" AS DOUBLE), 'nan'::DOUBLE) >= $p1))",
        [14.0],
    ),
    (Not(of=country(Operator.EQ, "KR")), 'NOT coalesce(((u."country" = $p1)), false)', ["KR"]),
    (All(of=()), "true", []),
    (AnyOf(of=()), "false", []),
    (
        EventHappened(event="purchase", within=timedelta(days=1), never=True),
        (
            'NOT (u."@key" IN (SELECT e."@key" FROM events e WHERE e."name" = $p1'
            ' AND e."occurred_at" >= $p2 AND e."occurred_at" < $p3))'
        ),
        [
            "purchase",
            datetime(2026, 9, 23, 1, 0, 0, 1, tzinfo=UTC),
            datetime(2026, 9, 24, 1, 0, 0, 1, tzinfo=UTC),
        ],
    ),
    (
        DeviceHas(where=(PropertyTest(property="platform", tests=(Test(Operator.EQ, "ios"),)),)),
        (
            '(u."@key" IN (SELECT d."@key" FROM devices d WHERE lower(trim(coalesce('
            "nullif(CAST(NULL AS VARCHAR), ''), 'yes'))) IN ('yes', 'true', 'y', '1')"
            ' AND ((d."platform" = $p1))))'
        ),
        ["ios"],
    ),
]


@pytest.mark.parametrize(("condition", "sql", "values"), GOLDEN)
def test_a_condition_is_always_the_same_sql(condition, sql, values):
    scope = a_scope()
    assert sql == predicate(condition, scope)
    assert values == list(scope.params.values.values())


def test_events_that_may_be_none_are_counted_from_zero():
    scope = a_scope()
    written = predicate(EventHappened(event="view", count=(Test(Operator.LT, 3),)), scope)
    assert written.startswith('NOT (u."@key" IN (')
    assert written.endswith("GROUP BY ALL HAVING NOT (count(*) < $p3)))")
    scope = a_scope()
    written = predicate(EventHappened(event="view", count=(Test(Operator.GTE, 3),)), scope)
    assert written.endswith("GROUP BY ALL HAVING count(*) >= $p3))")


@pytest.mark.parametrize(
    "hostile",
    [
        "'; DROP TABLE users; --",
        '"; DELETE FROM users; --',
        "KR' OR '1'='1",
        "$p1",
        "\\'; --",
        "%s {0} 추석",
    ],
)
def test_hostile_text_finds_only_itself(tmp_path, hostile):
    rows = [user(1, country=hostile), user(2)]
    bought = [event(1, name=hostile, properties='{"a\'b": 1}')]
    with a_world(tmp_path, rows, [], bought) as people:
        for node in (
            country(Operator.EQ, hostile),
            country(Operator.CONTAINS, hostile),
            EventHappened(event=hostile),
            EventHappened(
                event=hostile,
                where=(PropertyTest(property="a'b", tests=(Test(Operator.EQ, 1),)),),
            ),
        ):
            assert people.sample(node, {}, AT, 9) == ("u1",)
        derived = DerivedAttribute(
            name=hostile, event=hostile, aggregate=Aggregate.LAST, property=hostile
        )
        here = AttributeIs(attribute=hostile, tests=(Test(Operator.EXISTS, False),))
        assert people.size(here, {hostile: derived}, AT) == 2
        with pytest.raises(UnavailableError, match="has no column"):
            people.size(AttributeIs(attribute=hostile, tests=()), {}, AT)
        assert people.facts(a_campaign(), AT).users == 2


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (country(Operator.BEFORE, "soon"), "`soon` is not a date or a time"),
        (country(Operator.WITHIN, "a while"), "`a while` is not a duration"),
        (country(Operator.WITHIN, 3), "`within: 3` is not a stretch of time"),
        (country(Operator.BETWEEN, (1, 2, 3)), "`between` takes two values, not 3"),
        (country(Operator.GT, True), "`true` has no order"),
        (country(Operator.EQ, ("a", "b")), "`eq` takes one value"),
        (country(Operator.MATCHES, "K(R"), r"`K\(R` is not a pattern"),
        (
            EventHappened(event="view", count=(Test(Operator.CONTAINS, "3"),)),
            "a count or a sum cannot be tested with `contains`",
        ),
        (EventHappened(event="view", count=(Test(Operator.GT, "3"),)), "`3` is not a number"),
        (EventHappened(event="view", first=(Test(Operator.EQ, "x"),)), "`eq: x` is not a stretch"),
        (InAudience(audience="staff"), "the audience `staff` was not looked up"),
    ],
)
def test_a_test_without_a_meaning_is_named(tmp_path, node: Condition, message):
    with a_world(tmp_path, [user(1)]) as people, pytest.raises(UsageError, match=message) as raised:
        people.size(node, {}, AT)
    assert raised.value.hint


def test_a_missing_column_is_named_with_what_was_meant(tmp_path):
    with a_world(tmp_path, [user(1)]) as people:
        with pytest.raises(UnavailableError) as raised:
            people.size(AttributeIs(attribute="contry", tests=()), {}, AT)
        assert raised.value.message == "source `users` (`users.csv`) has no column `contry`"
        assert raised.value.hint == (
            "did you mean `country`? otherwise map it with `sources.users.columns`"
        )


def test_a_campaign_condition_without_a_state_is_an_error(tmp_path):
    with (
        a_world(tmp_path, [user(1)]) as people,
        pytest.raises(PushformError, match="`campaign: early-bird` needs the state"),
    ):
        people.size(InCampaign(campaign="early-bird"), {}, AT)


def test_an_explanation_counts_every_part_and_shows_the_sql(tmp_path):
    node = All(of=(country(Operator.EQ, "KR"), Not(of=EventHappened(event="purchase"))))
    with a_world(tmp_path, [user(1), user(2), user(3, country="US")], [], [event(1)]) as people:
        text = people.explain(node, {}, AT)
    assert text.splitlines()[:4] == [
        "           1  all",
        "           2    country eq KR",
        "           2    not",
        "           1      event purchase",
    ]
    assert "SELECT count(*) FROM users u WHERE" in text
    assert "$p1 = 'KR'" in text
