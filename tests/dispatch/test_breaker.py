"""When a provider is left alone, for how long, and what brings it back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dispatch.breaker import (
    FAILURES_IN_A_ROW,
    FAILURES_OF_A_TRICKLE,
    FIRST_REST_S,
    LONGEST_REST_S,
    TRICKLE,
    Breaker,
    feed,
    rest_s,
    room,
)
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Refused, Silent

OK = Accepted()
ERROR = AnsweredError(code="INTERNAL")
SILENCE = Silent(code="curl-28")
NO_CONNECTION = NotActed(code="curl-7", retry_after_s=5.0, opens_breaker=True)
QUOTA = NotActed(code="QUOTA_EXCEEDED", retry_after_s=60.0, opens_breaker=True)
REFUSED_STREAM = NotActed(code="REFUSED_STREAM", retry_after_s=0.0)
IN_FLIGHT: list[Outcome] = [ERROR, SILENCE] * 500
DEAD = Refused(reason=FailReason.UNREGISTERED, code="UNREGISTERED", dead_address=True)


def fed(breaker: Breaker, *outcomes: Outcome, at: float = 0.0) -> Breaker:
    for outcome in outcomes:
        breaker = feed(breaker, outcome, at, seed="fcm:shop")
    return breaker


@pytest.mark.parametrize("trouble", [ERROR, SILENCE])
def test_a_run_of_failures_opens_it_and_one_less_does_not(trouble: Outcome) -> None:
    almost = fed(Breaker(), *[trouble] * (FAILURES_IN_A_ROW - 1))
    assert room(almost, 1000, 0.0) is None
    opened = fed(almost, trouble)
    assert room(opened, 0, 0.0) == 0
    assert FIRST_REST_S <= opened.open_until <= FIRST_REST_S * 1.25


@pytest.mark.parametrize("between", [OK, DEAD])
def test_any_other_answer_ends_the_run(between: Outcome) -> None:
    run = [ERROR] * (FAILURES_IN_A_ROW - 1)
    assert room(fed(Breaker(), *run, between, *run), 0, 0.0) is None


def test_a_refused_stream_says_nothing_about_the_provider() -> None:
    run = [ERROR] * (FAILURES_IN_A_ROW - 1)
    breaker = fed(Breaker(), *run, *[REFUSED_STREAM] * 100)
    assert room(breaker, 0, 0.0) is None
    assert room(fed(breaker, ERROR), 0, 0.0) == 0


@pytest.mark.parametrize(
    ("outcome", "rest"),
    [(QUOTA, 60.0), (AnsweredError(code="UNAVAILABLE", retry_after_s=11.0), 11.0)],
)
def test_the_provider_gets_the_rest_that_it_asks_for_at_once(outcome: Outcome, rest: float) -> None:
    assert fed(Breaker(), outcome, at=100.0).open_until == 100.0 + rest


def test_a_longer_rest_asked_for_meanwhile_counts_and_a_shorter_does_not() -> None:
    opened = fed(Breaker(), NO_CONNECTION)
    longer = fed(opened, QUOTA, at=1.0)
    assert (longer.open_until, longer.openings) == (61.0, 1)
    assert fed(longer, NO_CONNECTION, ERROR, SILENCE, at=2.0) == longer


def test_what_was_in_flight_when_it_opened_changes_nothing() -> None:
    opened = fed(Breaker(), NO_CONNECTION)
    assert fed(opened, *IN_FLIGHT, OK, DEAD, at=1.0) == opened


def test_after_the_rest_a_trickle_goes_until_something_works() -> None:
    opened = fed(Breaker(), NO_CONNECTION)
    later = opened.open_until
    assert [room(opened, n, later) for n in (0, 3, TRICKLE, 900)] == [TRICKLE, TRICKLE - 3, 0, 0]
    assert fed(opened, OK, at=later) == Breaker()
    assert fed(opened, DEAD, at=later) == Breaker()


def test_a_trickle_that_fails_opens_it_for_longer() -> None:
    breaker = silent = Breaker()
    rests, at = [], 0.0
    for _ in range(9):
        breaker = fed(breaker, NO_CONNECTION, at=at)
        rests.append(breaker.open_until - at)
        at = breaker.open_until
        silent = fed(breaker, *[SILENCE] * (FAILURES_OF_A_TRICKLE - 1), at=at)
        assert room(silent, 0, at) == TRICKLE
    assert all(after > before for before, after in pairwise(rests[:7]))
    assert all(LONGEST_REST_S <= rest <= LONGEST_REST_S * 1.25 for rest in rests[6:])
    assert fed(silent, SILENCE, at=at).openings == 10


def test_workers_do_not_come_back_together() -> None:
    rests = {rest_s(1, f"worker-{number}") for number in range(50)}
    assert len(rests) == 50
    assert rest_s(1, "worker-1") == rest_s(1, "worker-1")


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([OK, ERROR, SILENCE, NO_CONNECTION, QUOTA, REFUSED_STREAM, DEAD]),
        st.floats(0, 90),
    ),
    max_size=60,
)


@given(EVENTS)
@settings(max_examples=200, deadline=None)
def test_it_never_shortens_a_rest_and_always_lets_something_through_again(
    events: list[tuple[Outcome, float]],
) -> None:
    breaker, at = Breaker(), 0.0
    for outcome, pause in events:
        at += pause
        after = feed(breaker, outcome, at, seed="s")
        if at < breaker.open_until:
            assert after.open_until >= breaker.open_until
        assert after.open_until - at <= LONGEST_REST_S * 1.25
        breaker = after
    end = max(at, breaker.open_until)
    assert room(breaker, 0, end) in (None, TRICKLE)
    assert room(fed(breaker, OK, at=end), 0, end) is None
