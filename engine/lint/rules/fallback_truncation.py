"""A text message that stands in for another channel fits its format.

## What
What `sms-bytes` asks of text messages, for those that are an `alternative`: with the samples an SMS
takes at most 90 bytes, an LMS or MMS 2,000, a subject 40, counted in cp949.

## Why
A text written for KakaoTalk (1,000 characters and more) is often used again. Vendors cut what does not
fit (NHN `resendContent`), and with it the way to refuse. Our own alternative is refused instead, and
those people get nothing.

## Fix
Write a shorter text under `redefine: {sms: …}`.

## 한국어
다른 채널을 대신하는 문자(`alternative`)도 SMS 90바이트, LMS·MMS 2,000바이트, 제목 40바이트(cp949)를
넘지 않아야 합니다. 카카오톡용 긴 글을 그대로 쓰면 업체가 끝을 자르며(NHN `resendContent`) 수신거부
안내가 사라집니다. 이 도구는 자르지 않고 보내지 않으므로 그 사람들은 아무것도 받지 못합니다.
고치려면 `redefine: {sms: …}`에 더 짧은 글을 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.text_messages import oversized

META = RuleMeta(
    id="fallback-truncation",
    title="a text message that stands in for another channel fits its format",
    severity=Severity.ERROR,
    rests_on=practice(
        "nhn-resend",
        "NHN AlimTalk v2.3: resendContent and resendTitle are cut",
        title_ko="NHN 알림톡 v2.3: resendContent와 resendTitle은 잘립니다",
    ),
    title_ko="대체 문자도 형식의 바이트 수를 넘지 않아야 합니다",
)
_INSTEAD = (
    "{campaign: {channels: {kakao: {}, sms: {from: '15880000', format: %s}},"
    " alternative: {kakao: sms}}, template: {locales: {en: null},"
    " redefine: {kakao: {universal: true}, sms: {en: null, ko: {body: %s}}}}}"
)
_PLACE = ("template", "redefine", "sms", "ko", "body")
EXAMPLES = (
    Good(_INSTEAD % ("lms", "오늘 하루만 전 상품을 최대 반값에 드립니다")),
    Bad(
        _INSTEAD % ("sms", "오늘 하루만 온라인 매장 전 상품을 최대 반값에 드립니다"),
        _PLACE,
        "SMS carries 90",
    ),
    Bad(_INSTEAD % ("auto", "오늘만 최대 반값 " * 130), _PLACE, "LMS carries 2,000"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield alternatives whose sample is too long."""
    yield from oversized(context, alternative=True)
