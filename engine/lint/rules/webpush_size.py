"""A web push fits into one encrypted record.

## What
The JSON that a browser is sent is at most 3,993 bytes; from 3,800 on it is a warning. Judged on the
samples; `plan` looks at the longest values of the audience.

## Why
A push service takes 4,096 bytes, of which encryption needs 103 (RFC 8188 and 8291: 86 of header, 16
of tag, 1 of padding). It answers 413 to more, for some people only. Pictures belong behind URLs:
an icon as `data:` fills the message alone.

## Fix
Shorten the text, or replace an embedded icon by its URL.

## 한국어
브라우저에 보내는 웹 푸시의 JSON은 3,993바이트를 넘을 수 없고, 3,800바이트부터는 경고합니다. 푸시
서비스가 받는 4,096바이트 가운데 103바이트는 암호화에 쓰이며(RFC 8188, 8291), 더 크면 일부
수신자에게서 413으로 거절됩니다. 아이콘을 `data:`로 넣으면 그것만으로 가득 찹니다. 고치려면 글을
줄이거나, 넣은 아이콘을 URL로 바꾸세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Citation, Confidence, Severity
from engine.lint.context import LintContext
from engine.lint.pushes import Bound, full, web_bytes
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.message.limits import WEB_BYTES
from engine.model.channel import Channel

META = RuleMeta(
    id="webpush-size",
    title="a web push is at most 3,993 bytes",
    severity=Severity.ERROR,
    rests_on=Citation(
        id="rfc8291-record",
        title="RFC 8188 and 8291: one record of 4,096 bytes holds 3,993 of plaintext",
        title_ko="RFC 8188, 8291: 4,096바이트 레코드 하나에는 평문 3,993바이트가 들어갑니다",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="웹 푸시는 3,993바이트를 넘을 수 없습니다",
)
_BOUND = Bound(
    channel=Channel.WEB,
    measure=web_bytes,
    most=WEB_BYTES,
    nearly=3_800,
    name="the web push",
    name_ko="웹 푸시",
    hint="shorten it, and give pictures as URLs",
    hint_ko="글을 줄이고 그림은 URL로 넣으세요",
)
"""Close to the limit: other values, a longer link, and it is over."""
EXAMPLES = (
    Good(
        "{campaign: {channels: {app: null, sms: null, web: {icon: 'https://shop.example/i.png'}}},"
        " template: {redefine: null}}"
    ),
    Bad(
        "{campaign: {channels: {app: null, sms: null, web: {}}}, template: {redefine: null,"
        f" locales: {{ko: {{icon: 'data:image/png;base64,{'iVBORw0KGgo' * 400}'}}}}}}}}",
        ("template", "locales", "ko", "icon"),
        "over the limit 3,993",
        also=("push-image",),
    ),
    Bad(
        "{campaign: {channels: {app: null, sms: null, web: {}}}, template: {redefine: null,"
        f" locales: {{ko: {{body: '{'가나다라마' * 240}'}}}}}}}}",
        ("template", "locales", "ko", "body"),
        "close to the limit 3,993",
        also=("push-truncation",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield texts of web pushes that are too large, or nearly."""
    yield from full(context, _BOUND)
