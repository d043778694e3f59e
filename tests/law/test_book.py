"""The dated tables: every row complete, every number the same wherever it is used."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from engine.kernel.finding import Confidence
from engine.kernel.instant import parse_duration
from engine.law import book
from engine.law.book import (
    all_provisions,
    doubtful_provisions,
    find_provision,
    has_profile,
    hours,
    in_force,
    provision,
    union_of,
)
from engine.law.finish import duration_of, finish_at
from engine.law.label import LABEL
from engine.law.lead import LEAD, last_apply, lead_ok
from engine.law.shelf import jurisdictions
from engine.model.channel import Channel

ROOT = Path(__file__).parents[2]

TODAY = date(2026, 11, 23)


def test_every_row_says_where_it_is_from_and_when_somebody_looked() -> None:
    rows = all_provisions()
    assert len(rows) >= 150
    for row in rows:
        assert row.article
        assert row.source
        assert row.checked_on <= TODAY
        assert row.citation.id.isascii()
        assert row.until is None or row.since < row.until


def test_rows_of_one_name_do_not_overlap() -> None:
    for one, other in combinations(all_provisions(), 2):
        if (one.name, one.jurisdiction) == (other.name, other.jurisdiction):
            earlier, later = sorted((one, other), key=lambda row: row.since)
            apart = one.channels and other.channels and not one.channels & other.channels
            assert apart or (earlier.until is not None and earlier.until <= later.since), one


def test_rows_parsed_one_by_one_are_the_rows_of_the_files() -> None:
    files = sorted((ROOT / "engine" / "law" / "tables").glob("*.toml"))
    whole = [tomllib.loads(path.read_text("utf-8")) for path in files]
    assert {table["jurisdiction"] for table in whole} == jurisdictions()
    rows = [(table["jurisdiction"], row) for table in whole for row in table["provision"]]
    assert Counter((place, row["name"], row["article"], row["from"]) for place, row in rows) == (
        Counter((r.jurisdiction, r.name, r.article, r.since) for r in all_provisions())
    )
    known = {
        "name", "value", "channels", "days", "closed_on_holidays", "lifted_by_consent", "from",
        "until", "id", "article", "article_ko", "title", "title_ko", "source", "confidence",
        "checked_on", "note",
    }  # fmt: skip
    assert {key for _, row in rows for key in row} <= known


def test_the_book_names_every_provision_and_no_other() -> None:
    described = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b|\bregulator\b", book.__doc__ or ""))
    words = {"closed_on_holidays", "opt_in", "opt_out", "in_force"}
    assert described - words == {row.name for row in all_provisions()}


def test_a_name_that_says_its_channel_is_found_without_one() -> None:
    for row in all_provisions():
        if row.name.startswith(("sms_", "kakao_", "alimtalk_")):
            assert not row.channels, row
    about_texts = {"US", "IN", "AE", "SA", "SG", "JP", "CN"}
    for row in all_provisions():
        if row.jurisdiction in about_texts and not row.name.startswith("sms_"):
            assert row.channels, row


def test_the_book_says_who_has_a_window_of_their_own() -> None:
    listed = re.search(r"\[\* KR; sms only: US, 19 states, ([A-Z ]+)\]", book.__doc__ or "")
    assert listed is not None
    rows = {row.jurisdiction for row in all_provisions() if row.name == "ad_window"}
    assert {place for place in rows if "-" not in place} == {"*", "KR", "US", *listed[1].split()}
    assert len([place for place in rows if place.startswith("US-")]) == 19


def test_a_doubt_is_told_and_never_statute() -> None:
    doubtful = [row for row in all_provisions() if row.doubtful]
    assert len(doubtful) > 40
    for row in doubtful:
        assert row.citation.confidence is not Confidence.STATUTE
        assert row.note or row.name != "ad_window", row
    contested = provision("ad_window", "US", TODAY, Channel.SMS)
    assert contested.note is not None
    assert "disputed" in contested.note


def test_the_doubts_of_a_country_can_be_listed() -> None:
    assert {row.name for row in doubtful_provisions("SA", TODAY)} >= {
        "ad_window",
        "sms_sender_suffix",
    }
    assert doubtful_provisions("DE", TODAY) == ()
    assert doubtful_provisions("VN", TODAY) == ()
    # Numbers of articles that nobody read belong to the law as it was.
    assert "ad_fine" in {row.name for row in doubtful_provisions("KR", date(2026, 9, 30))}
    assert "ad_fine" not in {row.name for row in doubtful_provisions("KR", TODAY)}


def test_every_title_can_be_read_in_korean() -> None:
    for row in all_provisions():
        assert re.search(r"[가-힣]", row.title_ko), row
        assert row.cited("ko") == f"{row.article_ko or row.article}: {row.title_ko}"
        assert row.citation.title_ko == row.cited("ko")
        assert row.cited("en") == row.citation.title


@pytest.mark.parametrize(
    ("name", "before", "since", "value_before", "value"),
    [
        ("kakao_friendtalk", date(2025, 12, 30), date(2025, 12, 31), True, False),
        (
            "regulator",
            date(2025, 9, 30),
            date(2025, 10, 1),
            "방송통신위원회",
            "방송미디어통신위원회",
        ),
        ("alimtalk_points_basis", date(2026, 3, 31), date(2026, 4, 1), None, True),
        ("ad_surcharge", date(2026, 9, 30), date(2026, 10, 1), None, 6),
        ("sms_certified_sender", date(2026, 9, 30), date(2026, 10, 1), None, True),
        ("ad_fine", date(2026, 9, 30), date(2026, 10, 1), 30_000_000, 30_000_000),
    ],
)
def test_what_changed_in_the_last_year_changes_on_its_day(
    name: str, before: date, since: date, value_before: object, value: object
) -> None:
    old, new = in_force(name, "KR", before), in_force(name, "KR", since)
    assert (old.value if old else None, new.value if new else None) == (value_before, value)
    assert old is None or new is None or old.article != new.article or name == "regulator"


def test_fines_are_cited_by_their_new_number_since_the_first_of_october() -> None:
    assert "제76조제1항제7호" in provision("ad_fine", "KR", date(2026, 9, 30)).article
    assert "제76조제2항제7호" in provision("ad_fine", "KR", date(2026, 10, 1)).article
    # The penalty that a new duty brought with it does not reach back, unless somebody asks it to.
    assert in_force("ad_fine_delegate", "KR", date(2026, 9, 30)) is None
    early = provision("ad_fine_delegate", "KR", date(2026, 9, 30))
    assert early.since == date(2026, 10, 1)


def test_an_ended_row_holds_no_more() -> None:
    assert provision("ad_consent", "CN", date(2026, 4, 30), Channel.SMS).certainty == "statute"
    assert provision("ad_consent", "CN", date(2026, 5, 1), Channel.SMS).certainty == "contested"


@pytest.mark.parametrize(
    ("jurisdiction", "channel", "expected"),
    [
        ("FR", Channel.SMS, ("08:00", "22:00")),
        ("FR", Channel.APP, ("08:00", "21:00")),
        ("US-KY", Channel.SMS, ("10:00", "21:00")),
        ("US-NY", Channel.SMS, ("08:00", "21:00")),
        ("IN", Channel.SMS, ("10:00", "21:00")),
        ("IN", Channel.WEB, ("08:00", "21:00")),
        ("SA", Channel.SMS, ("09:00", "20:00")),
        ("AE", Channel.SMS, ("08:00", "21:00")),
        ("JP", Channel.SMS, ("08:00", "21:00")),
        ("VN", Channel.SMS, ("08:00", "21:00")),
        ("KR", Channel.SMS, ("08:00", "21:00")),
    ],
)
def test_the_nearest_place_with_a_row_for_the_channel_decides(
    jurisdiction: str, channel: Channel, expected: tuple[str, str]
) -> None:
    assert provision("ad_window", jurisdiction, TODAY, channel).value == expected


def test_members_of_the_union_have_its_rows_and_their_own_first() -> None:
    assert provision("soft_opt_in", "NL", TODAY).jurisdiction == "EU"
    assert provision("soft_opt_in", "NO", TODAY).jurisdiction == "EU"  # EEA
    assert provision("soft_opt_in", "DE", TODAY).jurisdiction == "DE"
    assert provision("soft_opt_in", "GB", TODAY).jurisdiction == "GB"
    assert (union_of("CH"), union_of("GB"), union_of("FR")) == (None, None, "EU")
    assert (union_of("PR"), union_of("RE")) == ("US", "FR")
    assert provision("ad_window", "RE", TODAY, Channel.SMS).value == ("08:00", "22:00")
    assert provision("ad_sender", "RE", TODAY).jurisdiction == "EU"  # by way of France
    assert provision("ad_window", "PR", TODAY, Channel.SMS).jurisdiction == "US"
    assert has_profile("NL")
    assert not has_profile("VN")


def test_labels_and_senders_abroad() -> None:
    assert provision("ad_label", "SG", TODAY, Channel.SMS).value == "<ADV> "
    assert provision("sms_sender_prefix", "AE", TODAY, Channel.SMS).value == "AD-"
    assert provision("sms_sender_suffix", "SA", TODAY, Channel.SMS).value == "-AD"
    assert provision("ad_opt_out_words", "US", TODAY, Channel.SMS).value == ("STOP",)
    assert find_provision("ad_label", "US", TODAY, Channel.SMS) is None


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
