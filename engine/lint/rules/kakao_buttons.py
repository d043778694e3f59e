"""The buttons of a KakaoTalk message are what its bubble takes, and lead somewhere.

## What
There are no more buttons than the bubble (or an AlimTalk) takes, beside a coupon fewer. With the
samples no name is longer than it carries: 14 characters, 8 in all bubbles but `text` and `image`.
Every button is of a kind that the bubble takes, and has what its kind needs: a `web` button a
`link`, an `app` button two of `link`, `android` and `ios` (an AlimTalk `android` and `ios`). That a
bubble needs a button at all, or shows none, is `kakao-brand-bubble`.

## Why
NHN AlimTalk v2.3 and Brand Message v1.0 state numbers, names, kinds and links; bubbles of products
and cards take `web` and `app` alone (SOLAPI). A message with another button is refused.

## Fix
Delete a button, shorten its name, write the link that is missing, or another `kind`.

## 한국어
버튼의 개수는 말풍선(또는 알림톡)의 한도 안이어야 하고, 쿠폰이 있으면 한도가 더 적습니다. 이름은 예시
값으로 14자, `text`와 `image`가 아닌 말풍선에서는 8자까지입니다. 버튼은 말풍선이 받는 종류여야 하고 종류마다
필요한 링크가 있어야 합니다. `web`에는 `link`, `app`에는 `link`·`android`·`ios` 가운데 둘(알림톡은
`android`와 `ios`)이 필요합니다. 상품과 카드 말풍선은 `web`과 `app`만 받습니다(NHN 알림톡 v2.3, 브랜드
메시지 v1.0, SOLAPI).
고치려면 버튼을 지우거나 이름을 줄이고, 빠진 링크를 쓰거나 `kind`를 바꾸세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="kakao-buttons",
    title="the buttons of a KakaoTalk message are what its bubble takes",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-buttons",
        "NHN AlimTalk v2.3 and Brand Message v1.0: buttons, their number, names, kinds and links",
        title_ko="NHN 알림톡 v2.3, 브랜드 메시지 v1.0: 버튼의 개수, 이름, 종류, 링크",
    ),
    title_ko="카카오톡 버튼은 말풍선이 받는 개수와 종류이고 링크가 있어야 합니다",
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
    Bad(
        (_BUTTON % ", ".join(["{name: 보기, link: 'https://shop.example/p'}"] * 5)).replace(
            "body: 가을 신상,",
            "body: 가을 신상, coupon: {title: 10% 할인 쿠폰, description: 전 상품,"
            " link: 'https://shop.example/c'},",
        ),
        _PLACE[:-1],
        "has 5; the bubble `text` takes 4 beside a coupon",
    ),
    Bad(
        _BUTTON % "{name: 지금 바로 겨울 세일 보러 가기, link: 'https://shop.example/p'}",
        (*_PLACE, "name"),
        "carries 14",
    ),
    Bad(_BUTTON % "{name: 배송 조회, kind: delivery}", (*_PLACE, "kind"), "is a button `delivery`"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield buttons that are too many, have long names, are of other kinds or lead nowhere."""
    yield from hits(context, META.id)
