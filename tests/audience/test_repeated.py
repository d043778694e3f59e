"""Somebody who stands in users more than once: the least of what their rows agree to."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.audience.people import DuckPeople, open_people
from engine.model.audience import AttributeIs, Operator, Test
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings, Devices
from engine.model.delivery import Answer, ConsentReading
from engine.model.legal import MessageType, TransactionException
from engine.model.workspace import TableSource
from tests.audience.brute_force import Loops, people
from tests.audience.test_birth import age
from tests.audience.world import (
    ALL_CHANNELS,
    AT,
    KEY,
    REFUSAL,
    USER,
    a_campaign,
    a_workspace,
    a_world,
    device,
    user,
    write_world,
)

APP = {Channel.APP: ALL_CHANNELS[Channel.APP]}
SMS = {Channel.SMS: ALL_CHANNELS[Channel.SMS]}
BOUGHT = TransactionException(ended_at="user.bought_on", direct=True, same_goods=True)


def readings(people: DuckPeople, count: int) -> list[ConsentReading]:
    """Return what is read of everybody on the app, by the snapshot and by the second look alike."""
    campaign = a_campaign(channels=APP)
    targets = [one for n in range(count) for one in people.values(campaign, f"u{n}", AT)]
    fresh = people.read_again(targets, AT)
    for one in targets:
        assert fresh[one.channel, one.address_hash].consent == one.consent
    return [one.consent for one in targets]


def rows_of(column: str, written: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Return rows of one person for each of `written`, all first rows before all second ones."""
    most = max(map(len, written))
    return [
        user(number, **{column: texts[place]})
        for place in range(most)
        for number, texts in enumerate(written)
        if place < len(texts)
    ]


LEAST = {
    ("yes", "yes"): Answer.YES,
    ("yes", "no"): Answer.NO,
    ("no", "yes"): Answer.NO,
    ("yes", "yes", "거부"): Answer.NO,
    ("yes", ""): Answer.UNKNOWN,
    ("", "yes"): Answer.UNKNOWN,
    ("동의", "yes"): Answer.UNKNOWN,
    ("", "no"): Answer.NO,
    ("모름", "no"): Answer.NO,
    ("yes",): Answer.YES,
    ("no",): Answer.NO,
}


@pytest.mark.parametrize(
    ("column", "name"),
    [("push_ad_agreed", "ad"), ("night_ad_agreed", "night"), ("push_enabled", "service")],
)
def test_the_least_answer_of_all_rows_counts(tmp_path: Path, column: str, name: str) -> None:
    devices = [device(number) for number in range(len(LEAST))]
    with a_world(tmp_path, rows_of(column, list(LEAST)), devices) as people:
        found = [getattr(one, name) for one in readings(people, len(LEAST))]
    assert dict(zip(LEAST, found, strict=True)) == LEAST


OLDEST = {
    ("2026-01-02", "2024-05-01"): "2024-05-01",
    ("2024-05-01", "2026-01-02"): "2024-05-01",
    ("2024-05-02T16:00:00Z", "2024-05-03 00:30"): "2024-05-03 00:30",
    ("", "2026-01-02"): "2026-01-02",
    ("봄", "2026-01-02"): "2026-01-02",
    ("", "봄"): "봄",
    ("", ""): None,
}


def test_the_oldest_day_of_a_consent_counts(tmp_path: Path) -> None:
    devices = [device(number) for number in range(len(OLDEST))]
    with a_world(tmp_path, rows_of("ad_confirmed_at", list(OLDEST)), devices) as people:
        found = [one.confirmed_at for one in readings(people, len(OLDEST))]
        assert dict(zip(OLDEST, found, strict=True)) == OLDEST
        assert people.facts(a_campaign(channels=APP), AT).overdue == {Channel.APP: 3}
        days = people.consents_by_day(AT)[Channel.APP].days
    assert days == {date(2024, 5, 1): 2, date(2024, 5, 3): 1, date(2026, 1, 2): 2, None: 2}


