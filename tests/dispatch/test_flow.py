"""How a worker heeds a provider in trouble, and how it grows to full speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest

from engine.dispatch.breaker import FAILURES_IN_A_ROW, TRICKLE
from engine.dispatch.hand_over import FIRST
from engine.law.ramp import FIRST_SHARE
from engine.model.delivery import FailReason
from engine.model.deployment import Status
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)
from engine.model.workspace import Safety
from tests.dispatch.world import APP, DUE, Provider, World, names, targets
from tests.state.world import HandClock

Make = Callable[..., World]


def times(here: World) -> list[float]:
    first = here.providers[APP].handed[0][0]
    return [at - first for at, _ in here.providers[APP].handed]


@pytest.mark.parametrize("rate", [100.0, None])
def test_a_rest_that_was_asked_for_is_kept_with_and_without_a_rate(
    world: Make, rate: float | None
) -> None:
    here = world(shards={0: targets(names(200))}, rates_per_s={APP: rate}, clock=HandClock(DUE))
    here.providers[APP].slots = 20
    here.providers[APP].script.append(NotActed(code="429", retry_after_s=40.0, opens_breaker=True))

    here.run_shard()

    quiet = max(after - before for before, after in pairwise(times(here)))
    assert 39 < quiet < 42


def test_after_a_rest_a_trickle_goes_first(world: Make) -> None:
    here = world(shards={0: targets(names(100))}, clock=HandClock(DUE))
    provider = here.providers[APP]
    provider.slots = 40
    down_until = here.clock.monotonic() + 30

    def answer(_: Outgoing) -> Outcome:
        if here.clock.monotonic() < down_until:
            return NotActed(code="curl-7", retry_after_s=5.0, opens_breaker=True)
        return Accepted(provider_id="p")

    provider.answer = answer

    here.run_shard()

    at = [round(moment, 1) for moment in times(here)]
    bursts = [at.count(moment) for moment in sorted(set(at))]
    # A few at first; then trickles, until one is accepted: then all the rest.
    assert bursts[0] == FIRST
    assert all(size <= TRICKLE for size in bursts[1:3])
    rests = [b - a for a, b in pairwise(sorted(set(at)))]
    assert 5 <= rests[0] <= 7
    assert rests[1] > rests[0], "the longer it lasts the longer the rest"
    assert set(here.states().values()) == {"sent"}


@pytest.mark.parametrize("outcome", [AnsweredError(code="503"), Silent(code="timeout")])
def test_failures_in_a_row_stop_the_flow_before_everybody_is_in_doubt(
    world: Make, outcome: Outcome
) -> None:
    here = world(shards={0: targets(names(400))}, clock=HandClock(DUE))
    provider = here.providers[APP]
    provider.slots = FAILURES_IN_A_ROW
    began = here.clock.monotonic()
    provider.answer = lambda _: outcome if here.clock.monotonic() - began < 20 else None

    here.run_shard()

    in_trouble = sum(1 for _, found in provider.outcomes if found is outcome)
    assert in_trouble <= FAILURES_IN_A_ROW + 3 * TRICKLE
    assert len(set(provider.names())) == 400


class Counting(Provider):
    """Notes how many came at once."""

    def __init__(self, here: World) -> None:
        super().__init__(here.clock, account="app")
        self.lots: list[int] = []
        here.providers[APP] = self

    def submit(self, batch: Sequence[Outgoing]) -> None:
        self.lots.append(len(batch))
        super().submit(batch)


def test_what_is_wrong_for_everybody_costs_a_few_their_message(world: Make) -> None:
    here = world(shards={0: targets(names(300))})
    provider = Counting(here)
    denied = Refused(reason=FailReason.REFUSED, code="PERMISSION_DENIED", systemic=True)
    provider.answer = lambda _: denied

    here.dispatch()

    assert provider.lots == [FIRST]
    assert list(here.states().values()) == ["failed refused"] * FIRST


@pytest.mark.parametrize(
    "outcome",
    [Refused(reason=FailReason.SENDER_MISMATCH, code="MISMATCH"), Silent(code="timeout")],
)
def test_a_few_go_first_until_one_is_taken(world: Make, outcome: Outcome) -> None:
    here = world(shards={0: targets(names(300))}, safety=Safety(max_failed=1.0))
    provider = Counting(here)
    provider.answer = lambda _: outcome if len(provider.lots) == 1 else None

    here.run_shard()

    assert provider.lots == [FIRST, FIRST, 300 - 2 * FIRST]


def test_a_provider_that_knew_an_address_is_given_all(world: Make) -> None:
    here = world(shards={0: targets(names(300))})
    provider = Counting(here)
    dead = Refused(reason=FailReason.UNREGISTERED, code="404", dead_address=True)
    provider.answer = lambda _: dead

    here.run_shard()

    assert provider.lots == [FIRST, 300 - FIRST]


def test_a_send_grows_to_its_rate(world: Make) -> None:
    here = world(shards={0: targets(names(900))}, rates_per_s={APP: 20.0}, clock=HandClock(DUE))
    lease = here.lease()
    assert lease is not None

    here.worker(lease, here.tools(ramps={APP: timedelta(seconds=30)})).run()

    at = times(here)
    first = sum(moment < 5 for moment in at)
    assert 20 * FIRST_SHARE * 5 * 0.5 <= first <= 20 * 5 * 0.4
    late = sum(35 <= moment < 45 for moment in at)
    assert late == pytest.approx(200, rel=0.1)
    by_second = [sum(s <= moment < s + 5 for moment in at) for s in (0, 5, 10, 15, 20, 25)]
    assert by_second == sorted(by_second)


def test_without_a_ramp_the_first_second_is_like_the_last(world: Make) -> None:
    here = world(shards={0: targets(names(100))}, rates_per_s={APP: 20.0}, clock=HandClock(DUE))

    here.dispatch()

    assert times(here)[-1] <= 100 / 20 + 0.5
    assert here.status() is Status.COMPLETED
