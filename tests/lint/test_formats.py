"""The four formats: for people, for programs, for a pull request, for code scanning."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.kernel.errors import ExitCode
from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.lint.as_json import findings_json
from engine.lint.as_text import findings_text
from engine.lint.cards import rule_cards
from engine.lint.catalog import RULES
from engine.lint.run import run_rules
from engine.review.annotations import findings_github
from engine.review.sarif import findings_sarif
from tests.lint.workspaces import open_context, write_workspace

AS_OF = datetime(2026, 9, 20, tzinfo=UTC)
SCHEMA = Path(__file__).parents[2] / "schemas" / "findings.schema.json"


@pytest.fixture
def linted(tmp_path: Path) -> tuple[tuple[Finding, ...], SourceMap]:
    root = write_workspace(
        tmp_path,
        "campaign: {schedule: {at: '2026-09-24 21:30'}}",
        "template: {locales: {ko: {title: '(광 고) {{ name }}님'}}}",
        "template: {variables: {item: {type: string, from: user.item, default: 송편}}}",
    )
    _, context = open_context(root)
    return run_rules(context), context.sources


def as_json(findings: tuple[Finding, ...], sources: SourceMap) -> Any:
    text = findings_json(
        findings, sources, as_of=AS_OF, environment="sandbox", exit_code=ExitCode.FINDINGS
    )
    return json.loads(text)


def test_text_shows_place_line_caret_hint_and_law(
    linted: tuple[tuple[Finding, ...], SourceMap],
) -> None:
    text = findings_text(*linted)
    assert text.splitlines()[:6] == [
        (
            "campaigns/sale.yaml:18:7: error: an advertisement is due at 21:30 in Korea, where the"
            " night begins at 21:00 and ends at 08:00 [kr-night-window]"
        ),
        "  18 |   at: 2026-09-24 21:30",
        "     |       ^^^^^^^^^^^^^^^^",
        "  hint: move it between 08:00 and 20:30, or write `night: consented_only`",
        (
            "  statute: 정보통신망법 제50조제3항: 21:00–08:00 advertising needs a separate consent;"
            " only e-mail is exempt (시행령 제61조제2항)"
        ),
        "",
    ]
    assert text.endswith("2 errors, 1 warning")


def test_text_puts_carets_under_wide_letters(
    linted: tuple[tuple[Finding, ...], SourceMap],
) -> None:
    lines = findings_text(*linted).splitlines()
    at = next(number for number, line in enumerate(lines) if "(광 고)" in line and " | " in line)
    text, carets = lines[at], lines[at + 1]
    shown = text.split(" | ", 1)[1]
    wide = sum(2 if "가" <= char <= "힣" else 1 for char in shown)
    assert len(carets.split(" | ", 1)[1]) == wide
    assert carets.count("^") == wide - len("    title: ")


def test_text_without_findings_says_so() -> None:
    assert findings_text((), SourceMap()) == "no findings"


def test_json_is_valid_and_complete(linted: tuple[tuple[Finding, ...], SourceMap]) -> None:
    answer = as_json(*linted)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(answer, schema, jsonschema.Draft202012Validator)
    assert answer["summary"] == {"errors": 2, "warnings": 1}
    assert (answer["exit_code"], answer["exit_name"]) == (1, "findings")
    assert (answer["kind"], answer["as_of"]) == ("findings", "2026-09-20T00:00:00Z")
    assert answer["findings"][0] == {
        "rule": "kr-night-window",
        "severity": "error",
        "path": "campaigns/sale.yaml",
        "line": 18,
        "column": 7,
        "end_line": 18,
        "end_column": 23,
        "campaign": "sale",
        "locale": None,
        "channel": None,
        "jurisdiction": "KR",
        "message": "an advertisement is due at 21:30 in Korea, where the night begins at 21:00"
        " and ends at 08:00",
        "hint": "move it between 08:00 and 20:30, or write `night: consented_only`",
        "citation": {
            "id": "kr-network-act-50-3",
            "title": "정보통신망법 제50조제3항: 21:00–08:00 advertising needs a separate consent;"
            " only e-mail is exempt (시행령 제61조제2항)",
            "confidence": "statute",
        },
        "flips_at": None,
    }


def test_json_refuses_what_the_schema_does_not_name(
    linted: tuple[tuple[Finding, ...], SourceMap],
) -> None:
    answer = as_json(*linted)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    for spoil in ({"severity": "fatal"}, {"line": 0}, {"flips_at": "soon"}, {"user": "u1"}):
        spoilt = {**answer, "findings": [{**answer["findings"][0], **spoil}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoilt, schema, jsonschema.Draft202012Validator)


def a_finding(number: int, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        rule="schedule-past",
        severity=severity,
        message=f"100% of it, {number}:\nsecond line",
        at=Origin(f"campaigns/추석,{number:02d}.yaml"),
        hint="do it",
        line=number + 1,
        column=2,
    )


def test_github_escapes_text_and_properties() -> None:
    assert findings_github([a_finding(3)], SourceMap()) == (
        "::warning file=campaigns/추석%2C03.yaml,line=4,endLine=4,col=2,endColumn=3,"
        "title=schedule-past::100%25 of it, 3:%0Asecond line%0Ado it"
    )


def test_github_writes_ten_lines_at_most_with_errors_first() -> None:
    many = [*map(a_finding, range(14)), a_finding(20, Severity.ERROR)]
    lines = findings_github(many, SourceMap()).splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("::error file=campaigns/추석%2C20.yaml")
    assert lines[-1] == "::warning title=pushform::6 more findings: run `pushform lint`"
    assert len(findings_github(many[:10], SourceMap()).splitlines()) == 10
    assert "more" not in findings_github(many[:10], SourceMap())
    assert findings_github([], SourceMap()) == ""


def test_sarif_has_what_code_scanning_reads(
    linted: tuple[tuple[Finding, ...], SourceMap],
) -> None:
    log = json.loads(findings_sarif(*linted, rule_cards()))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "pushform"
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    assert {rule.META.id for rule in RULES} == {rule["id"] for rule in driver["rules"]}
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == 3
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert not physical["artifactLocation"]["uri"].startswith("/")
        region = physical["region"]
        assert 1 <= region["startLine"] <= region["endLine"]
        assert (region["startLine"], region["startColumn"]) < (
            region["endLine"],
            region["endColumn"],
        )
        assert re.fullmatch(r"[0-9a-f]{64}", result["partialFingerprints"]["pushform/v1"])
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]


def test_sarif_fingerprints_do_not_move_with_lines() -> None:
    def prints(finding: Finding) -> Any:
        log = json.loads(findings_sarif([finding], SourceMap(), rule_cards()))
        return log["runs"][0]["results"][0]["partialFingerprints"]

    one = a_finding(3)
    assert prints(one) == prints(replace(one, line=99))
    assert prints(one) != prints(replace(one, message="another"))


def test_sarif_describes_rules_of_other_rooms_and_encodes_paths() -> None:
    stranger = replace(a_finding(3), rule="yaml-syntax")
    run = json.loads(findings_sarif([stranger], SourceMap(), rule_cards()))["runs"][0]
    assert run["tool"]["driver"]["rules"][-1]["id"] == "yaml-syntax"
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "campaigns/%EC%B6%94%EC%84%9D%2C03.yaml"
