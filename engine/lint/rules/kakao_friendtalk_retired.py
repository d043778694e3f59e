"""No provider is told to send FriendTalk.

## What
No option of the Kakao channel in pushform.yaml (`product`, `api`, `type`) asks for FriendTalk.

## Why
FriendTalk ended on 2025-12-31; NHN keeps a way for old callers until 2026-12-31. Brand Message has
taken its place: targeting `I` reaches channel friends, as FriendTalk did. The provider refuses the
option when it is opened, which is too late for a campaign that is due.

## Fix
Take the option out, and write `kakao: {product: brand, targeting: I}` in the campaign.

## 한국어
pushform.yaml의 카카오 채널 옵션(`product`, `api`, `type`)에 친구톡을 쓰지 않습니다. 친구톡은
2025-12-31에 끝났고 브랜드 메시지가 대신합니다. `targeting: I`면 친구톡처럼 채널 친구에게 갑니다.
고치려면 옵션을 지우고 캠페인에 `kakao: {product: brand, targeting: I}`를 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.book import provision
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.vendor import options_of
from engine.model.channel import Channel

META = RuleMeta(
    id="kakao-friendtalk-retired",
    title="no provider is told to send FriendTalk",
    severity=Severity.ERROR,
    rests_on=Cites("kakao_friendtalk", "KR"),
    title_ko="친구톡은 끝났습니다",
)
_OPTION = "workspace: {channels: {kakao: {%s}}}"
EXAMPLES = (
    Good(_OPTION % "product: brand"),
    Bad(
        _OPTION % "product: friendtalk",
        ("workspace", "channels", "kakao", "product"),
        "FriendTalk ended",
    ),
    Bad(_OPTION % "api: friend-talk", ("workspace", "channels", "kakao", "api"), "`friend-talk`"),
    Bad(_OPTION % "type: 친구톡", ("workspace", "channels", "kakao", "type"), "`친구톡`"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield options that ask for FriendTalk."""
    options = options_of(context, Channel.KAKAO)
    asked = [
        (name, value)
        for name in ("product", "api", "type")
        if isinstance(value := options.get(name), str) and _is_friendtalk(value)
    ]
    if not asked or provision("kakao_friendtalk", KOREA, context.as_of.date()).value is True:
        return
    for name, value in asked:
        yield Hit(
            message=f"`{name}` is `{value}`: FriendTalk ended on 2025-12-31",
            at=context.workspace.channels[Channel.KAKAO].origin / name,
            hint="delete it, and write `product: brand` and `targeting: I` in the campaign",
            channel=Channel.KAKAO,
            korean=Korean(
                f"`{name}`이(가) `{value}`입니다. 친구톡은 2025-12-31에 끝났습니다",
                "지우고 캠페인에 `product: brand`, `targeting: I`를 쓰세요",
            ),
        )


def _is_friendtalk(value: str) -> bool:
    plain = value.lower().replace("_", "").replace("-", "").replace(" ", "")
    return plain in ("friendtalk", "친구톡")