MINOR = {
    ("1990-01-01", "2012-09-25"): True,
    ("2012-09-25", "1990-01-01"): True,
    ("1990-01-01", "2012-09-24"): False,
    ("1990-01-01", "비공개"): True,
    ("1990-01-01", ""): False,
    ("", "120925"): True,
    # In 2026 `300101` was born in 1930, however young 2030 would be.
    ("300101", "2012-09-25"): True,
    ("300101", "2012-09-24"): False,
}


def test_the_youngest_day_of_birth_counts(tmp_path: Path) -> None:
    """A guardian has agreed where every row says so."""
    rows = rows_of("birth_date", list(MINOR))
    agreed = [{**row, "guardian_consent": "yes"} for row in rows]
    half = [*agreed[: len(MINOR)], *rows[len(MINOR) :]]
    for known, expected in (
        (rows, list(MINOR.values())),
        (half, list(MINOR.values())),
        (agreed, []),
    ):
        with a_world(tmp_path, known) as people:
            facts = people.facts(a_campaign(channels=SMS), AT)
            assert facts.lost[Channel.SMS] == ({"minor": sum(expected)} if expected else {})
            found = [
                people.values(a_campaign(channels=SMS), f"u{n}", AT)[0].minor for n in range(8)
            ]
            assert found == (expected or [False] * 8)
            profile = people.birth_profile(AT)
            assert profile is not None
            assert (profile.written, profile.unreadable) == (8, 1)


def test_an_answer_that_cannot_be_read_in_any_row_is_no_silence(tmp_path: Path) -> None:
    """Empty and `모름`: somebody asked, so a purchase stands in for nothing."""
    bought = {"bought_on": "2026-09-01"}
    rows = [
        *(user(1, sms_ad_agreed=answer, **bought) for answer in ("", "모름")),
        *(user(2, sms_ad_agreed=answer, **bought) for answer in ("", "")),
        *(user(3, sms_ad_agreed=answer, **bought) for answer in ("yes", "", "no")),
    ]
    with a_world(tmp_path, rows) as people:
        facts = people.facts(a_campaign(channels=SMS, exception=BOUGHT), AT)
        assert (facts.recipients, facts.lost[Channel.SMS]) == (1, {"no_consent": 2})


@pytest.mark.parametrize("switched", [("", "no"), ("no", ""), ("yes", "나중에"), ("", "")])
def test_an_address_that_is_switched_off_in_any_row_is_off(
    tmp_path: Path, switched: tuple[str, str]
) -> None:
    """For every kind of message, and for the second look as well."""
    seen = ("2026-09-20", "2026-09-01")
    rows = [
        *(
            device(1, enabled=one, last_seen_at=day)
            for one, day in zip(switched, seen, strict=True)
        ),
        device(1, token="another", last_seen_at="2026-01-01"),
    ]
    on = switched == ("", "")
    campaign = a_campaign(channels=APP, type=MessageType.INFORMATIONAL)
    with a_world(tmp_path, [user(1)], rows) as people:
        targets = people.values(campaign, "u1", AT)
        assert {one.address.value: one.enabled for one in targets} == {
            "token-1": on, "another": True,
        }  # fmt: skip
        fresh = people.read_again(targets, AT, advertising=False)
        for one in targets:
            assert fresh[one.channel, one.address_hash].enabled is one.enabled
        latest = {Channel.APP: AppSettings(devices=Devices.LATEST)}
        (kept,) = people.values(replace(campaign, channels=latest), "u1", AT)
        assert (kept.address.value, kept.enabled) == ("token-1" if on else "another", True)


def test_everything_else_is_the_first_rows(tmp_path: Path) -> None:
    rows = [
        user(1, name="민지", locale="ko", timezone="Asia/Tokyo", bought_on="2026-01-01"),
        user(1, name="수아", locale="en", timezone="Europe/Paris", phone="010-9999-9999"),
    ]
    with a_world(tmp_path, rows, [device(1)]) as people:
        app, sms = people.values(a_campaign(channels=APP | SMS), "u1", AT)
        assert (app.locale, app.zone, app.values) == ("ko", "Asia/Tokyo", {"user.name": "민지"})
        assert sms.address.value == "+821000000001"


