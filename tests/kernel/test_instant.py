"""Instants, local times and durations: gaps, folds, round trips, and the texts of what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.instant import (
    LocalKind,
    end_of_day,
    find_zone,
    format_duration,
    format_instant,
    local_kind,
    parse_date,
    parse_duration,
    parse_instant,
    parse_local,
    resolve_local,
    start_of_day,
)

SEOUL = ZoneInfo("Asia/Seoul")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Seoul",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/Santiago",
        "Asia/Kathmandu",
        "Pacific/Apia",
    )
]
LOCALS = st.datetimes(datetime(2005, 1, 1), datetime(2036, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@settings(deadline=None)
@given(LOCALS, st.sampled_from(ZONES))
def test_a_local_time_that_exists_is_read_back_and_a_fold_takes_the_earlier(
    local: datetime, zone: ZoneInfo
) -> None:
    kind, instant = local_kind(local, zone), resolve_local(local, zone)

    assert instant.tzinfo is UTC
    there = instant.astimezone(zone)
    if kind is LocalKind.GAP:
        assert there.replace(tzinfo=None) > local
        before = (instant - timedelta(seconds=1)).astimezone(zone)
        assert before.replace(tzinfo=None) < local, "it is the first instant after the gap"
    else:
        assert (there.replace(tzinfo=None), there.fold) == (local, 0)


@pytest.mark.parametrize(
    ("zone", "local", "kind", "instant"),
    [
        ("Asia/Seoul", "2026-09-24T10:00", "unique", "2026-09-24T01:00:00Z"),
        ("America/New_York", "2026-03-08T02:30", "gap", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-03-08T02:00", "gap", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-03-08T03:00", "unique", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T01:30", "fold", "2026-11-01T05:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "gap", "2026-10-03T15:30:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00", "gap", "2011-12-30T10:00:00Z"),
        ("America/Santiago", "2026-09-06T00:00", "gap", "2026-09-06T04:00:00Z"),
    ],
)
def test_known_gaps_and_folds(zone: str, local: str, kind: str, instant: str) -> None:
    at, where = datetime.fromisoformat(local), ZoneInfo(zone)

    assert local_kind(at, where) == kind
    assert format_instant(resolve_local(at, where)) == instant


def test_a_day_begins_with_its_first_instant_and_until_includes_the_day() -> None:
    day = date(2026, 9, 24)

    assert format_instant(start_of_day(day, SEOUL)) == "2026-09-23T15:00:00Z"
    assert format_instant(end_of_day(day, SEOUL)) == "2026-09-24T15:00:00Z"
    # Midnight does not exist on this day in Chile: it begins at one o'clock.
    assert format_instant(start_of_day(date(2026, 9, 6), ZoneInfo("America/Santiago"))) == (
        "2026-09-06T04:00:00Z"
    )


@settings(deadline=None)
@given(st.dates(date(2005, 1, 1), date(2036, 12, 31)), st.sampled_from(ZONES))
def test_one_day_ends_where_the_next_begins(day: date, zone: ZoneInfo) -> None:
    assert end_of_day(day, zone) == start_of_day(day + timedelta(days=1), zone)
    assert start_of_day(day, zone) <= end_of_day(day, zone)


@settings(deadline=None)
@given(st.integers(0, 3660 * 86400))
def test_a_duration_is_read_back(seconds: int) -> None:
    span = timedelta(seconds=seconds)

    assert parse_duration(format_duration(span)) == span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30m", 1800), ("4h", 14400), ("3d", 259200), ("90s", 90), ("2w", 1209600), ("0s", 0)],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (90, "90s"), (1800, "30m"), (3600, "1h"), (86400, "1d"), (90000, "25h")],
)
def test_a_duration_is_written_in_the_largest_unit_that_fits(seconds: int, text: str) -> None:
    assert format_duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("text", ["", "30", "m", "1.5h", "-3d", "30 m", "30M", "三d", "3d4h", "٣d"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration like `30m`, `4h` or `3d`") as caught:
        parse_duration(text)
    assert f"`{text}`" in str(caught.value)


def test_a_duration_of_more_than_ten_years_is_a_slip() -> None:
    with pytest.raises(ValueError, match="`3661d` is longer than ten years"):
        parse_duration("3661d")


INSTANTS = st.datetimes(
    datetime(1971, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-5))]),
)


@settings(deadline=None)
@given(INSTANTS)
def test_an_instant_is_written_in_utc_and_read_back(instant: datetime) -> None:
    text = format_instant(instant)

    assert text.endswith("Z")
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


def test_an_instant_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="`2026-09-24T10:00` has no offset: add `Z` or `\\+09:00`"):
        parse_instant("2026-09-24T10:00")


@pytest.mark.parametrize("text", ["2026-09-24", "내일 10시", "2026-9-4 10:00", "٢٠٢٦-09-24 10:00"])
def test_what_is_no_local_time(text: str) -> None:
    with pytest.raises(
        ValueError, match="is not a date and time like `2026-09-24 10:00`"
    ) as caught:
        parse_local(text)
    assert f"`{text}`" in str(caught.value)


@pytest.mark.parametrize("text", ["2026-09-24 25:00", "2026-02-30 10:00", "2026-13-01 10:00"])
def test_a_time_that_no_calendar_has(text: str) -> None:
    with pytest.raises(
        ValueError, match="does not exist in the calendar or on the clock"
    ) as caught:
        parse_local(text)
    assert f"`{text}`" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-09-24 10:00", None),
        ("2026-09-24T10:00:30", None),
        ("2026-09-24 10:00+09:00", timedelta(hours=9)),
        ("2026-09-24T10:00Z", timedelta(0)),
    ],
)
def test_a_local_time_keeps_its_offset_if_it_has_one(text: str, offset: timedelta | None) -> None:
    assert parse_local(text).utcoffset() == offset


@pytest.mark.parametrize("text", ["2026-9-24", "20260924", "2026-09-24 ", "추석", "2026-W39-4"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date like `2026-09-24`"):
        parse_date(text)


@pytest.mark.parametrize("name", ["", "Asia/Seol", "../../etc/passwd", "/etc/passwd", "a\0b"])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert find_zone(name) is None


def test_a_zone() -> None:
    assert find_zone("Asia/Seoul") == SEOUL
