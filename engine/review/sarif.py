"""Findings as SARIF 2.1.0, in the subset that GitHub code scanning reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from engine import __version__
from engine.kernel.digest import Plain, digest
from engine.kernel.finding import Finding, RuleCard
from engine.kernel.language import Language
from engine.kernel.place import sort_findings, span_of
from engine.kernel.source import SourceMap

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def findings_sarif(
    findings: Iterable[Finding],
    sources: SourceMap,
    cards: Sequence[RuleCard],
    language: Language = Language.EN,
) -> str:
    """Return the SARIF log of one lint run as a text; `cards` describe the rules.

    Fingerprints hold no line number and no translation, so a finding stays the same when lines are
    added above it and whoever reads it.
    """
    findings = sort_findings(findings, sources)
    return json.dumps(_log(findings, sources, cards, language), ensure_ascii=False, indent=2)


def _log(
    findings: tuple[Finding, ...],
    sources: SourceMap,
    cards: Sequence[RuleCard],
    language: Language,
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
                "results": [_result(one, sources, index[one.rule], language) for one in findings],
            }
        ],
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
