"""Findings as SARIF 2.1.0, in the subset that GitHub code scanning reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from engine import __version__
from engine.kernel.digest import Plain, digest
from engine.kernel.finding import Finding, RuleCard, Severity
from engine.kernel.language import Language
from engine.kernel.place import sort_findings, span_of
from engine.kernel.source import SourceMap

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a file with more (docs.github.com, "SARIF results exceed one or more limits")."""


def findings_sarif(
    findings: Iterable[Finding],
    sources: SourceMap,
    cards: Sequence[RuleCard],
    language: Language = Language.EN,
) -> str:
    """Return the SARIF log of one lint run as a text; `cards` describe the rules.

    Fingerprints hold no line number and no translation, so a finding stays the same when lines are
    added above it and whoever reads it. Of more than `MOST_RESULTS` the errors come in first, and the
    log says how many are left out.
    """
    every = sort_findings(findings, sources)
    kept = every
    if len(every) > MOST_RESULTS:
        ranked = sorted(every, key=lambda finding: finding.severity is not Severity.ERROR)
        kept = sort_findings(ranked[:MOST_RESULTS], sources)
    left_out = len(every) - len(kept)
    log = _log(kept, sources, cards, language, left_out)
    return json.dumps(log, ensure_ascii=False, indent=2)


def _log(
    findings: tuple[Finding, ...],
    sources: SourceMap,
    cards: Sequence[RuleCard],
    language: Language,
    left_out: int,
) -> Plain:
    rules = _descriptors(findings, cards, language)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pushform",
                        "semanticVersion": __version__,
                        "rules": rules,
                    }
                },
                "automationDetails": {"id": "pushform/lint/"},
                "columnKind": "unicodeCodePoints",
                **({"invocations": [_cut_short(left_out, language)]} if left_out else {}),
                "results": [_result(one, sources, index[one.rule], language) for one in findings],
            }
        ],
    }


def _cut_short(left_out: int, language: Language) -> Plain:
    text = f"{left_out:,} more findings are left out: run `pushform lint` to see them all"
    if language is Language.KO:
        text = f"지적 {left_out:,}건을 더 싣지 못했습니다. `pushform lint`로 모두 볼 수 있습니다"
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}}],
    }


def _descriptors(
    findings: Iterable[Finding], cards: Iterable[RuleCard], language: Language
) -> list[dict[str, Plain]]:
    """Return the catalog, and the ids that other rooms report, each once."""
    found: dict[str, dict[str, Plain]] = {
        card.id: {
            "id": card.id,
            "shortDescription": {"text": card.title},
            "fullDescription": {"text": card.citation.named(language)},
            "help": {"text": card.page, "markdown": card.page},
            "defaultConfiguration": {"level": card.severity.value},
            "properties": {
                "tags": ["pushform", card.citation.confidence.value, *sorted(card.jurisdictions)],
                "precision": "very-high",
                "problem.severity": card.severity.value,
            },
        }
        for card in cards
    }
    for finding in findings:
        message, hint = finding.said(language)
        found.setdefault(
            finding.rule,
            {
                "id": finding.rule,
                "shortDescription": {"text": finding.rule},
                "help": {"text": hint or message},
                "defaultConfiguration": {"level": "error"},
            },
        )
    return list(found.values())


def _result(finding: Finding, sources: SourceMap, rule_index: int, language: Language) -> Plain:
    span = span_of(finding, sources)
    message, hint = finding.said(language)
    text = message if hint is None else f"{message}\n{hint}"
    identity = [finding.rule, finding.at.file, list(finding.at.path), finding.message]
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.at.file or "pushform.yaml")},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"pushform/v1": digest(identity).removeprefix("sha256:")},
    }
