"""A text message fits its format.

## What
With the samples and all that the law adds, an SMS takes at most 90 bytes, an LMS or MMS 2,000, and a
subject 40. Bytes are counted in cp949: two a Hangul syllable. With `format: auto` a text of more than
90 bytes becomes an LMS. Where text messages stand in for another channel, `fallback-truncation`
says it.

## Why
Vendors cut what is longer, and the end is where the law wants the way to refuse, or they refuse the
message (NAVER Cloud SENS, NHN). `pushform plan` judges the longest values of the people who get it.

## Fix
Shorten the text, write `format: lms`, or cut the value: `{{ name|truncate(10) }}`.

## 한국어
예시 값과 법정 문구까지 넣은 문자는 SMS 90바이트, LMS·MMS 2,000바이트, 제목 40바이트까지입니다(cp949,
한글 한 글자가 2바이트). 넘으면 업체가 끝을 자르거나 거절하는데, 끝에는 수신거부 안내가 있습니다.
`format: auto`면 90바이트를 넘을 때 LMS가 됩니다. 실제 수신자의 가장 긴 값은 `pushform plan`이 봅니다.
고치려면 줄이거나 `format: lms`로 쓰거나 `{{ name|truncate(10) }}`처럼 값을 자르세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.text_messages import oversized

META = RuleMeta(
    id="sms-bytes",
    title="a text message fits its format",
    severity=Severity.ERROR,
    rests_on=practice(
        "sms-bytes",
        "NAVER Cloud SENS, developers.kakao.com: bytes of SMS and LMS",
        title_ko="NAVER Cloud SENS, developers.kakao.com: SMS와 LMS의 바이트 수",
    ),
    title_ko="문자는 형식의 바이트 수를 넘지 않아야 합니다",
)
_SMS = (
    "{campaign: {channels: {sms: {from: '15880000', format: %s}}},"
    " template: {redefine: {sms: {ko: {%s}}}}}"
)
_PLACE = ("template", "redefine", "sms", "ko")
EXAMPLES = (
    Good(_SMS % ("sms", "body: 최대 반값")),
    Good(_SMS % ("auto", "body: " + "오늘만 최대 반값 " * 20)),
    Bad(
        _SMS % ("sms", "body: 오늘 하루만 온라인 매장 전 상품을 최대 반값에 드립니다"),
        (*_PLACE, "body"),
        "SMS carries 90",
    ),
    Bad(
        _SMS % ("auto", "body: " + "오늘만 최대 반값 " * 130),
        (*_PLACE, "body"),
        "LMS carries 2,000",
    ),
    Bad(
        _SMS % ("lms", "title: 오늘 하루만 전 상품을 최대 반값에 드립니다, body: 최대 반값"),
        (*_PLACE, "title"),
        "the subject takes 42 bytes",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield text messages whose sample is too long."""
    yield from oversized(context, alternative=False)
