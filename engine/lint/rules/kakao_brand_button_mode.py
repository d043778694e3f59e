"""A Brand Message's buttons suit the way it is sent.

## What
A Brand Message in free form has no button `channel_add`; one with a `template_code` has no
`consult` and no `bot_switch`. It is a warning, as vendors differ.

## Why
NAVER Cloud SENS refuses them (guide of 2026-04-23); NHN and SOLAPI list `channel_add` for free
form as well. A campaign that may go through either is safe without.

## Fix
Write `kind: web` with a link, or send it the other way.

## 한국어
자유형 브랜드 메시지에는 `channel_add` 버튼을, 템플릿(`template_code`) 발송에는 `consult`와
`bot_switch` 버튼을 쓰지 않는 것이 안전합니다. 네이버 클라우드 SENS는 거절하고 NHN과 SOLAPI는
자유형의 `channel_add`를 받으므로 경고로 알립니다.
고치려면 `kind: web`과 링크로 바꾸거나 다른 방식으로 보내세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="kakao-brand-button-mode",
    title="a Brand Message's buttons suit the way it is sent",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-button-mode",
        "NAVER Cloud SENS brandmessage-send (2026-04-23): buttons by mode",
        title_ko="NAVER Cloud SENS brandmessage-send(2026-04-23): 발송 방식별 버튼",
    ),
    title_ko="브랜드 메시지의 버튼은 발송 방식에 맞아야 합니다",
)
_BUTTON = (
    "{campaign: {channels: {kakao: %s}},"
    " template: {locales: {en: null},"
    " redefine: {sms: {en: null}, kakao: {ko: {body: 가을 신상, buttons: [%s]}}}}}"
)
_FREE, _TEMPLATE = "{}", "{template_code: autumn_01}"
_PLACE = ("template", "redefine", "kakao", "ko", "buttons", 0, "kind")
EXAMPLES = (
    Good(_BUTTON % (_TEMPLATE, "{name: 채널 추가, kind: channel_add}")),
    Bad(
        _BUTTON % (_FREE, "{name: 채널 추가, kind: channel_add}"),
        _PLACE,
        "which free form does not take with every vendor",
    ),
    Bad(
        _BUTTON % (_TEMPLATE, "{name: 상담하기, kind: consult}"),
        _PLACE,
        "which a template does not take with every vendor",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield buttons that only some vendors take in that mode."""
    yield from hits(context, META.id)
