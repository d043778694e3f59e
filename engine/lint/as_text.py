"""Findings for people: place, rule, message, the line with a caret, what to do, and the law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.kernel.finding import Finding
from engine.kernel.place import count, sort_findings, span_of
from engine.kernel.source import SourceMap


def findings_text(findings: Iterable[Finding], sources: SourceMap) -> str:
    """Return one block per finding, in the order of their places, and a last line with counts."""
    findings = sort_findings(findings, sources)
    blocks = ["\n".join(_block(finding, sources)) for finding in findings]
    return "\n\n".join([*blocks, summary(findings)])


def summary(findings: Iterable[Finding]) -> str:
    """Return `2 errors, 1 warning`, or `no findings`."""
    errors, warnings = count(findings)
    if not errors and not warnings:
        return "no findings"
    return f"{_plural(errors, 'error')}, {_plural(warnings, 'warning')}"


def _block(finding: Finding, sources: SourceMap) -> Iterator[str]:
    span = span_of(finding, sources)
    place = f"{finding.at.file}:{span.line}:{span.column}" if finding.at.file else "workspace"
    yield f"{place}: {finding.severity}: {finding.message} [{finding.rule}]"
    snippet = sources.snippet(finding.at.file, span)
    if snippet:
        yield from (f"  {line}" for line in snippet.splitlines())
    if finding.hint:
        yield f"  hint: {finding.hint}"
    if finding.citation:
        yield f"  {finding.citation.confidence}: {finding.citation.title}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
