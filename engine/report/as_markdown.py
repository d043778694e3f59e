"""`report.md`: the same books for people who read git on a web page."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.report import Books, Report
from engine.report.as_text import STATUS_KO, local


def report_markdown(report: Report, timezone: str) -> str:
    """Return one report as GitHub-flavoured Markdown with its chart beside it (`report.svg`)."""
    return "\n".join(_lines(report, timezone)) + "\n"


def _lines(report: Report, timezone: str) -> Iterator[str]:
    yield f"# {_escape(report.title)}"
    yield ""
    yield f"`{report.campaign}` · {report.environment} · **{report.status}** {STATUS_KO[report.status]}"
    if report.reason:
        yield f"\n> {_escape(report.reason)}"
    yield ""
    yield "| Audience | Send | Send (User) |"
    yield "|--:|--:|--:|"
    yield f"| {report.audience:,} | {report.send:,} | {report.send_user:,} |"
    yield ""
    yield "![books](report.svg)"
    yield ""
    yield "| books | targeted | held out | skipped | sent | failed | unknown | pending |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    yield _row("people", report.user)
    yield _row("deliveries", report.device)
    if report.lines:
        yield ""
        yield (
            "| channel | locale | jurisdiction | variant | platform "
            "| targeted | held out | skipped | sent | failed | unknown | pending |"
        )
        yield "|---|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|"
        for line in report.lines:
            books = line.books
            yield (
                f"| {line.channel} | {line.locale or '–'} | {line.jurisdiction} | {line.variant} "
                f"| {line.platform} | {books.targeted:,} | {books.held_out:,} "
                f"| {sum(books.skipped.values()):,} | {books.sent:,} "
                f"| {sum(books.failed.values()):,} | {books.unknown:,} | {books.pending:,} |"
            )
    if report.explanation:
        yield ""
        yield from (f"- {sentence}" for sentence in report.explanation)
    yield ""
    yield f"Schedule {report.schedule}"
    if report.first_sent_at and report.last_sent_at:
        yield (
            f"· sent {local(report.first_sent_at, timezone)} … "
            f"{local(report.last_sent_at, timezone)}"
        )
    yield f"· digest `{report.digest}`"


def _row(name: str, books: Books) -> str:
    return (
        f"| {name} | {books.targeted:,} | {books.held_out:,} | {sum(books.skipped.values()):,} "
        f"| {books.sent:,} | {sum(books.failed.values()):,} | {books.unknown:,} "
        f"| {books.pending:,} |"
    )


def _escape(text: str) -> str:
    for char in "\\`*_[]<>|":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", " ")
