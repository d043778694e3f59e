"""What NAVER SENS's answers mean. 202 takes an SMS request whole; Kakao's has a code per message.

api.ncloud-docs.com, `sens-overview`, `sens-*-send`. Errors of SENS: `{status, error(s), errorMessage}`;
of the API Gateway before it: `{error: {errorCode, message}}`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.channels.asking import clock_skew
from engine.channels.batch_vendor import for_all
from engine.channels.exchange import Answered
from engine.channels.http_status import read_status
from engine.channels.json_body import read_object
from engine.channels.phone import read_phone
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, NotActed, Outcome, Outgoing, Refused, Silent

CLOCK_SKEW = "CLOCK_SKEW"
CLOCK_WAIT_S = 1.0
"""Nothing was taken; whoever asks for slots next hears of the clock (`SensVendor.make_ready`)."""


def read_answer(
    product: str,
    answer: Answered,
    batch: Sequence[Outgoing],
    now: datetime,
    mark: Callable[[str], str],
) -> Sequence[Outcome]:
    """Return one outcome per delivery, in the order of `batch`.

    `mark` makes of a number what an SMS is called by (see `sens_auth.Signer.mark`).
    """
    parsed = read_object(answer.body)
    if not 200 <= answer.status < 300:
        if answer.status in (401, 403) and clock_skew(answer.headers(), now) is not None:
            return for_all(batch, NotActed(code=CLOCK_SKEW, retry_after_s=CLOCK_WAIT_S))
        return for_all(batch, read_status(answer, _error(parsed), now, place="service_id"))
    request_id = parsed.get("requestId")
    if not isinstance(request_id, str) or not request_id:
        return for_all(batch, Silent(code="UNREADABLE_ANSWER"))
    if product == "sms":
        return _read_sms(parsed, request_id, batch, mark)
    return _read_messages(product, parsed, request_id, batch)


def _read_sms(
    parsed: Mapping[str, Any],
    request_id: str,
    batch: Sequence[Outgoing],
    mark: Callable[[str], str],
) -> Sequence[Outcome]:
    code = str(parsed.get("statusCode"))
    if code != "202":
        refusal = Refused(reason=FailReason.REFUSED, code=code, systemic=True)
        return for_all(batch, refusal)
    return [
        Accepted(provider_id=f"sms/{request_id}/{mark(_national(outgoing))}") for outgoing in batch
    ]


def _read_messages(
    product: str, parsed: Mapping[str, Any], request_id: str, batch: Sequence[Outgoing]
) -> Sequence[Outcome]:
    listed = parsed.get("messages")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    by_number: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in reversed(rows):
        by_number[str(each.get("to"))].append(each)
    proven = any(_taken(each) for each in rows)
    outcomes: list[Outcome] = []
    for outgoing in batch:
        found = by_number[_national(outgoing)]
        row: Mapping[str, Any] = found.pop() if found else {}
        if not row:
            outcomes.append(Silent(code="NO_RESULT"))
        elif _taken(row):
            outcomes.append(Accepted(provider_id=f"{product}/{request_id}/{row.get('messageId')}"))
        else:
            code = str(row.get("requestStatusCode"))
            outcomes.append(Refused(reason=FailReason.REFUSED, code=code, systemic=not proven))
    return outcomes


def _taken(row: Mapping[str, Any]) -> bool:
    return row.get("requestStatusCode") == "A000"


def _national(outgoing: Outgoing) -> str:
    phone = read_phone(outgoing.address.value)
    return phone.national if phone else ""


def _error(parsed: Mapping[str, Any]) -> str | None:
    """Return the word or number of an error: of the gateway, else of SENS itself."""
    inner = parsed.get("error")
    if isinstance(inner, dict):
        code = inner.get("errorCode")
        return f"GATEWAY_{code}" if code else None
    for name in ("errors", "error", "errorCode"):
        word = parsed.get(name)
        if isinstance(word, str) and word:
            return word.upper().replace(" ", "_")
    return None
