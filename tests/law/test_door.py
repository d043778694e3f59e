"""The door: one reason per refusal, and the clock to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.law.door import may_send
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.delivery import (
    Allowed,
    Answer,
    DeliveryFacts,
    Denied,
    Held,
    SkipReason,
)
from tests.law.facts import DUE, NOON, a_consent, seoul, some_facts

MICROSECOND = timedelta(microseconds=1)


def test_a_consented_advertisement_at_noon_goes_out_until_nine() -> None:
    assert may_send(some_facts(), NOON) == Allowed(until=seoul("2026-09-24 21:00:00"))


@pytest.mark.parametrize(
    ("instant", "allowed"),
    [
        ("2026-09-24 20:59:59.999999", True),
        ("2026-09-24 21:00:00", False),
        ("2026-09-25 00:00:00", False),
        ("2026-09-25 07:59:59.999999", False),
        ("2026-09-25 08:00:00", True),
    ],
)
def test_the_korean_night_begins_at_nine_and_ends_at_eight(instant: str, allowed: bool) -> None:
    verdict = may_send(some_facts(), seoul(instant))
    assert isinstance(verdict, Allowed) is allowed
    if not allowed:
        assert verdict == Denied(reason=SkipReason.WINDOW)


def test_a_korean_resident_abroad_is_judged_on_both_clocks() -> None:
    facts = some_facts(zone="America/New_York")
    assert may_send(facts, NOON + timedelta(hours=3)) == Denied(reason=SkipReason.WINDOW)
    # 18:00 in New York is 07:00 in Seoul, 19:00 is 08:00.
    assert may_send(facts, datetime(2026, 9, 24, 22, 30, tzinfo=UTC)) == Denied(
        reason=SkipReason.WINDOW
    )
    assert may_send(facts, datetime(2026, 9, 24, 23, tzinfo=UTC)) == Allowed(
        until=datetime(2026, 9, 25, 1, tzinfo=UTC)
    )


def test_another_country_is_judged_on_the_recipients_own_clock() -> None:
    facts = some_facts(jurisdiction="US", zone="America/New_York")
    assert may_send(facts, datetime(2026, 9, 24, 12, tzinfo=UTC)) == Allowed(
        until=datetime(2026, 9, 25, 1, tzinfo=UTC)
    )
    assert may_send(facts, datetime(2026, 9, 25, 1, tzinfo=UTC)) == Denied(reason=SkipReason.WINDOW)


def test_an_informational_message_has_no_window() -> None:
    verdict = may_send(some_facts(advertising=False), seoul("2026-09-25 03:00"))
    assert verdict == Allowed(until=None)


def test_night_consent_lifts_the_night_only_where_the_campaign_asks_for_it() -> None:
    night = seoul("2026-09-24 23:00")
    yes, no = a_consent(night=Answer.YES), a_consent(night=Answer.NO)
    assert may_send(some_facts(consent=yes), night) == Denied(reason=SkipReason.WINDOW)
    asked = some_facts(night_consented_only=True, consent=yes)
    assert may_send(asked, night) == Allowed(until=None)
    for consent in (no, a_consent(night=Answer.UNKNOWN)):
        refused = some_facts(night_consented_only=True, consent=consent)
        assert may_send(refused, night) == Denied(reason=SkipReason.NO_NIGHT_CONSENT)
        assert isinstance(may_send(refused, NOON), Allowed)


def test_no_night_consent_lifts_kakaos_own_hours() -> None:
    facts = some_facts(
        channel=Channel.KAKAO,
        kakao_product=KakaoProduct.BRAND,
        night_consented_only=True,
        consent=a_consent(night=Answer.YES),
    )
    assert may_send(facts, seoul("2026-09-24 20:49:59.999999")) == Allowed(
        until=seoul("2026-09-24 20:50")
    )
    assert may_send(facts, seoul("2026-09-24 20:50")) == Denied(reason=SkipReason.WINDOW)
    assert may_send(facts, seoul("2026-09-25 07:59")) == Denied(reason=SkipReason.WINDOW)
    assert isinstance(may_send(facts, seoul("2026-09-25 08:00")), Allowed)


def test_alimtalk_may_go_out_at_night() -> None:
    facts = some_facts(
        channel=Channel.KAKAO, kakao_product=KakaoProduct.ALIMTALK, advertising=False
    )
    assert may_send(facts, seoul("2026-09-25 02:00")) == Allowed(until=None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"enabled": False}, SkipReason.DISABLED),
        ({"consent": a_consent(service=Answer.NO)}, SkipReason.SERVICE_OFF),
        ({"suppressed": True}, SkipReason.SUPPRESSED),
        ({"minor": True}, SkipReason.MINOR),
        ({"consent": a_consent(ad=Answer.NO)}, SkipReason.NO_CONSENT),
        ({"consent": a_consent(ad=Answer.UNKNOWN)}, SkipReason.UNKNOWN_CONSENT),
    ],
)
def test_what_a_person_refused_is_named_at_any_hour(
    changes: dict[str, object], reason: SkipReason
) -> None:
    assert may_send(some_facts(**changes), NOON) == Denied(reason=reason)
    assert may_send(some_facts(**changes), seoul("2026-09-24 23:00")) == Denied(reason=reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"suppressed": True},
        {"minor": True},
        {"consent": a_consent(ad=Answer.NO)},
        {"consent": a_consent(ad=Answer.UNKNOWN)},
    ],
)
def test_refusals_of_advertisements_leave_informational_messages_alone(
    changes: dict[str, object],
) -> None:
    assert isinstance(may_send(some_facts(advertising=False, **changes), NOON), Allowed)


@pytest.mark.parametrize("service", [Answer.NO])
def test_a_refused_service_stops_every_type(service: Answer) -> None:
    facts = some_facts(advertising=False, consent=a_consent(service=service))
    assert may_send(facts, NOON) == Denied(reason=SkipReason.SERVICE_OFF)


def test_nothing_goes_out_before_it_is_due() -> None:
    assert may_send(some_facts(), DUE - MICROSECOND) == Held(reason="not_due")
    assert isinstance(may_send(some_facts(), DUE), Allowed)


def test_a_change_within_the_last_hour_is_missed_unless_waived() -> None:
    late = some_facts(changed_at=DUE - timedelta(hours=1) + MICROSECOND)
    assert may_send(late, NOON) == Denied(reason=SkipReason.MISSED)
    waived = some_facts(changed_at=DUE - timedelta(minutes=1), lead_waived=True)
    assert isinstance(may_send(waived, NOON), Allowed)


def test_a_wave_ends_at_its_planned_end_plus_late() -> None:
    facts = some_facts(planned_end=DUE + timedelta(minutes=10))
    assert isinstance(may_send(facts, DUE + timedelta(minutes=40)), Allowed)
    assert may_send(facts, DUE + timedelta(minutes=40) + MICROSECOND) == Denied(
        reason=SkipReason.MISSED
    )


def test_an_old_reading_holds_an_advertisement_only() -> None:
    aged = {"consent_max_age": timedelta(minutes=10), "consent": a_consent(read_at=DUE)}
    now = DUE + timedelta(minutes=10)
    assert isinstance(may_send(some_facts(**aged), now), Allowed)
    assert may_send(some_facts(**aged), now + MICROSECOND) == Held(reason="stale_consent")
    assert isinstance(may_send(some_facts(advertising=False, **aged), now + MICROSECOND), Allowed)


def test_an_old_reading_never_outlives_the_wave() -> None:
    facts = some_facts(
        planned_end=DUE,
        consent_max_age=timedelta(minutes=1),
        consent=a_consent(read_at=DUE - timedelta(days=1)),
    )
    assert may_send(facts, DUE + timedelta(minutes=31)) == Denied(reason=SkipReason.MISSED)


NEW_YORK_NOON = datetime(2026, 9, 24, 16, tzinfo=UTC)


def a_text(**changes: Any) -> DeliveryFacts:
    return some_facts(channel=Channel.SMS, jurisdiction="US", zone="America/New_York", **changes)


@pytest.mark.parametrize(
    ("region", "closes"),
    [
        ("US-NY", 21),  # federal hours
        ("US-FL", 20),
        ("US-CT", 20),
        ("US-RI", 18),
        (None, 18),  # the strictest
        ("somewhere", 18),
    ],
)
def test_a_text_to_the_united_states_ends_with_the_state(region: str | None, closes: int) -> None:
    until = datetime(2026, 9, 24, tzinfo=UTC) + timedelta(hours=closes + 4)
    facts = a_text(region=region)
    assert may_send(facts, NEW_YORK_NOON) == Allowed(until=until)
    assert isinstance(may_send(facts, until - MICROSECOND), Allowed)
    assert may_send(facts, until) == Denied(reason=SkipReason.WINDOW)


def test_a_text_to_france_rests_on_sundays_and_holidays_and_a_push_does_not() -> None:
    french = {"jurisdiction": "FR", "zone": "Europe/Paris"}
    sunday, armistice = (
        datetime(2026, 9, 27, 10, tzinfo=UTC),
        datetime(2026, 11, 11, 10, tzinfo=UTC),
    )
    for now in (sunday, armistice):
        text = may_send(some_facts(channel=Channel.SMS, **french), now)
        assert text == Denied(reason=SkipReason.WINDOW)
        assert isinstance(may_send(some_facts(channel=Channel.WEB, **french), now), Allowed)


def test_consent_to_the_night_opens_no_foreign_law() -> None:
    night = datetime(2026, 9, 25, 3, tzinfo=UTC)  # 23:00 in New York
    agreed = {"night_consented_only": True, "consent": a_consent(night=Answer.YES)}
    assert may_send(a_text(region="US-NY", **agreed), night) == Denied(reason=SkipReason.WINDOW)
    push = some_facts(jurisdiction="US", zone="America/New_York", **agreed)
    assert may_send(push, night) == Allowed(until=None)


def test_an_informational_text_may_go_at_any_hour_anywhere() -> None:
    sunday_night = datetime(2026, 9, 28, 3, tzinfo=UTC)
    assert may_send(a_text(advertising=False), sunday_night) == Allowed(until=None)
