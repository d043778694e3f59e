"""Until when a judgement holds: the instants at which the clock alone changes the door's answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.kernel.instant import end_of_day, find_zone
from engine.law.consent import exception_ends_on
from engine.law.door import may_send, window_of
from engine.law.finish import duration_of
from engine.law.jurisdiction import SEOUL
from engine.law.windows import LOOK_AHEAD_DAYS, Closed, Open
from engine.model.delivery import DeliveryFacts

_AFTER = timedelta(microseconds=1)
"""Ends that are included (a wave's, a reading's age) change the answer just after."""
_AHEAD = timedelta(days=LOOK_AHEAD_DAYS)


def flips_at(facts: DeliveryFacts, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which `may_send(facts, …)` answers differently.

    None where it never does, as far as its windows are known (eight days ahead). Only time passes: a
    new reading of the facts is another question.
    """
    verdict = may_send(facts, now)
    edges = {edge for edge in _named_edges(facts) if edge > now}
    edges.update(_window_edges(facts, now))
    for edge in sorted(edges):
        if may_send(facts, edge) != verdict:
            return edge
    return None


def message_ends_at(facts: DeliveryFacts, now: datetime) -> datetime | None:
    """Return when a message handed over at `now` must vanish from a provider's queue, or None.

    A phone that is switched on at night must not show what was sent by day: the end of the window
    that is open at `now`. None where no window binds; `now` where it is closed.
    """
    window = window_of(facts, now)
    return window.until if isinstance(window, Open) else now


def last_start(
    closes_at: datetime,
    deliveries: int,
    rate_per_s: float,
    *,
    ramp: timedelta,
    fallback: timedelta = timedelta(0),
) -> datetime:
    """Return the latest start from which `deliveries` at `rate_per_s` are through by `closes_at`.

    The same length as in `finish_at`: ramp, sending, retries and `fallback`. A plan that starts later
    finishes after the window; one more second of rate or of time flips it.
    """
    return closes_at - duration_of(deliveries, rate_per_s, ramp=ramp, fallback=fallback).total


def _named_edges(facts: DeliveryFacts) -> tuple[datetime, ...]:
    edges = (
        facts.due_at,
        facts.planned_end + facts.late + _AFTER,
        facts.consent.read_at + facts.consent_max_age + _AFTER,
    )
    seoul = find_zone(SEOUL)
    if facts.ended_on is None or seoul is None:
        return edges
    return (*edges, end_of_day(exception_ends_on(facts.ended_on), seoul))


def _window_edges(facts: DeliveryFacts, at: datetime) -> Iterator[datetime]:
    """Yield when the window opens and closes next, with consent to the night and without."""
    for lifted in (False, True):
        edge: datetime | None = at
        while edge is not None and edge - at <= _AHEAD:
            window = window_of(facts, edge, lifted=lifted)
            edge = window.opens_at if isinstance(window, Closed) else window.until
            if edge is not None:
                yield edge
