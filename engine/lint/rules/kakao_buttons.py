"""A KakaoTalk button is of a kind that its bubble takes, and leads somewhere.

## What
Every button is of a kind that the bubble (or an AlimTalk) takes, and has what its kind needs: a
`web` button a `link`, an `app` button two of `link`, `android` and `ios` (an AlimTalk `android`
and `ios`). How many buttons there may be and how long their names are is `kakao-brand-bubble`.

## Why
NHN AlimTalk v2.3 and Brand Message v1.0 state kinds and links; bubbles of products and cards take
`web` and `app` alone (SOLAPI). A message with another button is refused.

## Fix
Write the link that is missing, or another `kind`.

## 한국어
버튼은 말풍선(또는 알림톡)이 받는 종류여야 하고 종류마다 필요한 링크가 있어야 합니다. `web`에는
`link`, `app`에는 `link`·`android`·`ios` 가운데 둘(알림톡은 `android`와 `ios`)이 필요합니다. 상품과
카드 말풍선은 `web`과 `app`만 받습니다(NHN 알림톡 v2.3, 브랜드 메시지 v1.0, SOLAPI).
고치려면 빠진 링크를 쓰거나 `kind`를 바꾸세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="kakao-buttons",
    title="a KakaoTalk button is of a kind that its bubble takes",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-buttons",
        "NHN AlimTalk v2.3 and Brand Message v1.0: kinds of buttons and their links",
    ),
    title_ko="카카오톡 버튼은 말풍선이 받는 종류이고 링크가 있어야 합니다",
)
_BUTTON = (
    "{campaign: {channels: {kakao: {}}},"
    " template: {locales: {en: null},"
    " redefine: {sms: {en: null}, kakao: {ko: {body: 가을 신상, buttons: [%s]}}}}}"
)
_PLACE = ("template", "redefine", "kakao", "ko", "buttons", 0)
EXAMPLES = (
    Good(_BUTTON % "{name: 보기, link: 'https://shop.example/p'}"),
    Good(_BUTTON % "{name: 봇에게 묻기, kind: bot_keyword}"),
    Bad(_BUTTON % "{name: 보기, kind: web}", _PLACE, "needs `link`"),
    Bad(_BUTTON % "{name: 배송 조회, kind: delivery}", (*_PLACE, "kind"), "is a button `delivery`"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield buttons of other kinds, and buttons that lead nowhere."""
    yield from hits(context, META.id)
