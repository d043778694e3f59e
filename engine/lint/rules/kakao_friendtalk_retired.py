"""No provider is told to send FriendTalk.

## What
No option of the Kakao channel in pushform.yaml (`product`, `api`, `type`) asks for FriendTalk from
2025-12-31 on: today, or on the day on which a campaign that uses KakaoTalk is due (both by the
calendar in Korea).

## Why
FriendTalk ended on 2025-12-31; NHN keeps a way for old callers until 2026-12-31. Brand Message has
taken its place: targeting `I` reaches channel friends, as FriendTalk did. The provider refuses the
option when it is opened, which is too late for a campaign that is due.

## Fix
Take the option out, and write `kakao: {product: brand, targeting: I}` in the campaign.

## 한국어
pushform.yaml의 카카오 채널 옵션(`product`, `api`, `type`)에 친구톡을 쓰지 않습니다. 친구톡은
2025-12-31에 끝났고 브랜드 메시지가 대신합니다. 오늘이 그 전이라도 카카오톡 캠페인의 발송일이
2025-12-31 이후면 알립니다. `targeting: I`면 친구톡처럼 채널 친구에게 갑니다.
고치려면 옵션을 지우고 캠페인에 `kakao: {product: brand, targeting: I}`를 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.kernel.finding import Korean, Severity
from engine.law.book import provision
from engine.law.consent import korean_day
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.due import due_times
from engine.lint.josa import josa
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.texts import used_channels
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
_BEFORE = (
    "{workspace: {channels: {kakao: {product: friendtalk}}}, campaign: {schedule: {at: '%s'},"
    " channels: {app: null, kakao: {product: brand}, sms: {from: '15880000'}},"
    " alternative: {kakao: sms}}, template: {redefine: {kakao: {universal: true}}}}"
)
_IN_TIME = Setting(as_of="2025-12-20T00:00:00Z")
EXAMPLES = (
    Good(_OPTION % "product: brand"),
    Good(_BEFORE % "2025-12-30 10:00", _IN_TIME),
    Bad(
        _OPTION % "product: friendtalk",
        ("workspace", "channels", "kakao", "product"),
        "FriendTalk ended",
    ),
    Bad(_OPTION % "api: friend-talk", ("workspace", "channels", "kakao", "api"), "`friend-talk`"),
    Bad(_OPTION % "type: 친구톡", ("workspace", "channels", "kakao", "type"), "`친구톡`"),
    Bad(
        _BEFORE % "2025-12-31 10:00",
        ("workspace", "channels", "kakao", "product"),
        "FriendTalk ended",
        _IN_TIME,
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield options that ask for FriendTalk."""
    options = options_of(context, Channel.KAKAO)
    asked = [
        (name, value)
        for name in ("product", "api", "type")
        if isinstance(value := options.get(name), str) and _is_friendtalk(value)
    ]
    if not asked:
        return
    row = provision("kakao_friendtalk", KOREA, _last_day(context))
    if row.value is True:
        return
    for name, value in asked:
        yield Hit(
            message=f"`{name}` is `{value}`: FriendTalk ended on 2025-12-31",
            at=context.workspace.channels[Channel.KAKAO].origin / name,
            hint="delete it, and write `product: brand` and `targeting: I` in the campaign",
            channel=Channel.KAKAO,
            citation=row.citation,
            korean=Korean(
                f"`{name}`{josa(name, '이/가')} `{value}`입니다. 친구톡은 2025-12-31에 끝났습니다",
                "지우고 캠페인에 `product: brand`, `targeting: I`를 쓰세요",
            ),
        )


def _last_day(context: LintContext) -> date:
    """Return the latest day in Korea that counts: today, or the last on which KakaoTalk is used."""
    due = (
        due.korean
        for due in context.once(due_times)
        if Channel.KAKAO in used_channels(due.campaign)
    )
    return korean_day(max((context.as_of, *due)))


def _is_friendtalk(value: str) -> bool:
    plain = value.lower().replace("_", "").replace("-", "").replace(" ", "")
    return plain in ("friendtalk", "친구톡")
