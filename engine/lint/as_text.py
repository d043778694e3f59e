"""Findings for people: place, rule, message, the line with a caret, what to do, and the law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.kernel.finding import Confidence, Finding, Severity
from engine.kernel.language import Language
from engine.kernel.place import count, sort_findings, span_of
from engine.kernel.source import SourceMap

_KOREAN = {
    Severity.ERROR: "오류",
    Severity.WARNING: "경고",
    Confidence.STATUTE: "법령",
    Confidence.GUIDANCE: "지침",
    Confidence.PRACTICE: "관행",
    "hint": "도움말",
}


_NOT_EVALUATED = {
    Language.EN: "sizes over the audience: not evaluated (`pushform plan` does)",
    Language.KO: "실제 수신자 기준 길이: 검사하지 않음 (`pushform plan`이 검사함)",
}


def not_evaluated_text(language: Language = Language.EN) -> str:
    """Return the line about what the linter leaves to the plan: it reads no people."""
    return _NOT_EVALUATED[language]


def findings_text(
    findings: Iterable[Finding], sources: SourceMap, language: Language = Language.EN
) -> str:
    """Return one block per finding, in the order of their places, and a last line with counts."""
    findings = sort_findings(findings, sources)
    blocks = ["\n".join(_block(finding, sources, language)) for finding in findings]
    return "\n\n".join([*blocks, summary(findings, language)])


def summary(findings: Iterable[Finding], language: Language = Language.EN) -> str:
    """Return `2 errors, 1 warning`, or `no findings`."""
    errors, warnings = count(findings)
    if language is Language.KO:
        parts = [f"오류 {errors:,}건"] * bool(errors) + [f"경고 {warnings:,}건"] * bool(warnings)
        return ", ".join(parts) or "문제 없음"
    if not errors and not warnings:
        return "no findings"
    return f"{_plural(errors, 'error')}, {_plural(warnings, 'warning')}"


def _block(finding: Finding, sources: SourceMap, language: Language) -> Iterator[str]:
    def word(name: str) -> str:
        return _KOREAN[name] if language is Language.KO else name

    message, hint = finding.said(language)
    span = span_of(finding, sources)
    place = f"{finding.at.file}:{span.line}:{span.column}" if finding.at.file else "workspace"
    yield f"{place}: {word(finding.severity)}: {message} [{finding.rule}]"
    snippet = sources.snippet(finding.at.file, span)
    if snippet:
        yield from (f"  {line}" for line in snippet.splitlines())
    if hint:
        yield f"  {word('hint')}: {hint}"
    if finding.citation:
        yield f"  {word(finding.citation.confidence)}: {finding.citation.named(language)}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
