"""From a provider's outcome to the ledger: sent, failed, unknown, or deferred with a time."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from engine.model.channel import Channel
from engine.model.delivery import DeliveryState, FailReason
from engine.model.deployment import Claim, Settlement
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Refused,
    Silent,
)

MAX_ATTEMPTS = 8
"""After so many hand-overs a delivery is given up: with backoff that is about 20 minutes."""

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 2.0, 600.0
_REPLACING = (Channel.APP, Channel.WEB)
"""Channels whose collapse key makes a second copy replace the first (design §8.6)."""


def settlement(
    claim: Claim,
    attempt: int,
    outcome: Outcome,
    *,
    now: datetime,
    resend_unknown: bool,
    reports_later: bool = False,
) -> Settlement:
    """Return what the ledger is told about one outcome.

    `resend_unknown` (`on_unknown: resend`) treats silence like an error answer, on app and web only.
    `reports_later`: the vendor can be asked later what became of what it took, or may have taken.
    """
    replacing = Channel(claim.channel) in _REPLACING
    match outcome:
        case Accepted(provider_id=provider_id):
            return Settlement(
                claim=claim,
                attempt=attempt,
                state=DeliveryState.SENT,
                provider_id=provider_id,
                awaits_result=reports_later,
            )
        case Refused(reason=reason, dead_address=dead, spoilt_address=spoilt):
            return Settlement(
                claim=claim,
                attempt=attempt,
                state=DeliveryState.FAILED,
                reason=reason,
                dead_address=dead,
                spoilt_address=spoilt,
            )
        case NotActed(code=code, systemic=True):
            # The halt that follows is what it waits for, so it is never given up.
            return Settlement(
                claim=claim,
                attempt=attempt,
                state=DeliveryState.DEFERRED,
                reason=code,
                retry_at=now,
            )
        case NotActed(code=code, retry_after_s=after):
            return _defer(claim, attempt, code, after, now=now, error=False)
        case AnsweredError(code=code, retry_after_s=after) if replacing:
            return _defer(claim, attempt, code, after, now=now, error=True)
        case Silent(code=code) if replacing and resend_unknown:
            return _defer(claim, attempt, code, None, now=now, error=True)
        case AnsweredError(code=code) | Silent(code=code):
            return Settlement(
                claim=claim,
                attempt=attempt,
                state=DeliveryState.UNKNOWN,
                reason=code,
                awaits_result=reports_later,
            )


def backoff_s(address_hash: str, attempt: int) -> float:
    """Return the wait before the next attempt: doubling, with jitter of ± 25 % from the address."""
    raw = hashlib.sha256(f"{address_hash}:{attempt}".encode()).digest()
    jitter = 0.75 + 0.5 * int.from_bytes(raw[:4], "big") / 2**32
    doubled: float = FIRST_BACKOFF_S * 2 ** (attempt - 1)
    return min(LONGEST_BACKOFF_S, doubled) * jitter


def _defer(
    claim: Claim,
    attempt: int,
    code: str,
    retry_after_s: float | None,
    *,
    now: datetime,
    error: bool,
) -> Settlement:
    if attempt >= MAX_ATTEMPTS:
        # An error answer leaves open whether it was sent; "not acted" does not.
        return Settlement(
            claim=claim,
            attempt=attempt,
            state=DeliveryState.UNKNOWN if error else DeliveryState.FAILED,
            reason=code if error else FailReason.GAVE_UP,
        )
    # Zero says "at once" (a stream that was refused before it was read), but not for ever.
    at_once = retry_after_s == 0.0 and attempt == 1
    wait = 0.0 if at_once else max(retry_after_s or 0.0, backoff_s(claim.address_hash, attempt))
    return Settlement(
        claim=claim,
        attempt=attempt,
        state=DeliveryState.DEFERRED,
        reason=code,
        retry_at=now + timedelta(seconds=wait),
        retried_after_error=error,
    )
