"""Reports: the books of a campaign, in counts. A report names no person and no address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from engine.kernel.frozen import frozen
from engine.model.begun import KakaoAccount
from engine.model.deployment import Status


@frozen
class Books:
    """Targeted = held out + skipped + sent + failed + unknown + pending, always."""

    targeted: int = 0
    held_out: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    sent: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    unknown: int = 0
    pending: int = 0

    @property
    def balanced(self) -> bool:
        settled = self.held_out + self.sent + self.unknown + self.pending
        refused = sum(self.skipped.values()) + sum(self.failed.values())
        return self.targeted == settled + refused


@frozen
class BooksLine:
    """The books of one channel × locale × jurisdiction × variant × platform."""

    channel: str
    locale: str
    jurisdiction: str
    variant: str
    platform: str
    books: Books


@frozen
class Progress:
    """`pushform status`: where a campaign is and what it waits for."""

    campaign: str
    title: str
    status: Status
    reason: str | None
    halted: bool
    next_due_at: datetime | None
    blocked: str | None
    next_step: str | None


@frozen
class Report:
    """One campaign's result in one environment, rebuilt from the ledger at any time.

    `audience` targeted people, `send` accepted deliveries, `send_user` people with one of them.
    `retried_after_error` counts deliveries that were sent again after an error answer.
    """

    environment: str
    campaign: str
    title: str
    type: str
    status: Status
    reason: str | None
    halted: bool
    next_due_at: datetime | None
    blocked: str | None
    next_step: str | None
    digest: str
    content_digest: str
    commit: str | None
    due_at: datetime
    schedule: str
    evaluated_at: datetime | None
    first_sent_at: datetime | None
    last_sent_at: datetime | None
    user: Books
    device: Books
    lines: tuple[BooksLine, ...]
    audience: int
    send: int
    send_user: int
    retried_after_error: int
    explanation: tuple[str, ...]
    lineage: str
    """The birth mark of the state that the books were read from."""
    awaited: int = 0
    """Deliveries counted as sent or unknown of which the vendor has not said its last word."""
    on_exception: int = 0
    """Deliveries that were sent because a purchase of the last six months stood in for the consent."""
    kakao: KakaoAccount | None = None
    """None where the campaign does not use KakaoTalk."""
