"""Kakao's own delivery codes, which its resellers hand on as they are.

NHN Cloud, KakaoTalk Bizmessage > error codes (delivery result); NAVER SENS returns the same four
digits. 1000 (NHN) and 0000 (SENS) are success and not read here.
"""

from __future__ import annotations

from engine.model.delivery import FailReason
from engine.model.outcome import Refused

UNDECIDED = frozenset(("", "3005", "4000", "4001", "4161"))
"""Not final. 3005: sent, not confirmed by the phone, which may still get it within three days."""

_NUMBERS = frozenset(("1020", "3008"))
_NOT_THERE = frozenset(("2003", "3018", "3019", "3020", "3021", "4121"))
"""No KakaoTalk user, not active, refuses AlimTalk, too old a KakaoTalk: an SMS still reaches them."""

_MESSAGE = frozenset(
    {"1001", "1004", "1030", "1033", "3011", "3013", "3014", "3015", "3016", "4102", "4110"}
    | {str(code) for code in range(3023, 3059)} - {"3050"}
    | {"4120", "4132", "4133", "4134", "4144"}
)


def kakao_refusal(code: str) -> Refused:
    """Return what a delivery code other than success means; unknown ones are refusals."""
    if code in _NUMBERS:
        return Refused(reason=FailReason.BAD_ADDRESS, code=code, dead_address=True)
    if code in _NOT_THERE:
        return Refused(reason=FailReason.UNREGISTERED, code=code)
    if code in _MESSAGE:
        return Refused(reason=FailReason.BAD_MESSAGE, code=code)
    return Refused(reason=FailReason.REFUSED, code=code)
