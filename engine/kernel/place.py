"""Where findings stand, and in which order they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.finding import Finding, Severity
from engine.kernel.source import SourceMap, Span


def span_of(finding: Finding, sources: SourceMap) -> Span:
    """Return where a finding stands: its own line where it has one, else its origin's."""
    if finding.line is not None:
        column = finding.column or 1
        return Span(finding.line, column, finding.line, column + 1)
    return sources.locate(finding.at, key=finding.key)


def sort_findings(findings: Iterable[Finding], sources: SourceMap) -> tuple[Finding, ...]:
    """Return `findings` by file, line, column and rule."""

    def place(finding: Finding) -> tuple[str, int, int, str, str]:
        span = span_of(finding, sources)
        return finding.at.file, span.line, span.column, finding.rule, finding.message

    return tuple(sorted(findings, key=place))


def count(findings: Iterable[Finding]) -> tuple[int, int]:
    """Return how many errors and how many warnings there are."""
    severities = [finding.severity for finding in findings]
    return severities.count(Severity.ERROR), severities.count(Severity.WARNING)
