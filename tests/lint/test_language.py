"""Findings and pages in Korean, for the marketer who reads them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from engine.kernel.errors import ExitCode
from engine.kernel.finding import Citation, Confidence, Finding, Korean, Severity
from engine.kernel.language import Language
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.law.book import last_checked
from engine.lint.as_json import findings_json
from engine.lint.as_text import findings_text
from engine.lint.cards import rule_cards
from engine.lint.catalog import RULES
from engine.lint.page import render_rule_page
from engine.lint.rule import Rule
from engine.lint.rules import kr_ad_optout_missing
from engine.review.annotations import findings_github
from engine.review.sarif import findings_sarif

FOUND = Finding(
    rule="kr-ad-optout-missing",
    severity=Severity.ERROR,
    message="the sms text does not say how to refuse advertisements",
    at=Origin("templates/a.yaml", ("locales", "ko", "body")),
    hint="end it with the text of `sender.opt_out`",
    citation=Citation(
        id="kr-network-act-50-4-2",
        title="an advertisement ends with an easy way to refuse",
        title_ko="광고는 쉬운 거부 방법으로 끝난다",
        confidence=Confidence.STATUTE,
    ),
    korean=Korean("문자 광고에 수신거부 방법이 없습니다", "수신거부 문구로 끝나게 하세요"),
)
SOURCES = SourceMap()
KO = Language.KO
_HANGUL = re.compile("[가-힣]")


def test_text_is_korean_from_the_first_word_to_the_last() -> None:
    assert findings_text([FOUND], SOURCES, KO).splitlines() == [
        "templates/a.yaml:1:1: 오류: 문자 광고에 수신거부 방법이 없습니다 [kr-ad-optout-missing]",
        "  도움말: 수신거부 문구로 끝나게 하세요",
        "  법령: 광고는 쉬운 거부 방법으로 끝난다",
        "",
        "오류 1건",
    ]
    assert findings_text([], SOURCES, KO) == "문제 없음"


def test_what_has_no_korean_words_is_said_in_english() -> None:
    plain = Finding(rule="syntax", severity=Severity.WARNING, message="a tab", at=Origin("a.yaml"))
    text = findings_text([plain], SOURCES, KO)
    assert "a.yaml:1:1: 경고: a tab [syntax]" in text
    assert text.endswith("경고 1건")


def test_every_format_speaks_it() -> None:
    now = datetime(2026, 9, 20, tzinfo=UTC)
    answer = json.loads(
        findings_json(
            [FOUND],
            SOURCES,
            as_of=now,
            environment=None,
            exit_code=ExitCode.FINDINGS,
            language=KO,
        )
    )
    said = answer["findings"][0]
    assert (said["message"], said["hint"]) == (FOUND.korean.message, FOUND.korean.hint)  # type: ignore[union-attr]
    assert said["citation"]["title"] == "광고는 쉬운 거부 방법으로 끝난다"
    assert "문자 광고에 수신거부 방법이 없습니다%0A" in findings_github([FOUND], SOURCES, KO)


def test_a_fingerprint_does_not_depend_on_who_reads() -> None:
    logs = [
        json.loads(findings_sarif([FOUND], SOURCES, rule_cards(), language))["runs"][0]["results"]
        for language in Language
    ]
    english, korean = (results[0] for results in logs)
    assert english["partialFingerprints"] == korean["partialFingerprints"]
    assert korean["message"]["text"].startswith("문자 광고에")


def test_a_page_has_one_language_at_a_time() -> None:
    english = render_rule_page(kr_ad_optout_missing)
    korean = render_rule_page(kr_ad_optout_missing, language=KO)
    assert "## 한국어" not in english
    assert "수신거부 안내" not in english
    assert "## Why" not in korean
    assert "쉽고 무료인 거부 방법" in korean
    assert "## 통과하는 예" in korean
    assert "심각도    오류" in korean
    for english_word in ("severity", "Passes", "Fails", "may ignore", "fragments"):
        assert english_word not in korean.split("## 통과하는 예")[0]
    assert "## Passes" in english


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.META.id)
def test_what_a_rule_rests_on_has_a_korean_name(rule: Rule) -> None:
    assert _HANGUL.search(rule.META.citation(last_checked()).named(KO))
    assert rule.META.title_ko is not None


def test_cards_are_korean_for_those_who_read_it() -> None:
    run = json.loads(findings_sarif([FOUND], SOURCES, rule_cards(KO), KO))["runs"][0]
    for card in run["tool"]["driver"]["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            assert _HANGUL.search(card[key]["text"]), card["id"]
