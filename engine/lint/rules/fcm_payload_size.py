"""An app push is not larger than what is carried.

## What
Title, body, links and what the app gets beside them, as FCM would be sent them, are at most 4,096
bytes of UTF-8. From 3,900 on it is a warning: the name of another person may be longer. Judged on
the samples; `plan` looks at the longest values of the audience.

## Why
FCM refuses larger messages (firebase.google.com, FCM v1 ErrorCode: 4,096 bytes), and so does Apple
(`PayloadTooLarge`), in the middle of a send and only for some people. A Hangul syllable takes three
bytes, an emoji four.

## Fix
Shorten the text. What needs room belongs on the page behind the link.

## 한국어
앱 푸시의 제목·본문·링크와 앱이 함께 받는 데이터는 UTF-8로 4,096바이트를 넘을 수 없습니다.
3,900바이트부터는 경고합니다. 받는 사람에 따라 이름이 더 길 수 있기 때문입니다. FCM은 이보다 큰
메시지를 거절하고(FCM v1 ErrorCode) 애플도 `PayloadTooLarge`로 거절하는데, 발송 도중에 일부
수신자에게서만 일어납니다. 한글 한 글자는 3바이트, 이모지는 4바이트입니다. 고치려면 글을 줄이고, 긴
내용은 링크로 연결한 페이지에 두세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Citation, Confidence, Severity
from engine.lint.context import LintContext
from engine.lint.pushes import Bound, app_bytes, full
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.message.limits import FCM_BYTES
from engine.model.channel import Channel

META = RuleMeta(
    id="fcm-payload-size",
    title="an app push is at most 4,096 bytes",
    severity=Severity.ERROR,
    rests_on=Citation(
        id="fcm-payload-4096",
        title="Firebase Cloud Messaging, FCM v1 ErrorCode: a payload is at most 4,096 bytes",
        title_ko="Firebase Cloud Messaging, FCM v1 ErrorCode: 페이로드는 최대 4,096바이트",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="앱 푸시는 4,096바이트를 넘을 수 없습니다",
)
_BOUND = Bound(
    channel=Channel.APP,
    measure=app_bytes,
    most=FCM_BYTES,
    nearly=3_900,
    name="the app push",
    name_ko="앱 푸시",
    hint="shorten it; a Hangul syllable takes three bytes, an emoji four",
    hint_ko="글을 줄이세요. 한글 한 글자는 3바이트, 이모지는 4바이트입니다",
)
"""Close to the limit: other values, a longer link, and it is over."""
EXAMPLES = (
    Good(f"template: {{locales: {{ko: {{body: '{'가을 특가 ' * 15}'}}}}}}"),
    Bad(
        f"template: {{locales: {{ko: {{body: '{'가나다라마' * 300}'}}}}}}",
        ("template", "locales", "ko", "body"),
        "limit 4,096",
        also=("push-truncation",),
    ),
    Bad(
        f"template: {{locales: {{en: {{body: '{'all our apples ' * 250}'}}}}}}",
        ("template", "locales", "en", "body"),
        "close to the limit 4,096",
        also=("push-truncation",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield texts of app pushes that are too large, or nearly."""
    yield from full(context, _BOUND)
