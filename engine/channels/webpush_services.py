"""What push services answer, and how each of them stands with us.

There are a handful of push services (Chrome's, Mozilla's, Apple's, Microsoft's) behind one channel,
and anybody can name one more. So each origin is judged, and waited for, on its own: what one of them
refuses or delays says nothing about the others. Statuses: RFC 8030 §5, RFC 8292 §4.2; read by
number, never by the words beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.channels.exchange import BARRED_ADDRESS, REFUSED_STREAM, Answered, NeverSent, Result
from engine.channels.json_body import read_object
from engine.channels.retry_after import UNREACHABLE_WAIT_S, read_retry_after
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Refused, Silent

QUOTA_WAIT_S = 60.0
"""How long an origin is left alone after 429 without Retry-After."""

SILENCE_WAIT_S = 30.0
"""How long an origin is left alone after `SILENCES` requests in a row got no answer."""

SILENCES = 3
TRIALS = 3
"""So many refusals of an origin that never took anything are waited over: others may go through."""

TRIAL_WAIT_S = 2.0
STREAK = 10
"""So many refusals in a row are blamed on subscriptions; after that it is we who are refused."""

_RESUMED_PER_S = 500.0
"""How fast what waited for an origin comes back to it, lest all of it come at once."""

_MOST_SERVICES = 1000
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)


@dataclass(slots=True)
class _Standing:
    """One origin. `refusals` and `silences` are counted since it last took a message."""

    proven: bool = False
    refusals: int = 0
    silences: int = 0
    held_until: float = float("-inf")
    waiting: int = 0


class PushServices:
    """The standing of every origin that was sent to. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._known: dict[str, _Standing] = {}
        self._doubts = 0

    def wait_s(self, service: str) -> float | None:
        """Return for how long to leave `service` alone, a little longer each time; None if not."""
        standing = self._standing(service)
        left = standing.held_until - self._monotonic()
        if left <= 0:
            return None
        standing.waiting += 1
        return left + standing.waiting / _RESUMED_PER_S

    def read(self, service: str, result: Result, now: datetime) -> Outcome:
        """Return the outcome of one request to `service` that ended at `now`."""
        standing = self._standing(service)
        if isinstance(result, Answered):
            standing.silences = 0
            return self._read_answer(standing, result, now)
        if isinstance(result, NeverSent):
            if result.code == REFUSED_STREAM:
                return NotActed(code=result.code, retry_after_s=0.0)
            if result.code == BARRED_ADDRESS:
                return Refused(reason=FailReason.BAD_ADDRESS, code=result.code)
            return self._hold(standing, result.code, UNREACHABLE_WAIT_S)
        standing.silences += 1
        if standing.silences >= SILENCES:
            self._hold(standing, result.code, SILENCE_WAIT_S)
        return Silent(code=result.code)

    def _read_answer(self, standing: _Standing, answer: Answered, now: datetime) -> Outcome:
        if answer.status in (200, 201, 202, 204):
            standing.proven = True
            standing.refusals = self._doubts = 0
            return Accepted(provider_id=answer.headers().get("location") or None)
        code = read_code(answer)
        if answer.status in (404, 410):
            return Refused(reason=FailReason.UNREGISTERED, code=code, dead_address=True)
        if answer.status == 413:
            return Refused(reason=FailReason.TOO_LARGE, code=code)
        wait = read_retry_after(answer.headers(), now)
        if answer.status == 429:
            return self._hold(standing, code, QUOTA_WAIT_S if wait is None else wait)
        if answer.status == 408 or answer.status >= 500:
            return AnsweredError(code=code, retry_after_s=wait)
        return self._doubt(standing, answer.status, code)

    def _doubt(self, standing: _Standing, status: int, code: str) -> Outcome:
        """Say whose fault a refusal is: this subscription's, this origin's, or ours.

        A subscription made with another VAPID key is refused with the same status as a key that is
        wrong for everybody. Whether others went through tells them apart.
        """
        standing.refusals += 1
        self._doubts += 1
        if standing.proven and standing.refusals <= STREAK:
            if status in (401, 403):
                return Refused(reason=FailReason.SENDER_MISMATCH, code=code, dead_address=True)
            reason = FailReason.BAD_ADDRESS if status == 400 else FailReason.REFUSED
            return Refused(reason=reason, code=code)
        if not standing.proven and standing.refusals <= TRIALS:
            return NotActed(code=code, retry_after_s=TRIAL_WAIT_S)
        systemic = self._doubts > TRIALS
        if systemic and status in (401, 403):
            return NotActed(code=code, systemic=True)
        return Refused(reason=FailReason.REFUSED, code=code, systemic=systemic)

    def _hold(self, standing: _Standing, code: str, seconds: float) -> NotActed:
        now = self._monotonic()
        if standing.held_until <= now:
            standing.waiting = 0
        standing.held_until = max(standing.held_until, now + seconds)
        # Only where no origin is left to send to does everything wait.
        nobody_left = all(each.held_until > now for each in self._known.values())
        return NotActed(code=code, retry_after_s=seconds, opens_breaker=nobody_left)

    def _standing(self, service: str) -> _Standing:
        standing = self._known.get(service)
        if standing is None:
            if len(self._known) >= _MOST_SERVICES:
                self._forget_one()
            standing = self._known[service] = _Standing()
        return standing

    def _forget_one(self) -> None:
        # Strangers' origins come and go; one that took messages is the last to be forgotten.
        oldest = next((name for name, each in self._known.items() if not each.proven), None)
        del self._known[next(iter(self._known)) if oldest is None else oldest]


def read_code(answer: Answered) -> str:
    """Return a short name of an error: the service's own word or number where it gives one.

    Apple answers `{"reason": "BadJwtToken"}`, Mozilla `{"errno": 109}` (autopush, "Error Codes").
    """
    parsed = read_object(answer.body[:4096])
    reason, number = parsed.get("reason"), parsed.get("errno")
    if isinstance(reason, str) and _WORD.fullmatch(reason):
        return reason
    if type(number) is int and 0 < number < 1000:
        return f"ERRNO_{number}"
    return f"HTTP_{answer.status}"
