"""Hashes, buckets, phones and local times: the SQL against the Python that it repeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audience.bounds import instant_of, make_moment, read_bound, wall
from engine.audience.columns import Kind, Value
from engine.audience.phone import normalise_phone, phone_of
from engine.audience.sql import Params, bucket_of, identifier, keyed_hash_of, literal
from engine.kernel.digest import bucket, keyed_hash
from engine.kernel.errors import UsageError
from engine.kernel.instant import resolve_local

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def ask(sql: str, params: Params) -> object:
    return CONNECTION.execute(f"SELECT {sql}", params.values).fetchone()[0]


CONNECTION = duckdb.connect(":memory:")
CONNECTION.execute("SET TimeZone = 'UTC'")


@settings(max_examples=100, deadline=None)
@given(before=texts, user=texts, after=st.lists(texts, max_size=2))
def test_a_bucket_is_the_same_number_in_sql(before, user, after):
    params = Params()
    sql = bucket_of((before,), params.add(user) + "::VARCHAR", after, params)
    assert bucket(before, user, *after) == ask(sql, params)


@settings(max_examples=100, deadline=None)
@given(key=st.binary(min_size=1, max_size=130), purpose=texts, value=texts)
def test_a_keyed_hash_is_the_same_in_sql(key, purpose, value):
    params = Params()
    marks = [params.add(text) + "::VARCHAR" for text in (purpose, value)]
    assert keyed_hash(key, purpose, value) == ask(keyed_hash_of(*marks, key, params), params)


@settings(max_examples=100, deadline=None)
@given(text=texts)
def test_quoting_cannot_be_left(text):
    text = text.replace("\0", "")
    assert text == ask(literal(text), Params())
    if text:
        column = CONNECTION.execute(f"SELECT 1 AS {identifier(text)}").description[0][0]
        assert text == column


PHONES = [
    ("010-1234-5678", "KR", "+821012345678"),
    ("01012345678", "kr ", "+821012345678"),
    ("(02) 123-4567", "KR", "+8221234567"),
    ("+82 10 1234 5678", "US", "+821012345678"),
    ("+82 (0)10-1234-5678", "KR", "+821012345678"),
    ("821012345678", "KR", "+821012345678"),
    ("0082-10-1234-5678", "US", "+821012345678"),
    ("+1 415 555 0100", "KR", "+14155550100"),
    ("415 555 0100", "US", None),
    ("010-1234-5678", "JP", None),
    ("010-1234-5678 (엄마)", "KR", None),
    ("010-1234", "KR", None),
    ("+82101234567890123", "KR", None),
    ("1588-0000", "KR", None),
    ("", "KR", None),
    ("없음", "KR", None),
    # As spreadsheets and programs write whole numbers.
    ("1012345678", "KR", "+821012345678"),
    ("1012345678.0", "KR", "+821012345678"),
    ("821012345678.00", "KR", "+821012345678"),
    ("+821012345678.0", "US", "+821012345678"),
    ("8.21012345678E+11", "KR", "+821012345678"),
    ("8.21012345678e11", "KR", "+821012345678"),
    ("8.210123456780000e+11", "KR", "+821012345678"),
    ("1.012345678E+09", "KR", "+821012345678"),
    ("1.012345678E+9", "KR", "+821012345678"),
    ("'01012345678", "KR", "+821012345678"),
    ("\t01012345678", "KR", "+821012345678"),
    ("１０１２３４５６７８．０", "KR", "+821012345678"),
    ("1012345678.0", "US", None),
    ("1012345678.5", "KR", None),
    ("821012345678.5", "KR", None),
    ("8.21012E+11", "KR", None),
    ("8.2101234567E+11", "KR", None),
    ("8.210123456785E+11", "KR", None),
    ("1.01E+09", "KR", None),
    ("8E+11", "KR", None),
    ("1E+99", "KR", None),
    ("010.1234.5678", "KR", "+821012345678"),
    ("010.1234.5670", "KR", "+821012345670"),
    ("02.123.4560", "KR", "+8221234560"),
]


@pytest.mark.parametrize(("written", "country", "number"), PHONES)
def test_phones_become_e164_where_that_is_certain(written, country, number):
    assert number == normalise_phone(written, country)


@settings(max_examples=300, deadline=None)
@given(
    written=st.one_of(
        st.text("0182+-(). ", max_size=16),
        st.from_regex(r"\+?(82|0|00)?0?10[0-9-]{6,10}"),
        texts,
        st.from_regex(r"\A[ ']?\+?(82|0)?10[0-9]{8}\.0{0,2}[05]?\Z"),
        st.from_regex(r"\A[0-9]\.[0-9]{6,16}0{0,5}[eE]\+?[01][0-9]\Z"),
    ),
    country=st.sampled_from(["KR", "kor", "US", "", " kr"]),
)
def test_phones_are_the_same_in_sql(written, country):
    params = Params()
    marks = [params.add(text) + "::VARCHAR" for text in (written, country)]
    assert normalise_phone(written, country) == ask(phone_of(*marks), params)


ZONES = ["Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Europe/London", "UTC"]


@settings(max_examples=300, deadline=None)
@given(
    local=st.one_of(
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
        st.datetimes(datetime(2026, 11, 1, 0), datetime(2026, 11, 1, 3)),
        st.datetimes(datetime(2026, 3, 8, 1), datetime(2026, 3, 8, 4)),
    ),
    shift=st.integers(-7200, 7200).map(lambda seconds: timedelta(seconds=seconds)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_bound_on_the_wall_decides_like_the_instant(local, shift, zone):
    instant = resolve_local(local, zone) + shift
    assert (resolve_local(local, zone) >= instant) == (local >= wall(instant, zone))


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-09-24", "2026-09-23 15:00:00"),
        ("2026-09-24 10:00", "2026-09-24 01:00:00"),
        ("2026-09-24T10:00:00.5", "2026-09-24 01:00:00.5"),
        ("2026-09-24T10:00:00Z", "2026-09-24 10:00:00"),
        ("2026-09-24 10:00:00+0530", "2026-09-24 04:30:00"),
        ("추석", None),
        ("", None),
    ],
)
def test_a_text_without_an_offset_is_in_the_workspace_zone(written, instant):
    params = Params()
    column = Value(f"{params.add(written)}::VARCHAR", Kind.TEXT)
    sql = f"CAST({instant_of(column, 'Asia/Seoul')} AT TIME ZONE 'UTC' AS VARCHAR)"
    assert instant == ask(sql, params)


def test_a_local_time_that_happens_twice_is_the_earlier():
    params = Params()
    column = Value(f"{params.add('2026-11-01 01:30')}::VARCHAR", Kind.TEXT)
    sql = f"CAST({instant_of(column, 'America/New_York')} AT TIME ZONE 'UTC' AS VARCHAR)"
    assert ask(sql, params) == "2026-11-01 05:30:00"


def test_bounds_are_dates_local_times_or_instants():
    seoul = ZoneInfo("Asia/Seoul")
    assert read_bound("2026-09-24", seoul) == datetime(2026, 9, 23, 15, tzinfo=UTC)
    assert read_bound("2026-09-24 10:00", seoul) == datetime(2026, 9, 24, 1, tzinfo=UTC)
    assert read_bound("2026-09-24T10:00Z", seoul) == datetime(2026, 9, 24, 10, tzinfo=UTC)
    with pytest.raises(UsageError, match="`soon` is not a date or a time"):
        read_bound("soon", seoul)
    with pytest.raises(UsageError, match="`Mars/Olympus` is not a time zone"):
        make_moment(datetime(2026, 1, 1, tzinfo=UTC), "Mars/Olympus")
