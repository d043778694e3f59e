"""Findings as GitHub's workflow commands: annotations on the lines of a pull request.

GitHub shows ten annotations of each kind per step and drops the rest without a word, so at most ten
lines are written, errors first, and the last one says how many there are besides.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.finding import Finding, Severity
from engine.kernel.language import Language
from engine.kernel.place import sort_findings, span_of
from engine.kernel.source import SourceMap

LIMIT = 10


def findings_github(
    findings: Iterable[Finding], sources: SourceMap, language: Language = Language.EN
) -> str:
    """Return the commands, one a line; '' for no findings."""
    ordered = sorted(
        sort_findings(findings, sources),
        key=lambda finding: finding.severity is not Severity.ERROR,
    )
    shown = ordered if len(ordered) <= LIMIT else ordered[: LIMIT - 1]
    lines = [_annotation(finding, sources, language) for finding in shown]
    if rest := ordered[len(shown) :]:
        kind = "error" if any(one.severity is Severity.ERROR for one in rest) else "warning"
        lines.append(f"::{kind} title=pushform::{len(rest):,} more findings: run `pushform lint`")
    return "\n".join(lines)


def _annotation(finding: Finding, sources: SourceMap, language: Language) -> str:
    span = span_of(finding, sources)
    properties = {
        "file": finding.at.file or None,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": finding.rule,
    }
    if span.end_line != span.line:
        # GitHub refuses columns on an annotation of several lines.
        del properties["col"], properties["endColumn"]
    written = ",".join(
        f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None
    )
    message, hint = finding.said(language)
    parts = [message]
    if hint:
        parts.append(hint)
    if finding.citation:
        parts.append(finding.citation.named(language))
    return f"::{finding.severity} {written}::{_data(chr(10).join(parts))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
