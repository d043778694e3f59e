"""Notices that the law asks for, in the languages that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lint.run import run_rules
from tests.lint.workspaces import open_context, write_workspace

NOTICE = (
    "{campaign: {type: informational, basis: contract, notice: %s, channels: {sms: null}},"
    " template: {redefine: null, variables: {name: null, agreed: {type: date,"
    " from: user.ad_confirmed_at, sample: '2024-11-23'}}, locales: {ko: null, %s: {title: '%s',"
    " body: '%s'}}}}"
)
RECHECK, RESULT = "consent_recheck", "consent_result"


def _missing(root: Path, kind: str, locale: str, title: str, body: str) -> list[str]:
    fragment = NOTICE % (kind, locale, title, body)
    if locale != "en":
        fragment = fragment.replace("ko: null", "ko: null, en: null")
    _, context = open_context(write_workspace(root, fragment))
    rules = ("kr-recheck-notice-fields", "kr-consent-result-notice")
    return [f.message for f in run_rules(context) if f.rule in rules]


@pytest.mark.parametrize(
    ("kind", "locale", "title", "body"),
    [
        (
            RECHECK,
            "en",
            "Your consent",
            "You agreed to advertisements on {{ agreed|date }}. Withdraw: App > Settings.",
        ),
        (
            RECHECK,
            "ja",
            "受信同意の確認",
            "{{ agreed|date }}に広告の受信に同意されました。停止: アプリ > 設定",
        ),
        (
            RESULT,
            "en",
            "Done",
            "You withdrew your consent on {{ agreed|date }}. It has been processed.",
        ),
        (RESULT, "ja", "処理結果", "{{ agreed|date }}の受信拒否を処理しました。"),
        (RECHECK, "vi", "Xác nhận", "Ngày {{ agreed }}: xin hãy xác nhận."),
    ],
)
def test_complete_notices(tmp_path: Path, kind: str, locale: str, title: str, body: str) -> None:
    assert _missing(tmp_path, kind, locale, title, body) == []


@pytest.mark.parametrize(
    ("kind", "locale", "body", "missing"),
    [
        (RECHECK, "en", "You agreed on {{ agreed|date }}.", "how to keep or withdraw the consent"),
        (
            RECHECK,
            "en",
            "You agreed. Withdraw: App > Settings.",
            "that the person agreed, and when",
        ),
        (
            RECHECK,
            "ja",
            "{{ agreed|date }} 停止: アプリ > 設定",
            "that the person agreed, and when",
        ),
        (RESULT, "en", "You withdrew on {{ agreed|date }}.", "the result"),
        (RESULT, "ja", "受信拒否を処理しました。", "what the person chose, and when"),
        (RECHECK, "vi", "Xin hãy xác nhận.", "that the person agreed, and when"),
    ],
)
def test_notices_that_lack_a_field(
    tmp_path: Path, kind: str, locale: str, body: str, missing: str
) -> None:
    found = _missing(tmp_path, kind, locale, "{}", body)
    assert f"the notice does not say {missing}" in found
