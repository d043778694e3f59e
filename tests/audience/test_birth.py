"""Days of birth against the calendar: written from docs/consent.md and the law's 「만 14세 미만」."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audience.birth import birth_of
from engine.model.channel import Channel
from tests.audience.world import ALL_CHANNELS, a_campaign, a_world, user

TODAY = date(2026, 9, 24)
NOBODY = date(9999, 12, 31)
CONNECTION = duckdb.connect(":memory:")
CONNECTION.execute("SET TimeZone = 'UTC'")
SMS = {Channel.SMS: ALL_CHANNELS[Channel.SMS]}


def read(texts: Sequence[str | None], today: date = TODAY) -> list[date | None]:
    """Return the days that the database reads, in the order of `texts`."""
    CONNECTION.execute("CREATE OR REPLACE TEMP TABLE written (n INTEGER, t VARCHAR)")
    CONNECTION.execute(
        "INSERT INTO written SELECT unnest($n), unnest($t)",
        {"n": list(range(len(texts))), "t": list(texts)},
    )
    found = CONNECTION.execute(f"SELECT {birth_of('t', today)} FROM written ORDER BY n").fetchall()
    return [day for (day,) in found]


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


WHOLE = {
    "iso": lambda d: f"{d:%Y-%m-%d}",
    "dots": lambda d: f"{d:%Y.%m.%d}",
    "dots with an end": lambda d: f"{d:%Y. %m. %d.}",
    "slashes": lambda d: f"{d:%Y/%m/%d}",
    "small": lambda d: f"{d.year}-{d.month}-{d.day}",
    "korean": lambda d: f"{d.year}년 {d.month}월 {d.day}일",
    "korean, close": lambda d: f"{d.year}년{d.month}월{d.day}일",
    "korean, wide blanks": lambda d: f"\u3000{d.year}년\u00a0{d.month}월 {d.day}일 ",
    "eight": lambda d: f"{d:%Y%m%d}",
    "eight of a spreadsheet": lambda d: f"{d:%Y%m%d}.0",
    "midnight": lambda d: f"{d:%Y-%m-%d} 00:00:00",
    "midnight of a program": lambda d: f"{d:%Y-%m-%d}T00:00:00.000Z",
    "midnight in Seoul": lambda d: f"{d:%Y-%m-%d}T00:00:00+09:00",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_day_is_that_day(name: str) -> None:
    days = [*every_day(date(2011, 1, 1), date(2016, 12, 31)), date(1900, 1, 1), date(1999, 12, 31)]
    assert read([WHOLE[name](day) for day in days]) == days


@pytest.mark.parametrize("form", ["%y%m%d", "%y.%m.%d", "%y-%m-%d", "%y/%m/%d", "%y년 %m월 %d일"])
def test_two_digits_of_a_year_are_never_taken_for_an_older_person(form: str) -> None:
    """Of the days that the digits can mean and that have come, the latest: or a later one still."""
    days = [*every_day(date(1925, 1, 1), date(1928, 12, 31)), *every_day(date(2011, 1, 1), TODAY)]
    for day, found in zip(days, read([day.strftime(form) for day in days]), strict=True):
        meant = [
            date(century + day.year % 100, day.month, day.day)
            for century in (1900, 2000)
            if (day.month, day.day) != (2, 29) or is_leap(century + day.year % 100)
        ]
        assert found is not None
        assert found >= max(one for one in meant if one <= TODAY)
        assert found <= TODAY


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def test_six_digits_and_two_of_a_year_that_mean_one_day() -> None:
    assert read(["120301", "991231", "260924", "260925", "000229", "12.03.01", "12. 3. 1."]) == [
        date(2012, 3, 1), date(1999, 12, 31), date(2026, 9, 24), date(1926, 9, 25),
        date(2000, 2, 29), date(2012, 3, 1), date(2012, 3, 1),
    ]  # fmt: skip


def test_what_is_left_open_is_the_last_day_of_it() -> None:
    texts: list[str] = []
    days: list[date] = []
    for year in range(1950, 2027):
        texts += [f"{year}", f"{year}년", f"{year}.0", f"{year}-02", f"{year}년 2월", f"{year}.2."]
        end = date(year, 2, 29 if is_leap(year) else 28)
        days += [date(year, 12, 31)] * 3 + [end] * 3
    assert read(texts) == days
    # Year and month, or two digits of a year, a month and a day: the later one.
    assert read(["201203", "199912", "190101"]) == [
        date(2020, 12, 3), date(1999, 12, 31), date(2019, 1, 1),
    ]  # fmt: skip


def test_a_day_before_its_month_or_after_it_is_the_later_of_both() -> None:
    texts: list[str] = []
    days: list[date] = []
    for day in every_day(date(2011, 1, 1), date(2013, 12, 31)):
        turned = date(day.year, day.day, day.month) if day.day <= 12 else day
        texts += [f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day.day}.{day.month}.{day.year}"]
        days += [max(day, turned)] * 3
    assert read(texts) == days


@pytest.mark.parametrize(
    ("written", "day"),
    [
        # 2012-03-01 00:00 in Seoul, as a program in London wrote it.
        ("2012-02-29T15:00:00Z", date(2012, 3, 1)),
        ("2012-02-29 15:00:00+00", date(2012, 3, 1)),
        ("2012-02-29 15:00", date(2012, 3, 1)),
        ("2012-02-29 00:00", date(2012, 2, 29)),
        ("2012. 2. 29. 오후 3:00", NOBODY),
    ],
)
def test_an_hour_beside_the_day_makes_nobody_older(written: str, day: date) -> None:
    assert read([written]) == [day]


@pytest.mark.parametrize(
    "written",
    [
        "비공개", "없음", "-", ".", "0", "00000000", "000000", "0000-00-00", "2012-02-30", "20120230",
        "2013-02-29", "120230", "2012-13-01", "1899-12-31", "만 13세", "13", "12년생", "2012년생",
        "120301-3", "120301-3******", "120301-3234567", "1203013234567",  # 주민등록번호
        "40969", "40969.0", "4.0969E+04", "2.0120301E+7",  # a spreadsheet's count of days
        "2012-03-01?", "2012--03-01", "2012-03-01-", "２０１２-03-01", "2012-3", "12-3", "03/2012", "NULL",
        "9999-12-31 15:00", "99991231", "2012-00-10", "20120010", "001300", "012-3-1",
        "2012-03-01, 2014-05-05", "191990-05-06", "1-1-1-1", "\u200b2012-03-01",
    ],
)  # fmt: skip
def test_what_is_no_day_is_that_of_a_child(written: str) -> None:
    """But for `2012-3`, the end of March: that is left open, and read as such."""
    assert read([written]) == [date(2012, 3, 31) if written == "2012-3" else NOBODY]


@pytest.mark.parametrize(
    "written",
    [
        "13년 11월 31일", "12년 12월 32일", "12년 12월 85일", "12년12월 99일", "12년 12월 00일",
        "13년 2월 30일", "12년 13월 11일", "12년 31월 11일", "13년 11.31", "13.11월 31", "13.11.31일",
        "5년 3월 11일", "2013년 31월 11일", "2013년 11월 31일", "2013/31/11", "2013-31-11",
        "2013.31.11.", "11월 31일 2013", "3월 1. 2013", "12월 3월 1", "12년 3년 1", "2013월 3",
        "3년 1. 2012",
        "13.11.31", "13. 11. 31.", "13-11-31", "12-12-85", "12.12.00", "11/31/2013", "31/11/2013",
        "13년 11월 31일 15:00",
    ],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_not_read_in_another_order(written: str) -> None:
    """13 November 1931 is an adult's day; the table meant one of 2013, and mistook it."""
    assert read([written], date(2026, 11, 24)) == [NOBODY]


