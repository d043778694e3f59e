"""What SOLAPI's answers and reports mean. Read by status code, never by the words beside it.

docs.solapi.com, api-reference/message-status-codes: 1xxx not taken, 2000 taken, 2xxx failed inside
SOLAPI, 3000 handed to the carrier or to Kakao, 3xxx failed there, 4000 received. Codes that are newer
than that page are read by their first digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.channels.batch_vendor import for_all
from engine.channels.exchange import Answered
from engine.channels.http_status import read_status
from engine.channels.json_body import read_object
from engine.channels.phone import read_phone
from engine.channels.solapi_body import REFERENCE
from engine.kernel.frozen import frozen
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Outgoing, Refused

RECEIVED = "4000"
_UNDER_WAY = frozenset(("2000", "3000"))
_SERVER_ERROR = "1024"

_NO_NUMBER = frozenset(("3010", "3032"))
"""Not a number, or nobody's. Not 3104 (no KakaoTalk): an SMS still reaches them."""

_NOT_THERE = frozenset(("3102", "3104", "3107"))
"""Kakao: not a friend, no user, not active within 72 hours or refuses AlimTalk."""

_SETTINGS = {"1041": "profiles", "1042": "template_code", "1062": "senders"}
"""Not taken for what we set: a profile or number that is not registered, a template not approved."""

_SENDER = frozenset(("1062", "2062", "3013", "3059"))
"""The sending number is not registered, malformed or forged."""

_CAMPAIGN = frozenset(
    {"1013", "1014", "1021", "1022", "1023", "1025", "1027", "1033", "1034", "1041", "1042"}
    | {"1044", "1046", "1047", "1050", "1051", "1052", "1053", "3101", "3105", "3106"}
)
"""Type, subject, picture, profile, template, buttons: the next one would be refused as well."""

_MESSAGE = frozenset(
    ("1010", "1011", "1028", "1029", "1032", "1043", "1045", "1048", "1049", "2011", "3011", "3103")
)
"""Format, characters, a template's text, a link: may be the fault of one person's values."""

_TOO_LARGE = "1031"
_ACCOUNT = frozenset(("1020", "1030", "1064", "2063", "2064", "2230"))
"""Account, balance, blocked after a report to KISA."""


def read_sent(answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
    """Return what `send-many/detail` did with each delivery of `batch`, in order."""
    plain = read_object(answer.body)
    if answer.status != 200:
        return _read_error(answer, plain, batch, now)
    info = plain.get("groupInfo")
    group = info.get("groupId") if isinstance(info, dict) else None
    if not isinstance(info, dict) or not group:
        return for_all(batch, AnsweredError(code="UNREADABLE"))
    told = _Told.of(info, plain, batch)
    return [told.outcome(outgoing, str(group)) for outgoing in batch]


@frozen(kw_only=False)
class _Told:
    """What an answer says about messages, by our reference or by number.

    A number names a message only where no other message of the request has it.
    """

    named: Mapping[str, Mapping[str, Any]]
    refused: Mapping[str, Mapping[str, Any]]
    complete: bool
    """Whether those who are not among the refused were taken."""

    @classmethod
    def of(
        cls, info: Mapping[str, Any], plain: Mapping[str, Any], batch: Sequence[Outgoing]
    ) -> _Told:
        failed, taken = rows_of(plain.get("failedMessageList")), rows_of(plain.get("messageList"))
        numbers = Counter(_number(outgoing) for outgoing in batch)
        refused = {str(row.get("to")): row for row in failed if not reference_in(row)}
        certain = all(numbers[number] == 1 for number in refused)
        return cls(
            named={reference_in(row): row for row in (*failed, *taken) if reference_in(row)},
            refused=refused if certain else {},
            complete=certain and _count(info, "registeredFailed") == len(failed),
        )

    def outcome(self, outgoing: Outgoing, group: str) -> Outcome:
        row = self.named.get(outgoing.reference) or self.refused.get(_number(outgoing))
        if row is None:
            return Accepted(provider_id=group) if self.complete else AnsweredError(code="NOT_NAMED")
        code = str(row.get("statusCode"))
        if code in _UNDER_WAY or code == RECEIVED:
            return Accepted(provider_id=name_of(group, row.get("messageId")))
        # SOLAPI says that it did not take this one; after a server error the next try may do better.
        if code in _ACCOUNT or code == _SERVER_ERROR:
            return NotActed(code=code, systemic=code in _ACCOUNT)
        if code in _SETTINGS:
            return NotActed(code=code, systemic=True, setting=_SETTINGS[code])
        return read_failure(code)


def _read_error(
    answer: Answered, plain: Mapping[str, Any], batch: Sequence[Outgoing], now: datetime
) -> Sequence[Outcome]:
    code = plain.get("errorCode")
    word = code if isinstance(code, str) and code else None
    if word == "DuplicatedSignature":
        return for_all(batch, NotActed(code=word, retry_after_s=0.0))
    return for_all(batch, read_status(answer, word, now))


def read_report(row: Mapping[str, Any]) -> Outcome | None:
    """Return what is final about a message of a list or a webhook; None while it is under way."""
    code = str(row.get("statusCode") or "")
    if code == RECEIVED:
        return Accepted(provider_id=name_of(str(row.get("groupId") or ""), row.get("messageId")))
    if code in _UNDER_WAY or len(code) != 4 or code[0] not in "123":
        return None
    return read_failure(code)


def read_failure(code: str) -> Refused:
    """Return what a status code other than 2000, 3000 and 4000 means."""
    if code in _NO_NUMBER:
        return Refused(reason=FailReason.BAD_ADDRESS, code=code, dead_address=True)
    if code in _NOT_THERE:
        return Refused(reason=FailReason.UNREGISTERED, code=code)
    if code in _SENDER:
        return Refused(reason=FailReason.SENDER_MISMATCH, code=code, systemic=True)
    if code == _TOO_LARGE:
        return Refused(reason=FailReason.TOO_LARGE, code=code)
    if code in _CAMPAIGN or code in _MESSAGE:
        return Refused(reason=FailReason.BAD_MESSAGE, code=code, systemic=code in _CAMPAIGN)
    return Refused(reason=FailReason.REFUSED, code=code, systemic=code in _ACCOUNT)


def name_of(group: str, message: object) -> str:
    """Return the name of an accepted message: `<group>/<message>`, because lists go by group."""
    return f"{group}/{message}" if message else group


def split_name(name: str | None) -> tuple[str, str]:
    """Return group and message of such a name; either may be empty."""
    group, _, message = (name or "").partition("/")
    return group, message


def reference_in(row: Mapping[str, Any]) -> str:
    """Return our reference in a message of SOLAPI's, or ''."""
    fields = row.get("customFields")
    return str(fields.get(REFERENCE) or "") if isinstance(fields, dict) else ""


def _number(outgoing: Outgoing) -> str:
    phone = read_phone(outgoing.address.value)
    return phone.national if phone else ""


def _count(info: Mapping[str, Any], name: str) -> int | None:
    count = info.get("count")
    number = count.get(name) if isinstance(count, dict) else None
    return number if isinstance(number, int) else None


def rows_of(listed: object) -> Sequence[Mapping[str, Any]]:
    """Return the messages of a list, which SOLAPI also gives as an object by message id."""
    if isinstance(listed, dict):
        listed = list(listed.values())
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
