"""Somebody who stands in users more than once: the least of what their rows agree to."""

from __future__ import annotations

import tempfile
from collections import Counter
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
from engine.model.delivery import Answer, ConsentReading
from engine.model.legal import TransactionException
from engine.model.workspace import TableSource
from tests.audience.brute_force import SEOUL, Loops, people, read_time
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


def reading(people: DuckPeople) -> ConsentReading:
    """Return what is read of `u1` on the app, by the snapshot and by the second look alike."""
    campaign = a_campaign(channels=APP)
    (target,) = people.values(campaign, "u1", AT)
    (fresh,) = people.read_again([target], AT).values()
    assert fresh.consent == target.consent
    return target.consent


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        (("yes", "yes"), Answer.YES),
        (("yes", "no"), Answer.NO),
        (("no", "yes"), Answer.NO),
        (("yes", "yes", "거부"), Answer.NO),
        (("yes", ""), Answer.UNKNOWN),
        (("", "yes"), Answer.UNKNOWN),
        (("동의", "yes"), Answer.UNKNOWN),
        (("", "no"), Answer.NO),
        (("모름", "no"), Answer.NO),
    ],
)
@pytest.mark.parametrize(
    ("column", "name"),
    [("push_ad_agreed", "ad"), ("night_ad_agreed", "night"), ("push_enabled", "service")],
)
def test_the_least_answer_of_all_rows_counts(
    tmp_path: Path, column: str, name: str, answers: tuple[str, ...], counts: Answer
) -> None:
    rows = [user(1, **{column: answer}) for answer in answers]
    with a_world(tmp_path, [user(2), *rows], [device(1)]) as people:
        assert getattr(reading(people), name) is counts


@pytest.mark.parametrize(
    ("written", "counts"),
    [
        (("2026-01-02", "2024-05-01"), "2024-05-01"),
        (("2024-05-01", "2026-01-02"), "2024-05-01"),
        (("2024-05-01T16:00:00Z", "2024-05-02 00:30"), "2024-05-02 00:30"),
        (("", "2026-01-02"), "2026-01-02"),
        (("봄", "2026-01-02"), "2026-01-02"),
        (("", "봄"), "봄"),
        (("", ""), None),
    ],
)
def test_the_oldest_day_of_a_consent_counts(
    tmp_path: Path, written: tuple[str, ...], counts: str | None
) -> None:
    rows = [user(1, ad_confirmed_at=day) for day in written]
    with a_world(tmp_path, rows, [device(1)]) as people:
        assert reading(people).confirmed_at == counts
        overdue = people.facts(a_campaign(channels=APP), AT).overdue
        agreed = people.consents_by_day(AT)[Channel.APP].days
        old = bool(counts and counts.startswith("2024"))
        assert overdue == ({Channel.APP: 1} if old else {})
        day = read_time(counts or "")
        assert agreed == {day and day.astimezone(SEOUL).date(): 1}


@pytest.mark.parametrize(
    ("births", "lost"),
    [
        (("1990-01-01", "2012-09-25"), {"minor": 1}),
        (("2012-09-25", "1990-01-01"), {"minor": 1}),
        (("1990-01-01", "2012-09-24"), {}),
        (("1990-01-01", "비공개"), {"minor": 1}),
        (("1990-01-01", ""), {}),
        (("", "120925"), {"minor": 1}),
        # In 2026 `300101` was born in 1930, however young 2030 would be.
        (("300101", "2012-09-25"), {"minor": 1}),
        (("300101", "2012-09-24"), {}),
    ],
)
def test_the_youngest_day_of_birth_counts(
    tmp_path: Path, births: tuple[str, ...], lost: dict[str, int]
) -> None:
    rows = [user(1, birth_date=day) for day in births]
    with a_world(tmp_path, rows) as people:
        assert people.facts(a_campaign(channels=SMS), AT).lost[Channel.SMS] == lost
        unreadable = sum(day == "비공개" for day in births)
        profile = people.birth_profile(AT)
        assert profile is not None
        assert (profile.written, profile.unreadable) == (1, unreadable)
    grown = [{**row, "guardian_consent": "yes"} for row in rows]
    asked = [{**rows[0], "guardian_consent": "yes"}, *rows[1:]]
    for known, still in ((grown, {}), (asked, lost)):
        with a_world(tmp_path, known) as people:
            assert people.facts(a_campaign(channels=SMS), AT).lost[Channel.SMS] == still


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


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
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


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, wanted=st.sampled_from(["yes", "no", "O"]))
def test_conditions_hold_for_the_row_that_counts(rows, wanted):
    condition = AttributeIs(attribute="sms_ad_agreed", tests=(Test(Operator.EQ, wanted),))
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder), rows) as found:
        assert set(found.sample(condition, {}, AT, 9)) == Loops(rows, [], [], AT).members(condition)