def test_where_no_mark_tells_the_order_every_one_is_tried() -> None:
    """The latest counts, also where the year stands first in Korea."""
    assert read(["31/12/99", "12/31/99", "05.11.12", "1.3.12", "13년 11월 30일", "12년12월 31"]) == [
        date(1999, 12, 31), date(1999, 12, 31), date(2012, 11, 5), date(2012, 3, 1),
        date(2013, 11, 30), date(2012, 12, 31),
    ]  # fmt: skip


def test_nothing_written_says_nothing() -> None:
    assert read(["", " ", "\t", "\u00a0", "\u3000", None]) == [None] * 6


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
            st.text("0123456789-./년월일 T:", max_size=14),
        ),
        max_size=80,
    )
)
def test_whatever_is_written_is_a_day_or_nothing(texts: list[str]) -> None:
    for text, day in zip(texts, read(texts), strict=True):
        assert (day is None) == (not text.strip(" \t\u00a0\u3000"))
        assert day is None or date(1900, 1, 1) <= day <= NOBODY


def age(born: date, today: date) -> int:
    """Return the years that somebody is old: one more on every birthday."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 9, 23, 14, 59, 59, tzinfo=UTC),
        datetime(2026, 9, 23, 15, 0, tzinfo=UTC),
        # 28 February, 1 March, and 29 February of a year that has one, in Seoul.
        datetime(2026, 2, 28, 14, 59, tzinfo=UTC),
        datetime(2026, 2, 28, 15, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 15, 0, tzinfo=UTC),
    ],
)
def test_under_fourteen_is_who_has_not_had_that_birthday_in_seoul(
    tmp_path: Path, at: datetime
) -> None:
    today = (at + timedelta(hours=9)).date()
    start = date(today.year - 14, today.month, 1)
    born = every_day(start - timedelta(days=3), start + timedelta(days=34))
    forms = random.Random(14).choices([*WHOLE.values(), lambda d: f"{d:%y%m%d}"], k=len(born))
    users = [
        user(n, birth_date=form(day)) for n, (day, form) in enumerate(zip(born, forms, strict=True))
    ]
    with a_world(tmp_path, users) as people:
        lost = people.facts(a_campaign(channels=SMS), at).lost[Channel.SMS]
    assert lost == {"minor": sum(age(day, today) < 14 for day in born)}
