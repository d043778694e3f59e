"""Reports, statuses and traces as JSON, in the shapes of `schemas/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from engine.kernel.digest import Plain
from engine.kernel.document import document
from engine.kernel.errors import ExitCode
from engine.kernel.instant import format_instant
from engine.model.begun import KakaoAccount
from engine.model.report import Books, Progress, Report


def report_document(report: Report, exit_code: ExitCode, as_of: datetime | None = None) -> Plain:
    """Return `report` in the shape of `schemas/report.schema.json`; the file leaves `as_of` out."""
    return document(
        "report",
        as_of=as_of,
        environment=report.environment,
        exit_code=exit_code,
        body={
            "campaign": report.campaign,
            "title": report.title,
            "type": report.type,
            "status": report.status.value,
            "reason": report.reason,
            "halted": report.halted,
            "next_due_at": _instant(report.next_due_at),
            "blocked": report.blocked,
            "next_step": report.next_step,
            "digest": report.digest,
            "content_digest": report.content_digest,
            "commit": report.commit,
            "schedule": report.schedule,
            "due_at": format_instant(report.due_at),
            "evaluated_at": _instant(report.evaluated_at),
            "first_sent_at": _instant(report.first_sent_at),
            "last_sent_at": _instant(report.last_sent_at),
            "audience": report.audience,
            "send": report.send,
            "send_user": report.send_user,
            "retried_after_error": report.retried_after_error,
            "books": {"user": books_plain(report.user), "device": books_plain(report.device)},
            "lines": [
                {
                    "channel": line.channel,
                    "locale": line.locale,
                    "jurisdiction": line.jurisdiction,
                    "variant": line.variant,
                    "platform": line.platform,
                    **books_plain(line.books),
                }
                for line in report.lines
            ],
            "explanation": list(report.explanation),
            "lineage": report.lineage,
            **({"awaited": report.awaited} if report.awaited else {}),
            **({"kakao": _account(report.kakao)} if report.kakao else {}),
            **({"on_exception": report.on_exception} if report.on_exception else {}),
        },
    )


def progress_document(
    rows: Sequence[Progress], environment: str, exit_code: ExitCode, as_of: datetime
) -> Plain:
    """Return `pushform status` in the shape of `schemas/status.schema.json`."""
    return document(
        "status",
        as_of=as_of,
        environment=environment,
        exit_code=exit_code,
        body={
            "campaigns": [
                {
                    "campaign": row.campaign,
                    "title": row.title,
                    "status": row.status.value,
                    "reason": row.reason,
                    "halted": row.halted,
                    "next_due_at": _instant(row.next_due_at),
                    "blocked": row.blocked,
                    "next_step": row.next_step,
                }
                for row in rows
            ]
        },
    )


def books_plain(books: Books) -> dict[str, Plain]:
    """Return one set of books."""
    return {
        "targeted": books.targeted,
        "held_out": books.held_out,
        "skipped": dict(books.skipped),
        "sent": books.sent,
        "failed": dict(books.failed),
        "unknown": books.unknown,
        "pending": books.pending,
    }


def dump(plain: Plain) -> str:
    """Return JSON text as it is written to files: sorted, indented, Hangul as Hangul."""
    return json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _account(kakao: KakaoAccount) -> Plain:
    return {"profile": kakao.profile, "product": kakao.product.value}


def _instant(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None
