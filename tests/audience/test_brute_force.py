"""Random small worlds and conditions: the SQL finds exactly whom plain loops find."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kernel.digest import keyed_hash
from tests.audience import strategies
from tests.audience.brute_force import Loops
from tests.audience.world import AT, KEY, a_campaign, a_world


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    users=strategies.users,
    devices=strategies.devices,
    events=strategies.events,
    conditions=st.lists(strategies.conditions, min_size=4, max_size=8),
)
def test_the_database_finds_whom_plain_loops_find(users, devices, events, conditions):
    reached = frozenset({keyed_hash(KEY, "recipient", "u1"), keyed_hash(KEY, "recipient", "u9")})
    loops = Loops(users, devices, events, AT, reached)
    with (
        tempfile.TemporaryDirectory() as folder,
        a_world(Path(folder), users, devices, events, reached=lambda _node, _at: reached) as people,
    ):
        for condition in conditions:
            expected = loops.members(condition)
            assert expected == set(people.sample(condition, {}, AT, 100)), condition
            assert len(expected) == people.size(condition, {}, AT)
        audience, *rest = conditions
        change = people.membership(
            a_campaign(rest[0]), a_campaign(audience, exclude=(rest[1],)), AT
        )
        before = loops.members(rest[0])
        now = loops.members(audience) - loops.members(rest[1])
        assert (len(before), len(now)) == (change.before, change.now)
        assert (len(now - before), len(before - now)) == (change.entering, change.leaving)
