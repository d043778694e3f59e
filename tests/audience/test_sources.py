"""Files of people: formats, renamed columns, damage; what is wrong is named, never a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.audience.people import open_people
from engine.kernel.errors import UnavailableError, UsageError
from engine.model.audience import (
    Aggregate,
    AttributeIs,
    Condition,
    DerivedAttribute,
    EventHappened,
    Everyone,
    Operator,
    PropertyTest,
    Test,
)
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.experiment import Variant
from engine.model.template import Variable, VariableType
from engine.model.workspace import ConsentColumns, Sources, TableSource, Workspace
from tests.audience.world import (
    AT,
    KEY,
    a_campaign,
    a_template,
    a_workspace,
    a_world,
    device,
    event,
    user,
    write_csv,
    write_world,
)


def a_workspace_of(**tables: TableSource) -> Workspace:
    workspace = a_workspace()
    return replace(workspace, sources=replace(workspace.sources, **tables))


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(path: Path, rows: list[dict[str, object]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


USERS: list[dict[str, object]] = [
    {"user_id": 7, "country": "KR", "age": 31, "vip": True, "joined": "2026-09-20"},
    {"user_id": 8, "country": "US", "age": None, "vip": False, "joined": "2026-01-01 09:00"},
    {"user_id": 9, "country": "", "age": 8.5, "vip": None, "joined": None},
]
EVENTS: list[dict[str, object]] = [
    {
        "user_id": 7,
        "name": "구매",
        "occurred_at": "2026-09-23T01:00:00Z",
        "properties": {"가격": 2},
    },
    {"user_id": 8, "name": "구매", "occurred_at": "2026-09-24 10:00", "properties": {"가격": 5.5}},
    {"user_id": 9, "name": "구매", "occurred_at": "2026-09-24 10:01", "properties": {"가격": 9}},
]
QUESTIONS: list[tuple[Condition, set[str]]] = [
    (AttributeIs(attribute="country", tests=(Test(Operator.NE, "US"),)), {"7"}),
    (AttributeIs(attribute="age", tests=(Test(Operator.GT, 8),)), {"7", "9"}),
    (AttributeIs(attribute="age", tests=(Test(Operator.EXISTS, False),)), {"8"}),
    (AttributeIs(attribute="vip", tests=(Test(Operator.EQ, True),)), {"7"}),
    (AttributeIs(attribute="vip", tests=(Test(Operator.NE, True),)), {"8"}),
    (AttributeIs(attribute="joined", tests=(Test(Operator.WITHIN, "30d"),)), {"7"}),
    (AttributeIs(attribute="joined", tests=(Test(Operator.BEFORE, "2026-01-01 09:01"),)), {"8"}),
    (AttributeIs(attribute="user_id", tests=(Test(Operator.IN, ("7", 9)),)), {"7", "9"}),
    (EventHappened(event="구매"), {"7", "8"}),
    (EventHappened(event="구매", within=timedelta(days=1)), {"8"}),
    (
        EventHappened(
            event="구매",
            total=PropertyTest(property="가격", tests=(Test(Operator.GT, 2.5),)),
        ),
        {"8"},
    ),
]


def as_texts(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def with_times(rows: list[dict[str, object]], zone: bool) -> list[dict[str, object]]:
    """Return events with native times, with a zone or on the wall in Seoul."""
    times = [
        datetime(2026, 9, 23, 1, tzinfo=UTC),
        datetime(2026, 9, 24, 1, tzinfo=UTC),
        datetime(2026, 9, 24, 1, 1, tzinfo=UTC),
    ]
    wall = [(at + timedelta(hours=9)).replace(tzinfo=None) for at in times]
    chosen = times if zone else wall
    return [{**row, "occurred_at": at} for row, at in zip(rows, chosen, strict=True)]


def write_csv_of(path: Path, rows: list[dict[str, object]]) -> None:
    shown = [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    write_csv(path, list(rows[0]), shown)


@pytest.mark.parametrize(
    ("suffix", "write", "events"),
    [
        ("csv", write_csv_of, as_texts(EVENTS)),
        ("jsonl", write_jsonl, EVENTS),
        ("parquet", write_parquet, as_texts(EVENTS)),
        ("parquet", write_parquet, with_times(EVENTS, zone=True)),
        ("parquet", write_parquet, with_times(EVENTS, zone=False)),
    ],
)
def test_every_format_answers_alike(tmp_path, suffix, write, events):
    write(tmp_path / f"users.{suffix}", USERS)
    write(tmp_path / f"events.{suffix}", events)
    workspace = a_workspace_of(
        users=TableSource(path=f"users.{suffix}"),
        events=TableSource(path=f"events.{suffix}"),
        devices=None,
        suppression=None,
        consent={},
    )
    with open_people(workspace, tmp_path, KEY, None) as people:
        for condition, expected in QUESTIONS:
            assert expected == set(people.sample(condition, {}, AT, 9)), condition


def test_columns_may_have_other_names_and_keep_them_too(tmp_path):
    (tmp_path / "회원.csv").write_text(
        "\ufeff회원번호,이름,광고동의\nu1,김민지,y\nu2,이서준,n\n", encoding="utf-8"
    )
    workspace = a_workspace_of(
        users=TableSource(path="회원.csv", columns={"user_id": "회원번호", "name": "이름"}),
        devices=None,
        events=None,
        suppression=None,
        consent={Channel.APP: ConsentColumns(ad="광고동의")},
    )
    with open_people(workspace, tmp_path, KEY, None) as people:
        ask = AttributeIs(attribute="name", tests=(Test(Operator.EQ, "김민지"),))
        assert people.sample(ask, {}, AT, 9) == ("u1",)
        numbered = AttributeIs(attribute="회원번호", tests=(Test(Operator.EXISTS, True),))
        assert people.size(numbered, {}, AT) == 2
        assert people.consent_profile() == {Channel.APP: {"yes": 1, "no": 1, "unknown": 0}}


def test_the_first_row_of_a_person_counts(tmp_path):
    rows = [
        user(1, country="KR"),
        user(1, country="US"),
        user(2),
        user(1),
        {**user(3), "user_id": ""},
    ]
    with a_world(tmp_path, rows) as people:
        us = AttributeIs(attribute="country", tests=(Test(Operator.EQ, "US"),))
        assert people.size(us, {}, AT) == 0
        assert people.size(Everyone(), {}, AT) == 2
        profile = people.row_profile()
        assert (profile.users, profile.repeated, profile.without_id) == (2, 2, 1)


def test_the_first_row_counts_in_parquet_too(tmp_path):
    write_parquet(tmp_path / "users.parquet", [*USERS, {**USERS[0], "country": "US"}])
    workspace = a_workspace_of(users=TableSource(path="users.parquet"), consent={})
    with open_people(workspace, tmp_path, KEY, None) as people:
        us = AttributeIs(attribute="country", tests=(Test(Operator.EQ, "US"),))
        assert people.sample(us, {}, AT, 9) == ("8",)
        assert people.row_profile().repeated == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "source `users` (`users.csv`) is empty"),
        (b"user_id,a\n1,2\n3,4,5\n", "a row has more or fewer fields than the header (line 3)"),
        (b'user_id,a\n1,"kim@shop.example\n', "a quote is not closed (line 2)"),
        (
            "user_id,이름\n1,김\n".encode("cp949"),
            "source `users` (`users.csv`) cannot be read: its first line is not UTF-8 text",
        ),
        ("user_id,a\n1,김\n".encode("cp949"), "it is not UTF-8 (line 2)"),
        (b"user_id,a,A\n", "names the column `A` twice"),
        (b"user_id,,a\n", "has a column without a name"),
        (b"id,a\n1,2\n", "source `users` (`users.csv`) has no column `user_id`"),
    ],
)
def test_a_damaged_file_is_named_and_nobody_in_it(tmp_path, data, message):
    write_world(tmp_path)
    (tmp_path / "users.csv").write_bytes(data)
    with (
        open_people(a_workspace(), tmp_path, KEY, None) as people,
        pytest.raises(UnavailableError) as raised,
    ):
        people.size(Everyone(), {}, AT)
    assert message in raised.value.message
    assert "kim@" not in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TableSource(path="none.csv"), "`none.csv` does not exist"),
        (TableSource(path="users.xlsx"), "`users.xlsx` ends in `.xlsx`"),
        (TableSource(path="users.parquet"), "it is not a Parquet file"),
        (TableSource(path="users.jsonl"), "it has malformed JSON"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_named(tmp_path, table, message):
    for name in ("users.xlsx", "users.parquet", "users.jsonl"):
        (tmp_path / name).write_text("회원 명단입니다, 아닙니다", encoding="utf-8")
    with (
        open_people(a_workspace_of(users=table), tmp_path, KEY, None) as people,
        pytest.raises(UnavailableError) as raised,
    ):
        people.size(Everyone(), {}, AT)
    assert message in raised.value.message


def test_a_database_is_for_another_version(tmp_path):
    table = TableSource(url=EnvironmentVariable("DB"), table="users")
    with (
        open_people(a_workspace_of(users=table), tmp_path, KEY, None) as people,
        pytest.raises(UsageError, match="source `users` has a `url`") as raised,
    ):
        people.size(Everyone(), {}, AT)
    assert "`postgres`" in (raised.value.hint or "")


def test_events_that_nobody_wrote_are_missed_only_when_asked_for(tmp_path):
    write_world(tmp_path, [user(1)])
    workspace = replace(a_workspace(), sources=Sources(users=TableSource(path="users.csv")))
    with open_people(workspace, tmp_path, KEY, None) as people:
        assert people.size(Everyone(), {}, AT) == 1
        with pytest.raises(UnavailableError, match="there is no source `events`"):
            people.size(EventHappened(event="purchase"), {}, AT)


def test_a_file_that_changes_is_read_again(tmp_path):
    with a_world(tmp_path, [user(1)]) as people:
        assert people.size(Everyone(), {}, AT) == 1
        write_world(tmp_path, [user(1), user(2)])
        assert people.size(Everyone(), {}, AT) == 2
        (tmp_path / "users.csv").unlink()
        with pytest.raises(UnavailableError, match="does not exist"):
            people.size(Everyone(), {}, AT)


def test_nothing_is_left_behind(tmp_path):
    with a_world(tmp_path, [user(1)]) as people:
        people.facts(a_campaign(), AT)
        state = tmp_path / ".pushform"
        assert {0o700} == {path.stat().st_mode & 0o777 for path in (state, *state.rglob("*"))}
    assert list((state / "tmp").iterdir()) == []


DERIVED = {
    "times": (Aggregate.COUNT, None, 3),
    "spent": (Aggregate.SUM, "amount", 0.3),
    "mean": (Aggregate.MEAN, "amount", 0.15),
    "first": (Aggregate.FIRST, "item", "송편"),
    "last": (Aggregate.LAST, "item", "약과"),
    "favourite": (Aggregate.MOST_FREQUENT, "item", "약과"),
    "away": (Aggregate.DAYS_SINCE, None, 4),
    "hour": (Aggregate.MOST_FREQUENT, "occurred_hour", "0"),
    "weekday": (Aggregate.LAST, "occurred_weekday", "7"),
}


def test_derived_attributes_are_values_and_conditions(tmp_path):
    bought = [
        event(1, occurred_at="2026-09-01", properties='{"item": "송편", "amount": 0.1}'),
        event(2, occurred_at="2026-09-20 10:00", properties='{"item": "약과", "amount": 0.2}'),
        event(3, occurred_at="2026-09-10", properties='{"item": "약과"}'),
        event(4, occurred_at="2026-09-24 10:01", properties='{"item": "한과", "amount": 9}'),
        event(5, user_id="u2", name="view", properties='{"item": "한과"}'),
    ]
    attributes = {
        name: DerivedAttribute(name=name, event="purchase", aggregate=aggregate, property=prop)
        for name, (aggregate, prop, _) in DERIVED.items()
    }
    variables = {
        name: Variable(name=name, type=VariableType.STRING, source=f"derived.{name}")
        for name in attributes
    }
    campaign = a_campaign(
        attributes=attributes,
        variants=(Variant(id="a", weight=1, template=a_template(variables=variables)),),
    )
    times = AttributeIs(attribute="times", tests=(Test(Operator.LT, 1),))
    spent = AttributeIs(attribute="spent", tests=(Test(Operator.LTE, 0.3),))
    with a_world(tmp_path, [user(1), user(2)], [device(1), device(2)], bought) as people:
        one, two = (people.values(campaign, name, AT)[0].values for name in ("u1", "u2"))
        assert one == {f"derived.{name}": value for name, (_, _, value) in DERIVED.items()}
        assert two == {**dict.fromkeys(one), "derived.times": 0}
        assert people.sample(times, attributes, AT, 9) == ("u2",)
        assert people.sample(spent, attributes, AT, 9) == ("u1",)
        assert people.facts(replace(campaign, audience=spent), AT).users == 1
