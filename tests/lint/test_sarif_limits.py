"""SARIF logs hold to the standard's own schema and to what GitHub takes of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Schema

from engine.kernel.finding import Finding, Severity
from engine.kernel.language import Language
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.lint.cards import rule_cards
from engine.lint.catalog import RULES
from engine.lint.rule import Bad
from engine.lint.run import run_rules
from engine.review.annotations import findings_github
from engine.review.sarif import MOST_RESULTS, findings_sarif
from tests.lint.workspaces import open_context, write_workspace

LANGUAGES = tuple(Language)


def log_of(
    findings: Sequence[Finding], sources: SourceMap | None = None, language: Language = Language.EN
) -> Any:
    """Return the log, which the models made of the OASIS schema of SARIF 2.1.0 have accepted."""
    text = findings_sarif(findings, sources or SourceMap(), rule_cards(language), language)
    Schema.model_validate_json(text, strict=True)
    return json.loads(text)


def a_finding(number: int, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        rule="schedule-past",
        severity=severity,
        message=f"`{number}` 지난 시각",
        at=Origin(f"campaigns/추석-{number}.yaml", ("schedule", "at")),
        hint="새 시각",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_log_of_real_findings_is_valid(language: Language, tmp_path: Path) -> None:
    told = set()
    for number, rule in enumerate(RULES[::6]):
        example = next(one for one in rule.EXAMPLES if isinstance(one, Bad))
        root = write_workspace(tmp_path / str(number), example.yaml)
        loaded, context = open_context(root, example.setting)
        log = log_of((*loaded.findings, *run_rules(context)), loaded.sources, language)
        told.update(result["ruleId"] for result in log["runs"][0]["results"])
    assert {rule.META.id for rule in RULES[::6]} <= told


def test_the_schema_would_notice(tmp_path: Path) -> None:
    log = log_of([a_finding(1)])
    for path, value in (
        (("results", 0, "level"), "fatal"),
        (("results", 0, "rule"), "schedule-past"),
        (("results", 0, "message"), "words"),
        (("columnKind",), "bytes"),
    ):
        broken = json.loads(json.dumps(log))
        place = broken["runs"][0]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        with pytest.raises(ValidationError):
            Schema.model_validate_json(json.dumps(broken), strict=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_fit_into_what_github_takes_of_one(language: Language) -> None:
    """docs.github.com, "SARIF support for code scanning": 1,024 characters, 20 tags (10 are shown)."""
    (run,) = log_of([], language=language)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(rules) == len(RULES) < MOST_RESULTS
    for rule in rules:
        assert len(rule["id"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert 0 < len(rule["properties"]["tags"]) <= 10
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_more_than_github_takes_leaves_warnings_out_and_says_so() -> None:
    many = [a_finding(number) for number in range(MOST_RESULTS + 5)]
    many += [a_finding(-1, Severity.ERROR)]
    (run,) = json.loads(findings_sarif(many, SourceMap(), rule_cards()))["runs"]
    assert len(run["results"]) == MOST_RESULTS
    assert [one["level"] for one in run["results"]].count("error") == 1
    (invocation,) = run["invocations"]
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("6 more findings are left out")
    Schema.model_validate(
        json.loads(json.dumps({"version": "2.1.0", "runs": [{**run, "results": []}]}))
    )
    assert "invocations" not in log_of(many[:3])["runs"][0]


def test_annotations_of_long_texts_stay_on_their_line() -> None:
    long = replace(a_finding(0, Severity.ERROR), message="긴 이름\n" * 2000, hint="줄\r\n이세요")
    lines = findings_github([long, *map(a_finding, range(30))], SourceMap()).split("\n")
    assert len(lines) == 10
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)
    assert max(map(len, lines)) < 65_536
