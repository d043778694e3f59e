"""The two-yearly question about consent says what the decree wants in it.

## What
Every text of a campaign with `notice: consent_recheck` to Korea names the sender (in text messages and
web pushes; elsewhere the app or the profile shows it), says that and when the person agreed, and how to
keep or withdraw the consent. Judged on the samples, in Korean, English and Japanese; in other
languages only sender and date are looked for.

## Why
정보통신망법 시행령 제62조의3제2항: 전송자의 명칭, 수신동의 사실과 수신에 동의한 날짜, 유지 또는 철회의
의사를 표시하는 방법.

## Fix
Add what is missing: `{{ agreed|date }}에 광고 수신에 동의하셨습니다. 철회: 앱 > 설정 > 알림`.

## 한국어
2년마다 하는 수신동의 확인 통지(`notice: consent_recheck`)에는 전송자의 명칭, 수신동의 사실과 동의한
날짜, 유지 또는 철회의 의사를 표시하는 방법이 모두 있어야 합니다(정보통신망법 시행령 제62조의3제2항). 앱
푸시와 카카오는 앱 이름과 프로필이 전송자를 보여 주므로 명칭을 글에서 찾지 않습니다.
고치려면 빠진 것을 더하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.notices import missing_fields
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.legal import Notice

META = RuleMeta(
    id="kr-recheck-notice-fields",
    title="the two-yearly question says what the decree wants in it",
    severity=Severity.ERROR,
    rests_on=Cites("consent_reconfirm_fields", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신동의 확인 통지에는 정해진 사항이 있어야 합니다",
)
_NOTICE = (
    "{campaign: {type: informational, basis: contract, notice: consent_recheck,"
    " channels: {sms: null}}, template: {redefine: null, variables: {name: null%s},"
    " locales: {en: null, ko: {title: 광고 수신동의 확인, body: '%s'}}}}"
)
_AGREED = ", agreed: {type: date, from: user.ad_confirmed_at, sample: '2024-11-23'}"
_WHOLE = "{{ agreed|date }}에 광고 수신에 동의하셨습니다. 철회: 앱 > 설정 > 알림"
EXAMPLES = (
    Good(_NOTICE % (_AGREED, _WHOLE)),
    Bad(
        _NOTICE % (_AGREED, "{{ agreed|date }}에 광고 수신에 동의하셨습니다. 늘 감사합니다."),
        ("template", "locales", "ko", "body"),
        "how to keep or withdraw",
    ),
    Bad(
        _NOTICE % ("", "광고 수신에 동의하고 계십니다. 앱 > 설정 > 알림에서 철회하실 수 있습니다."),
        ("template", "locales", "ko", "body"),
        "that the person agreed, and when",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the fields that two-yearly questions lack."""
    yield from missing_fields(context, Notice.CONSENT_RECHECK)
