"""An audience of one, as guards say it."""

from __future__ import annotations

from engine.model.audience import ExpectedSize
from engine.model.workspace import Safety
from engine.plan import guards
from engine.plan.korean import KOREAN
from tests.message.factories import a_campaign
from tests.plan.making import NOW, some_facts


def test_one_person_is_no_people() -> None:
    one = some_facts(users=1)
    expected = guards.guard_expected_size(a_campaign(expect=ExpectedSize(minimum=2)), one)
    grown = guards.guard_growth(a_campaign(), one, 0, Safety(), NOW)
    assert expected is not None
    assert grown is not None
    assert expected.message == "1 person in the audience, expected 2…"
    assert grown.guard.message == "audience 0 → 1 person (+100.0%), limit +30%"
    assert KOREAN.find(expected.message) == "오디언스 1명, 예상 2…명"
