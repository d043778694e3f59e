"""Findings for programs, in the shape of `schemas/findings.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from engine.kernel.digest import Plain
from engine.kernel.document import document
from engine.kernel.errors import ExitCode
from engine.kernel.finding import Finding
from engine.kernel.instant import format_instant
from engine.kernel.language import Language
from engine.kernel.place import count, sort_findings, span_of
from engine.kernel.source import SourceMap

NOT_EVALUATED = ("size", "values")
"""The guards of a plan that look at people: the linter reads none, so it says nothing about them."""


def findings_json(
    findings: Iterable[Finding],
    sources: SourceMap,
    *,
    as_of: datetime,
    environment: str | None,
    exit_code: ExitCode,
    language: Language = Language.EN,
) -> str:
    """Return the whole answer of `lint --format json` as a text: envelope, summary, findings."""
    findings = sort_findings(findings, sources)
    errors, warnings = count(findings)
    answer = document(
        "findings",
        as_of=as_of,
        environment=environment,
        exit_code=exit_code,
        body={
            "summary": {"errors": errors, "warnings": warnings},
            "not_evaluated": list(NOT_EVALUATED),
            "findings": [plain_finding(finding, sources, language) for finding in findings],
        },
    )
    return json.dumps(answer, ensure_ascii=False, indent=2)


def plain_finding(finding: Finding, sources: SourceMap, language: Language = Language.EN) -> Plain:
    """Return one finding as JSON: lines and columns from 1, in code points, end exclusive."""
    span = span_of(finding, sources)
    citation = finding.citation
    message, hint = finding.said(language)
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.at.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "campaign": finding.campaign,
        "locale": finding.locale,
        "channel": None if finding.channel is None else str(finding.channel),
        "jurisdiction": finding.jurisdiction,
        "message": message,
        "hint": hint,
        "citation": None
        if citation is None
        else {
            "id": citation.id,
            "title": citation.named(language),
            "confidence": citation.confidence.value,
        },
        "flips_at": None if finding.flips_at is None else format_instant(finding.flips_at),
    }
