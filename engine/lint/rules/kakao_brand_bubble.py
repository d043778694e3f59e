"""A KakaoTalk message fits its bubble.

## What
With the samples, the message has the parts that its `bubble` needs and none that it does not show,
and no text, number of parts or price is beyond what the bubble carries. Number and names of buttons
are `kakao-buttons`, the length of links is `kakao-url`. What only some vendors
refuse is a warning. A text of up to 1,300 characters fits `text`; `wide` carries 76.

## Why
Vendors refuse a message that does not fit, for each person alone, after the send has begun. The
limits are NHN's (Brand Message v1.0), SOLAPI's and Infobip's; where they differ the widest is the
error and the narrowest a warning. People with longer values are judged in `pushform plan`.

## Fix
Shorten what is named, write the part that is missing, or choose another `bubble`.

## 한국어
예시 값으로 만든 메시지가 `bubble`에 필요한 항목을 모두 갖추고, 보여 주지 않는 항목이 없으며, 글자
수·개수·가격이 말풍선의 한도 안에 있어야 합니다. 버튼의 개수와 이름은 `kakao-buttons`가, 링크의 길이는
`kakao-url`이 봅니다. 맞지 않으면 업체가 발송 중에 한 건씩 거절합니다.
한도는 NHN·SOLAPI·Infobip 문서를 따르고, 업체마다 다른 것은 경고로 알립니다.
고치려면 줄이거나, 빠진 항목을 쓰거나, 다른 말풍선을 고르세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="kakao-brand-bubble",
    title="a KakaoTalk message fits its bubble",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-bubbles",
        "NHN Brand Message v1.0, SOLAPI bms, Infobip: what a bubble takes",
        title_ko="NHN 브랜드 메시지 v1.0, SOLAPI bms, Infobip: 말풍선이 받는 것",
    ),
    title_ko="카카오톡 메시지가 말풍선에 맞아야 합니다",
)
_KAKAO = (
    "{campaign: {channels: {kakao: %s}}, template: {locales: {en: null},"
    " redefine: {sms: {en: null}, kakao: {ko: %s}}}}"
)
_WIDE = "{bubble: wide}"
_PICTURE = "image: 'https://shop.example/i/hanwoo.png'"
_PRODUCT = (
    "{" + _PICTURE + ", commerce: {title: 한우 등심, regular_price: '89000'},"
    " buttons: [{name: 구매, link: 'https://shop.example/p'}]}"
)
_PLACE = ("template", "redefine", "kakao", "ko")
EXAMPLES = (
    Good(_KAKAO % ("{bubble: image}", "{body: 가을 신상이 왔어요, " + _PICTURE + "}")),
    Good(_KAKAO % ("{bubble: commerce}", _PRODUCT)),
    Bad(
        _KAKAO % (_WIDE, "{body: " + "가" * 90 + ", " + _PICTURE + "}"),
        (*_PLACE, "body"),
        "takes 90 characters; the bubble `wide` carries 76",
    ),
    Bad(_KAKAO % (_WIDE, "{body: 무료 배송}"), _PLACE, "needs `image`"),
    Bad(
        _KAKAO % ("{bubble: commerce, targeting: M}", _PRODUCT),
        _PLACE,
        "reaches channel friends only",
        also=("kakao-brand-080", "kakao-brand-eligible"),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield what bubbles lack, do not show or cannot hold."""
    yield from hits(context, META.id)
