"""What a campaign says it is, for the law: its type, its basis, its exception, its label."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin


class MessageType(StrEnum):
    """정보성 / 광고성. A message of unknown type is an advertisement."""

    INFORMATIONAL = "informational"
    ADVERTISING = "advertising"


class Basis(StrEnum):
    """Why an informational message may be sent without consent to advertising."""

    TRANSACTION = "transaction"
    REQUESTED = "requested"
    CONTRACT = "contract"
    ACCOUNT = "account"
    SAFETY = "safety"
    PUBLIC = "public"


class Notice(StrEnum):
    """A message that the law itself asks for, with the fields that it wants."""

    CONSENT_RECHECK = "consent_recheck"
    """Every two years: who sends, that and when consent was given, how to keep or withdraw it."""
    CONSENT_RESULT = "consent_result"
    """Within 14 days of a consent, refusal or withdrawal: who sends, what and when, the result."""


@frozen
class TransactionException:
    """`exception:`: advertising without consent for six months after a purchase (제50조제1항제1호).

    `ended_at` is the source of the day on which the person's transaction ended (`user.*` or
    `derived.*`); `direct` says that the contact was collected in that transaction, `same_goods` that
    the goods are the sender's own and of the same kind. Without both it is no exception.
    """

    ended_at: str
    direct: bool = False
    same_goods: bool = False
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


class LabelPosition(StrEnum):
    """Where 「(광고)」 goes; `auto` is the first text that is seen."""

    AUTO = "auto"
    TITLE = "title"
    BODY = "body"
