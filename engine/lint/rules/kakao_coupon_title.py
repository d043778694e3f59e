"""A coupon's title has one of KakaoTalk's five shapes.

## What
With the samples, `coupon.title` is `5000원 할인 쿠폰` (1 to 99,999,999), `30% 할인 쿠폰` (1 to 100),
`배송비 할인 쿠폰`, or up to seven characters before ` 무료 쿠폰` or ` UP 쿠폰`.

## Why
NHN Brand Message v1.0 lists the five; every other title is refused with the whole message.

## Fix
Write one of the five, without thousands separators; a variable may hold the number.

## 한국어
`coupon.title`은 `5000원 할인 쿠폰`(1–99,999,999), `30% 할인 쿠폰`(1–100), `배송비 할인 쿠폰`,
일곱 글자까지의 말 뒤에 ` 무료 쿠폰` 또는 ` UP 쿠폰` 가운데 하나여야 합니다. 다른 제목은 메시지째
거절됩니다(NHN 브랜드 메시지 v1.0).
고치려면 다섯 형식 가운데 하나로, 천 단위 쉼표 없이 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="kakao-coupon-title",
    title="a coupon's title has one of KakaoTalk's five shapes",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-coupon",
        "NHN Brand Message v1.0: titles of coupons",
        title_ko="NHN 브랜드 메시지 v1.0: 쿠폰의 제목",
    ),
    title_ko="쿠폰 제목은 카카오의 다섯 가지 형식이어야 합니다",
)
_COUPON = (
    "{campaign: {channels: {kakao: {}}}, template: {locales: {en: null},"
    " redefine: {sms: {en: null}, kakao: {ko: {body: 쿠폰이 왔어요,"
    " coupon: {title: '%s', description: VIP 전용, link: 'https://shop.example/c'}}}}}}"
)
_PLACE = ("template", "redefine", "kakao", "ko", "coupon", "title")
EXAMPLES = (
    Good(_COUPON % "20% 할인 쿠폰"),
    Good(_COUPON % "첫구매 무료 쿠폰"),
    Bad(_COUPON % "겨울 쿠폰", _PLACE, "`겨울 쿠폰`, which is no title"),
    Bad(_COUPON % "5,000원 할인 쿠폰", _PLACE, "no title of a coupon"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield titles of coupons that KakaoTalk does not take."""
    yield from hits(context, META.id)
