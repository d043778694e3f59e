"""What a source's value becomes: its type, or missing."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.message.conversion import convert
from engine.message.values import sample_values, values_for
from engine.model.message import MissingValue
from engine.model.template import VariableType as T
from tests.message.factories import a_campaign, a_template, a_variable

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("민지", T.STRING, "민지"),
        ("  민지 ", T.STRING, "민지"),
        ("", T.STRING, None),
        (" \t", T.STRING, None),
        (None, T.STRING, None),
        (3, T.STRING, "3"),
        (30.0, T.STRING, "30"),
        (True, T.STRING, None),
        (float("nan"), T.STRING, None),
        ("민지\n(광고)", T.STRING, "민지 (광고)"),
        ("가" * 2001, T.STRING, None),
        ("30", T.INTEGER, 30),
        (" -7 ", T.INTEGER, -7),
        (30.0, T.INTEGER, 30),
        (30.5, T.INTEGER, None),
        ("30.0", T.INTEGER, None),
        ("삼십", T.INTEGER, None),
        ("३", T.INTEGER, None),
        (True, T.INTEGER, None),
        ("9" * 19, T.INTEGER, None),
        (float("inf"), T.INTEGER, None),
        ("0.5", T.NUMBER, 0.5),
        ("12", T.NUMBER, 12),
        ("1e9", T.NUMBER, None),
        ("nan", T.NUMBER, None),
        (float("nan"), T.NUMBER, None),
        (False, T.NUMBER, None),
        ("yes", T.BOOLEAN, True),
        ("N", T.BOOLEAN, False),
        (1, T.BOOLEAN, True),
        (False, T.BOOLEAN, False),
        ("아마도", T.BOOLEAN, None),
        (2, T.BOOLEAN, None),
        ("2026-09-24", T.DATE, date(2026, 9, 24)),
        ("2026-09-24T01:00:00Z", T.DATE, date(2026, 9, 23)),
        ("2026-02-30", T.DATE, None),
        ("24.9.2026", T.DATE, None),
        (20260924, T.DATE, None),
        ("2026-09-24 10:00", T.DATETIME, datetime(2026, 9, 23, 21, 0, tzinfo=NEW_YORK)),
        ("2026-09-24", T.DATETIME, datetime(2026, 9, 23, 11, 0, tzinfo=NEW_YORK)),
        ("2026-09-24T10:00:00.123456Z", T.DATETIME, datetime(2026, 9, 24, 6, 0, tzinfo=NEW_YORK)),
        ("0001-01-01T00:00:00Z", T.DATETIME, None),
        ("내일", T.DATETIME, None),
    ],
)
def test_a_value_of_the_wrong_type_counts_as_missing(raw, kind, value):
    found = convert(raw, kind, NEW_YORK, SEOUL)
    assert found == value
    assert type(found) is type(value)


def test_values_for_every_source():
    template = a_template(
        None,
        a_variable("name", default="고객"),
        a_variable("item", source="derived.favourite"),
        a_variable("discount", type=T.INTEGER, source="with.discount"),
        a_variable("shop", source="campaign.sender"),
        a_variable("phone", source="campaign.contact"),
    )
    campaign = a_campaign(template, values={"discount": 30})
    variant = campaign.variants[0]
    values = values_for(variant, campaign, {"user.name": None, "derived.favourite": "송편"})
    expected = {
        "name": "고객",
        "item": "송편",
        "discount": 30,
        "shop": "샘플샵",
        "phone": "1588-0000",
    }
    assert values == expected
    assert values_for(variant, campaign, {}) == MissingValue(variable="item", skip=False)


def test_samples_stand_for_people_and_the_campaigns_own_values_are_real():
    template = a_template(
        None,
        a_variable("name", sample="춘향"),
        a_variable("discount", type=T.INTEGER, source="with.discount", sample=99),
        a_variable("grade", sample=None, default="gold"),
    )
    campaign = a_campaign(template, values={"discount": 30})
    values = sample_values(campaign.variants[0], campaign)
    assert values == {"name": "춘향", "discount": 30, "grade": "gold"}


def test_a_variable_that_the_campaign_does_not_give_is_missing():
    template = a_template(None, a_variable("discount", type=T.INTEGER, source="with.discount"))
    campaign = a_campaign(template)
    missing = MissingValue(variable="discount", skip=False)
    assert sample_values(campaign.variants[0], campaign) == missing
