"""An AlimTalk is no longer than KakaoTalk takes.

## What
With the samples, an AlimTalk's text takes at most 1,000 characters with blanks, its `header` 16 and
`emphasis` 50. The names of buttons are `kakao-buttons`, the length of links is `kakao-url`.

## Why
Infobip states 1,000 characters, NHN's v2.3 page 1,300: the lower passes everywhere. The vendor
refuses a longer one for that person alone. `pushform plan` judges the longest values of the people
who really get it.

## Fix
Shorten the text, or cut the value: `{{ name|truncate(10) }}`.

## 한국어
예시 값으로 만든 알림톡의 본문은 공백을 포함해 1,000자, `header`는 16자, `emphasis`는 50자까지입니다.
버튼 이름은 `kakao-buttons`, 링크 길이는 `kakao-url`이 봅니다. Infobip은 1,000자, NHN v2.3은
1,300자라고 하므로 낮은 쪽을 따릅니다. 실제 수신자의 가장 긴 값은 `pushform plan`이 봅니다.
고치려면 본문을 줄이거나 `{{ name|truncate(10) }}`처럼 값을 자르세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="alimtalk-length",
    title="an AlimTalk is no longer than KakaoTalk takes",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-alimtalk-length",
        "infobip.com/docs/kakaotalk/alim-talk, NHN AlimTalk v2.3: lengths",
        title_ko="infobip.com/docs/kakaotalk/alim-talk, NHN 알림톡 v2.3: 글자 수",
    ),
    title_ko="알림톡이 글자 수 한도를 넘지 않아야 합니다",
)
_ORDER = (
    "{campaign: {type: informational, basis: transaction, channels: {app: {}, sms: null,"
    " kakao: {product: alimtalk, template_code: order_01}}}, template: {locales:"
    " {ko: {title: 주문 안내, body: 주문을 받았습니다}, en: null},"
    " redefine: {sms: null, kakao: {ko: %s}}}}"
)
_PLACE = ("template", "redefine", "kakao", "ko")
EXAMPLES = (
    Good(_ORDER % "{body: '{{ name }}님, 주문을 받았습니다'}"),
    Bad(
        _ORDER % ("{body: '{{ name }}님, " + "주문을 받았습니다. " * 100 + "'}"),
        (*_PLACE, "body"),
        "an AlimTalk carries 1,000",
    ),
    Bad(
        _ORDER
        % "{body: '{{ name }}님, 주문을 받았습니다', header: 주문하신 상품을 준비하고 있습니다}",
        (*_PLACE, "header"),
        "an AlimTalk carries 16",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield AlimTalk texts that are too long."""
    yield from hits(context, META.id)
