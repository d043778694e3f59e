"""Dates that hang on a consent, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.law.consent import (
    Transaction,
    Unmet,
    add_months,
    exception_ends_on,
    exception_gaps,
    is_reconfirmation_due,
    read_day,
    reconfirm_by,
    result_notice_by,
)


@pytest.mark.parametrize(
    ("consented", "expected"),
    [
        (date(2024, 11, 23), date(2026, 11, 22)),
        (date(2024, 1, 1), date(2025, 12, 31)),
        (date(2024, 3, 1), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2026, 2, 27)),
        (date(2022, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_consent_is_confirmed_before_its_second_anniversary(
    consented: date, expected: date
) -> None:
    assert reconfirm_by(consented) == expected
    assert not is_reconfirmation_due(consented, expected)
    assert is_reconfirmation_due(consented, expected + timedelta(days=1))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (date(2026, 11, 22), date(2026, 11, 22)),
        (date(2026, 11, 23), date(2028, 11, 22)),
        (date(2031, 1, 1), date(2032, 11, 22)),
    ],
)
def test_and_every_two_years_from_then_on(after: date, expected: date) -> None:
    assert reconfirm_by(date(2024, 11, 23), after) == expected


def test_a_leap_day_comes_round_every_four_years() -> None:
    assert reconfirm_by(date(2024, 2, 29), date(2026, 3, 1)) == date(2028, 2, 28)


def test_a_result_is_told_within_fourteen_days() -> None:
    assert result_notice_by(date(2026, 11, 23)) == date(2026, 12, 7)
    assert result_notice_by(date(2026, 12, 25)) == date(2027, 1, 8)


FULL = Transaction(
    ended_on=date(2026, 5, 23), direct=True, same_kind=True, own_goods=True, refused=False
)


def test_a_transaction_stands_in_for_six_months() -> None:
    assert exception_ends_on(FULL.ended_on) == date(2026, 11, 23)
    assert exception_gaps(FULL, date(2026, 11, 23)) == frozenset()
    assert exception_gaps(FULL, date(2026, 11, 24)) == {Unmet.TOO_LATE}
    assert exception_ends_on(date(2026, 8, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"direct": False}, Unmet.CONTACT_NOT_DIRECT),
        ({"same_kind": False}, Unmet.OTHER_KIND),
        ({"own_goods": False}, Unmet.GOODS_OF_OTHERS),
        ({"refused": True}, Unmet.REFUSED),
    ],
)
def test_every_condition_of_the_exception_must_hold(change: dict[str, bool], gap: Unmet) -> None:
    assert exception_gaps(replace(FULL, **change), date(2026, 6, 1)) == {gap}


def test_all_that_fails_is_named_at_once() -> None:
    worst = Transaction(
        ended_on=date(2020, 1, 1), direct=False, same_kind=False, own_goods=False, refused=True
    )
    assert exception_gaps(worst, date(2026, 6, 1)) == set(Unmet)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-11-23", date(2024, 11, 23)),
        (" 2024-11-23 ", date(2024, 11, 23)),
        ("2024-11-22T15:00:00Z", date(2024, 11, 23)),  # midnight in Seoul
        ("2024-11-22T14:59:59Z", date(2024, 11, 22)),
        ("2024-11-23T00:30:00+09:00", date(2024, 11, 23)),
        ("2024-02-30", None),
        ("작년", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_korea_sees_it(written: str | None, expected: date | None) -> None:
    assert read_day(written) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (
        later.day < day.day and (later + timedelta(days=1)).month != later.month
    )


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_two_years_never_pass_without_a_day_for_asking(day: date) -> None:
    assert timedelta(days=728) <= reconfirm_by(day) - day <= timedelta(days=731)
