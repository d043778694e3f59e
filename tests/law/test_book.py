"""The dated tables: every row complete, every number the same wherever it is used."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine.kernel.finding import Confidence
from engine.kernel.instant import parse_duration
from engine.law.book import all_provisions, hours, provision
from engine.law.finish import duration_of, finish_at
from engine.law.label import LABEL
from engine.law.lead import LEAD, last_apply, lead_ok

TODAY = date(2026, 11, 23)


def test_every_row_says_where_it_is_from_and_when_somebody_looked() -> None:
    rows = all_provisions()
    assert len(rows) >= 12
    for row in rows:
        assert row.article
        assert row.source
        assert row.checked_on <= TODAY
        assert row.citation.id.isascii()
        assert row.until is None or row.since < row.until


def test_rows_of_one_name_do_not_overlap() -> None:
    for left in all_provisions():
        for right in all_provisions():
            if left is not right and (left.name, left.jurisdiction) == (
                right.name,
                right.jurisdiction,
            ):
                assert left.until is not None or right.until is not None


def test_the_korean_night_is_statute_and_other_countries_are_practice() -> None:
    korean = provision("ad_window", "KR", TODAY)
    assert korean.value == ("08:00", "21:00")
    assert korean.citation.confidence is Confidence.STATUTE
    assert "제50조제3항" in korean.article
    other = provision("ad_window", "FR", TODAY)
    assert other.citation.confidence is Confidence.PRACTICE
    assert hours("ad_window", "FR", TODAY) == (time(8), time(21))


def test_an_early_date_takes_the_first_row() -> None:
    assert provision("ad_window", "KR", date(1998, 3, 1)).value == ("08:00", "21:00")


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(LookupError, match="no provision `moon_phase` for `KR`"):
        provision("moon_phase", "KR", TODAY)
    with pytest.raises(TypeError, match="`ad_label` for `KR` is not a window"):
        hours("ad_label", "KR", TODAY)


def test_constants_in_code_are_the_numbers_of_the_tables() -> None:
    assert provision("ad_label", "KR", TODAY).value == LABEL
    assert parse_duration(str(provision("lead_time", "KR", TODAY).value)) == LEAD


def test_the_lead_is_a_full_hour() -> None:
    due = datetime(2026, 9, 24, 1, tzinfo=UTC)
    assert lead_ok(due, due - timedelta(hours=1))
    assert not lead_ok(due, due - timedelta(minutes=59, seconds=59))
    assert last_apply(due) == datetime(2026, 9, 24, 0, tzinfo=UTC)


def test_a_send_takes_ramp_rate_and_retries() -> None:
    parts = duration_of(1_200_000, 200)
    assert parts.sending == timedelta(minutes=100)
    assert parts.ramp == timedelta(seconds=60)
    assert parts.retries == timedelta(minutes=6)
    start = datetime(2026, 9, 24, 11, 20, tzinfo=UTC)
    assert finish_at(start, 1_200_000, 200) == start + timedelta(minutes=107)
    assert finish_at(start, 0, 200) == start
    with pytest.raises(ValueError, match="a rate of 0/s sends nothing"):
        duration_of(10, 0)
