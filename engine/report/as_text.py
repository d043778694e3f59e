"""Reports and statuses for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.kernel.instant import find_zone, format_instant
from engine.model.deployment import Status
from engine.model.report import Books, Progress, Report

STATUS_KO = {
    Status.WAITING: "발송 대기",
    Status.READY: "발송 준비",
    Status.SENDING: "발송 중",
    Status.COMPLETED: "발송 완료",
    Status.CANCELLED: "발송 취소",
    Status.FAILED: "발송 실패",
}
"""The words that users of the push console know."""


def report_text(report: Report, timezone: str) -> str:
    """Return one report; instants are shown in `timezone`."""
    return "\n".join(_report_lines(report, timezone)) + "\n"


def _report_lines(report: Report, timezone: str) -> Iterator[str]:
    halted = ", halted" if report.halted else ""
    why = f" — {report.reason}" if report.reason else ""
    yield f"{report.campaign}  {report.title}"
    yield f"  status        {report.status} ({STATUS_KO[report.status]}{halted}){why}"
    yield f"  environment   {report.environment}"
    yield f"  schedule      {report.schedule}"
    if report.first_sent_at and report.last_sent_at:
        yield (
            f"  sent          {local(report.first_sent_at, timezone)} … "
            f"{local(report.last_sent_at, timezone)}"
        )
    yield f"  digest        {report.digest}"
    yield ""
    yield f"  Audience      {report.audience:>10,}"
    yield f"  Send          {report.send:>10,}"
    yield f"  Send (User)   {report.send_user:>10,}"
    yield ""
    yield "  books         targeted = held out + skipped + sent + failed + unknown + pending"
    yield f"    people      {books_line(report.user)}"
    yield f"    deliveries  {books_line(report.device)}"
    for line in report.lines:
        where = " ".join((line.channel, line.locale or "-", line.jurisdiction, line.variant))
        yield f"      {where:<24} {line.platform:<8} {books_line(line.books)}"
    if report.retried_after_error:
        yield f"  retried after an error answer: {report.retried_after_error:,}"
    if report.explanation:
        yield ""
        yield from (f"  {sentence}" for sentence in report.explanation)
    if report.next_step and report.status not in (Status.COMPLETED, Status.FAILED):
        yield f"  next          {report.next_step}"


def books_line(books: Books) -> str:
    """Return the books as one line."""
    skipped = ", ".join(f"{reason} {n:,}" for reason, n in books.skipped.items())
    failed = ", ".join(f"{reason} {n:,}" for reason, n in books.failed.items())
    return (
        f"{books.targeted:,} = {books.held_out:,} + {sum(books.skipped.values()):,}"
        f"{f' ({skipped})' if skipped else ''} + {books.sent:,} + "
        f"{sum(books.failed.values()):,}{f' ({failed})' if failed else ''} + "
        f"{books.unknown:,} + {books.pending:,}"
    )


def progress_text(rows: Sequence[Progress], environment: str, timezone: str) -> str:
    """Return `pushform status`: a line per campaign."""
    if not rows:
        return f"no campaigns in `{environment}`\n"
    width = max(len(row.campaign) for row in rows)
    lines = []
    for row in rows:
        due = f"  next {local(row.next_due_at, timezone)}" if row.next_due_at else ""
        why = f"  {row.blocked or row.reason}" if row.blocked or row.reason else ""
        halted = " (halted)" if row.halted else ""
        lines.append(
            f"{row.campaign:<{width}}  {row.status:<9} {STATUS_KO[row.status]}{halted}{due}{why}"
        )
        if row.next_step:
            lines.append(f"{'':<{width}}  → {row.next_step}")
    return "\n".join(lines) + "\n"


def local(instant: datetime, timezone: str) -> str:
    """Return `2026-09-24 10:00:00 KST`."""
    zone = find_zone(timezone)
    if zone is None:
        return format_instant(instant)
    there = instant.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M:%S} {there.tzname()}"