def test_a_condition_on_an_answer_reads_the_one_that_counts(tmp_path: Path) -> None:
    rows = [user(1, push_ad_agreed="yes"), user(1, push_ad_agreed="no"), user(2)]
    with a_world(tmp_path, rows) as people:
        agreed = AttributeIs(attribute="push_ad_agreed", tests=(Test(Operator.EQ, True),))
        assert people.sample(agreed, {}, AT, 9) == ("u2",)
        assert people.consent_profile()[Channel.APP] == {"yes": 1, "no": 1, "unknown": 0}


@pytest.mark.parametrize("whole", [True, False])
def test_typed_columns_of_parquet_are_read_alike(tmp_path: Path, whole: bool) -> None:
    """Whole-number ids join by their type; NULL is nothing written."""
    write_world(tmp_path)
    ids = [1, 1, 2, 2, 3] if whole else ["1", "1", "2", "2", "3"]
    table = pa.table(
        {
            "USER_ID": ids,
            "sms_ad_agreed": [True, False, None, True, True],
            "birth_date": [date(1990, 1, 1)] * 5,
            "phone": [f"0100000000{n}" for n in (1, 9, 2, 2, 3)],
            "name": ["민지", "수아", "지호", "지호", "하윤"],
        }
    )
    pq.write_table(table, tmp_path / "users.parquet")
    workspace = a_workspace()
    sources = replace(
        workspace.sources,
        users=TableSource(path="users.parquet"),
        consent={Channel.SMS: workspace.sources.consent[Channel.SMS]},
    )
    with open_people(replace(workspace, sources=sources), tmp_path, KEY, None) as people:
        facts = people.facts(a_campaign(channels=SMS, consent=sources.consent), AT)
        assert facts.recipients == 1
        assert facts.lost[Channel.SMS] == {"no_consent": 1, "unknown_consent": 1}
        assert people.consent_profile() == {Channel.SMS: {"yes": 1, "no": 1, "unknown": 1}}


ANSWERED = st.sampled_from(["yes", "no", "", "O"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            **{name: st.just(text) for name, text in USER.items()},
            "user_id": st.sampled_from(["u1", "u2", "u3"]),
            "name": st.sampled_from(["민지", "수아", ""]),
            "phone": st.sampled_from(["010-1111-2222", "01033334444", ""]),
            "birth_date": st.sampled_from(["2020-01-01", "1990-01-01", "", "비공개"]),
            "guardian_consent": st.sampled_from(["yes", ""]),
            "sms_ad_agreed": ANSWERED,
        }
    ),
    max_size=9,
)
BORN = {"2020-01-01": date(2020, 1, 1), "1990-01-01": date(1990, 1, 1), "비공개": date(9999, 1, 1)}


def reason(first: dict[str, str], born: list[str], refused: set[str]) -> str:
    """Say in plain loops why `first` (the row that counts) gets no text message."""
    if not first["phone"]:
        return "no_address"
    if first["user_id"] in refused:
        return "suppressed"
    young = any(age(BORN[day], date(2026, 9, 24)) < 14 for day in born if day)
    if young and first["guardian_consent"] != "yes":
        return "minor"
    said = {"yes": "", "no": "no_consent"}
    return said.get(first["sms_ad_agreed"], "unknown_consent")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, refused=st.sampled_from(["u1", "u9"]))
def test_plain_loops_count_the_same_people(rows, refused):
    expected = Counter(
        reason(
            first,
            [row["birth_date"] for row in rows if row["user_id"] == first["user_id"]],
            {refused},
        )
        for first in people(rows)
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        a_world(Path(folder), rows, [], [], [{**REFUSAL, "user_id": refused}]) as found,
    ):
        facts = found.facts(a_campaign(channels=SMS), AT)
    reached = expected.pop("", 0)
    assert (facts.recipients, facts.lost[Channel.SMS]) == (reached, dict(expected))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, wanted=st.sampled_from(["yes", "no", "O"]))
def test_conditions_hold_for_the_row_that_counts(rows, wanted):
    condition = AttributeIs(attribute="sms_ad_agreed", tests=(Test(Operator.EQ, wanted),))
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder), rows) as found:
        assert set(found.sample(condition, {}, AT, 9)) == Loops(rows, [], [], AT).members(condition)
