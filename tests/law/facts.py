"""Deliveries that the door lets through, to be spoiled one fact at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.model.channel import Channel
from engine.model.delivery import Answer, ConsentReading, DeliveryFacts

NOON = datetime(2026, 9, 24, 3, tzinfo=UTC)  # 12:00 in Seoul
DUE = datetime(2026, 9, 24, 1, tzinfo=UTC)


def seoul(text: str) -> datetime:
    """Return the instant of a wall-clock text in Korea, which has had no summer time since 1988."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=9)


def a_consent(**changes: Any) -> ConsentReading:
    yes = ConsentReading(ad=Answer.YES, night=Answer.UNKNOWN, service=Answer.YES, read_at=NOON)
    return replace(yes, **changes)


def some_facts(**changes: Any) -> DeliveryFacts:
    facts = DeliveryFacts(
        channel=Channel.APP,
        advertising=True,
        kakao_product=None,
        jurisdiction="KR",
        zone="Asia/Seoul",
        night_consented_only=False,
        consent=a_consent(),
        suppressed=False,
        enabled=True,
        minor=False,
        due_at=DUE,
        changed_at=DUE - timedelta(hours=1),
        lead_waived=False,
        planned_end=datetime(2027, 12, 31, tzinfo=UTC),
        late=timedelta(minutes=30),
        consent_max_age=timedelta(days=3650),
    )
    return replace(facts, **changes)
