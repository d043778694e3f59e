"""When to leave a provider alone: a circuit breaker per account, fed with outcomes.

Closed: everything goes. A provider that cannot be reached, asks for a rest, or fails many times in
a row opens it. Open: nothing goes until `open_until`. After that a trickle goes; the first answer
that is no trouble closes the breaker, further trouble opens it for longer. What was in flight when
it opened says nothing new and is not counted.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

from engine.kernel.frozen import frozen
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Refused, Silent

FAILURES_IN_A_ROW = 20
"""Errors and silences without anything between them that open a closed breaker. Ours: with one
failure in three by chance it happens once in three thousand million messages."""

FAILURES_OF_A_TRICKLE = 3
TRICKLE = 5
"""How many are in flight at most while it is not known whether the provider is back."""

FIRST_REST_S, LONGEST_REST_S = 5.0, 300.0
_JITTER = 0.25


@frozen
class Breaker:
    """`failures` in a row; `openings` since the provider last worked; steady seconds `open_until`."""

    failures: int = 0
    openings: int = 0
    open_until: float = -math.inf


def feed(breaker: Breaker, outcome: Outcome, at: float, *, seed: str) -> Breaker:
    """Return the breaker after `outcome`, which came at `at` (steady seconds).

    `seed` is the account and the worker: their rests end at different instants. If `open_until`
    of the answer is later than before, the account is to be blocked until then.
    """
    asked = _asked_rest(outcome)
    if at < breaker.open_until:
        until = max(breaker.open_until, at + (asked or 0.0))
        return replace(breaker, open_until=until)
    match outcome:
        case Accepted() | Refused():
            return Breaker()
        case NotActed(opens_breaker=False):
            return breaker
        case NotActed():
            return _open(breaker, asked, at, seed)
        case AnsweredError() | Silent():
            failures = breaker.failures + 1
            enough = FAILURES_OF_A_TRICKLE if breaker.openings else FAILURES_IN_A_ROW
            if asked is not None or failures >= enough:
                return _open(breaker, asked, at, seed)
            return replace(breaker, failures=failures)


def room(breaker: Breaker, in_flight: int, at: float) -> int | None:
    """Return how many more may be handed over at `at`; None where the breaker sets no limit."""
    if at < breaker.open_until:
        return 0
    if breaker.openings:
        return max(0, TRICKLE - in_flight)
    return None


def rest_s(openings: int, seed: str) -> float:
    """Return how long the breaker stays open the `openings`-th time in a row.

    It doubles from 5 s to 5 min; up to a quarter is added, so that workers do not come back at once.
    """
    raw = hashlib.sha256(f"{seed}:{openings}".encode()).digest()
    doubled: float = FIRST_REST_S * 2 ** min(openings - 1, 10)
    return min(doubled, LONGEST_REST_S) * (1 + _JITTER * int.from_bytes(raw[:4], "big") / 2**32)


def _open(breaker: Breaker, asked: float | None, at: float, seed: str) -> Breaker:
    openings = breaker.openings + 1
    rest = max(asked or 0.0, rest_s(openings, seed))
    return Breaker(openings=openings, open_until=at + rest)


def _asked_rest(outcome: Outcome) -> float | None:
    """Return the rest that the provider asked everybody for (Retry-After), in seconds."""
    match outcome:
        case NotActed(opens_breaker=True, retry_after_s=asked) | AnsweredError(retry_after_s=asked):
            return asked
        case _:
            return None
