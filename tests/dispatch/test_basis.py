"""When a purchase may stand in for a consent, as the gate tells the door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.dispatch.gate import bought_on
from engine.model.legal import TransactionException
from tests.dispatch.world import a_target
from tests.message.factories import a_campaign

TARGET = a_target(values={"user.bought_on": "2026-09-01"})


def declared(**changes: Any) -> TransactionException:
    whole = {"ended_at": "user.bought_on", "direct": True, "same_goods": True}
    return TransactionException(**(whole | changes))


def test_the_day_is_that_of_the_declared_source() -> None:
    assert bought_on(a_campaign(exception=declared()), TARGET) == date(2026, 9, 1)
    other = declared(ended_at="user.joined_on")
    assert bought_on(a_campaign(exception=other), TARGET) is None


@pytest.mark.parametrize("missing", ["direct", "same_goods"])
def test_an_exception_that_is_not_complete_is_none(missing: str) -> None:
    assert bought_on(a_campaign(exception=declared(**{missing: False})), TARGET) is None
    assert bought_on(a_campaign(), TARGET) is None
