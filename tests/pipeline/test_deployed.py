"""What git remembers of a state, against the state that is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.deployment import StateIdentity
from engine.pipeline.deployed import state_loss

ONE = StateIdentity(lineage="aaaaaaaa-1111", serial=5)


@pytest.mark.parametrize(
    ("remembered", "found", "said"),
    [
        (None, None, None),
        (None, ONE, None),
        (ONE, ONE, None),
        (ONE, replace(ONE, serial=6), None),
        (ONE, None, "git remembers state aaaaaaaa #5, there is none"),
        (ONE, replace(ONE, serial=4), "git remembers serial 5, this state is at 4"),
        (
            ONE,
            StateIdentity(lineage="bbbbbbbb-2222", serial=99),
            "git remembers state aaaaaaaa, this one is bbbbbbbb",
        ),
    ],
)
def test_when_a_state_is_lost(
    remembered: StateIdentity | None, found: StateIdentity | None, said: str | None
) -> None:
    assert state_loss(remembered, found) == said
