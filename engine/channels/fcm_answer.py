"""What FCM's answers mean. Read by status and code, never by the words beside them.

Firebase reference, `ErrorCode` and "Manage message errors"; `google.rpc.BadRequest` says which
field of a request was wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.channels.exchange import Answered, Result
from engine.channels.http_status import nobody_there
from engine.channels.json_body import read_object
from engine.channels.retry_after import read_retry_after, read_unanswered
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Refused

QUOTA_WAIT_S = 60.0
"""How long to wait after 429 where FCM does not say (Firebase, "Manage message errors")."""

UNAUTHENTICATED = "UNAUTHENTICATED"


def read_result(result: Result, now: datetime, *, payload_proven: bool) -> Outcome:
    """Return the outcome of one request.

    `payload_proven` says that FCM took another message of the same campaign: a refusal that names
    no field is then the fault of this address.
    """
    if isinstance(result, Answered):
        if result.status == 200:
            return Accepted(provider_id=_message_name(result.body))
        return _read_error(result, now, payload_proven=payload_proven)
    return read_unanswered(result)


def _read_error(answer: Answered, now: datetime, *, payload_proven: bool) -> Outcome:
    status, details = _parse_error(answer.body)
    code = _fcm_code(details) or status or f"HTTP_{answer.status}"
    wait = read_retry_after(answer.headers(), now)
    if answer.status == 429:
        return NotActed(
            code=code, retry_after_s=QUOTA_WAIT_S if wait is None else wait, opens_breaker=True
        )
    if answer.status >= 500:
        return AnsweredError(code=code, retry_after_s=wait)
    if answer.status == 404 and code == "UNREGISTERED":
        return Refused(reason=FailReason.UNREGISTERED, code=code, dead_address=True)
    if answer.status == 403 and code == "SENDER_ID_MISMATCH":
        return Refused(reason=FailReason.SENDER_MISMATCH, code=code, dead_address=True)
    if answer.status == 400:
        return _read_bad_request(code, tuple(_violated_fields(details)), payload_proven)
    if answer.status == 408:
        return AnsweredError(code=code, retry_after_s=wait)
    if answer.status in (401, 403):
        return NotActed(code=code, systemic=True)
    about_us = nobody_there(answer.status)
    if about_us and not payload_proven:
        place = "project" if answer.status == 404 else "base_url"
        return NotActed(code=code, systemic=True, setting=place)
    # What is unknown to us the next one would hear as well, unless others of the campaign went through.
    return Refused(reason=FailReason.REFUSED, code=code, systemic=about_us or not payload_proven)


def _read_bad_request(code: str, fields: tuple[str, ...], payload_proven: bool) -> Outcome:
    if fields and all(field in ("message.token", "message.fid") for field in fields):
        return Refused(reason=FailReason.BAD_ADDRESS, code=code, dead_address=True)
    if fields or code != "INVALID_ARGUMENT":
        return Refused(reason=FailReason.BAD_MESSAGE, code=code, systemic=True)
    return Refused(reason=FailReason.BAD_ADDRESS, code=code, dead_address=payload_proven)


def _message_name(body: bytes) -> str | None:
    parsed = read_object(body)
    name = parsed.get("name")
    return name if isinstance(name, str) else None


def _parse_error(body: bytes) -> tuple[str | None, list[Mapping[str, Any]]]:
    error = read_object(body).get("error")
    if not isinstance(error, dict):
        return None, []
    status, details = error.get("status"), error.get("details")
    listed: list[Mapping[str, Any]] = []
    if isinstance(details, list):
        listed = [detail for detail in details if isinstance(detail, dict)]
    return (status if isinstance(status, str) else None), listed


def _fcm_code(details: list[Mapping[str, Any]]) -> str | None:
    for detail in details:
        code = detail.get("errorCode")
        if str(detail.get("@type")).endswith("FcmError") and isinstance(code, str):
            return code
    return None


def _violated_fields(details: list[Mapping[str, Any]]) -> Iterator[str]:
    for detail in details:
        violations = detail.get("fieldViolations")
        if str(detail.get("@type")).endswith("BadRequest") and isinstance(violations, list):
            for violation in violations:
                if isinstance(violation, dict):
                    yield str(violation.get("field"))
