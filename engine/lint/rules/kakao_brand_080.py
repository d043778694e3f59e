"""Brand Message beyond channel friends names a free number for refusals.

## What
For a Brand Message with `targeting: M` or `N`, pushform.yaml names the registered number:
`channels.kakao.unsubscribe_number`, or that of the profile. It starts with 080. `${NAME}` passes.

## Why
Vendors ask for a free 080 number where people get the message who are no friends of the channel (NHN
Brand Message v1.0, NAVER Cloud); 정보통신망법 제50조제6항 wants refusing to be free anyway.

## Fix
Add `unsubscribe_number: 080-123-4567` as it is registered with the vendor.

## 한국어
`targeting: M`이나 `N`인 브랜드 메시지에는 무료수신거부 080 번호가 필요합니다. pushform.yaml의
`channels.kakao.unsubscribe_number`나 프로필의 같은 키를 봅니다. 채널 친구가 아닌 사람에게 보낼 때
업체가 요구하며(NHN 브랜드 메시지 v1.0, 네이버 클라우드), 수신거부는 무료여야 합니다(정보통신망법
제50조제6항).
고치려면 업체에 등록한 번호를 `unsubscribe_number: 080-123-4567`처럼 쓰세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.vendor import kakao_at, kakao_campaigns, options_of, profile_options
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct

META = RuleMeta(
    id="kakao-brand-080",
    title="Brand Message beyond channel friends names a free number for refusals",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-brand-080",
        "NHN Brand Message v1.0, NAVER Cloud: 080 number for M and N",
        title_ko="NHN 브랜드 메시지 v1.0, NAVER Cloud: M과 N에는 080 번호",
    ),
    title_ko="채널 친구가 아닌 사람에게 보내려면 080 번호가 있어야 합니다",
)
_FREE = re.compile(r"080-\d{3,4}-\d{4}|080\d{7,8}", re.ASCII)
_BRAND = (
    "{campaign: {channels: {kakao: {targeting: M}}}, workspace: {channels: {kakao: {%s"
    " profiles: {main: {friends: 62000, business: true}}}}},"
    " template: {redefine: {kakao: {universal: true}}}}"
)
_PLACE = ("campaign", "channels", "kakao", "targeting")
EXAMPLES = (
    Good(_BRAND % "unsubscribe_number: 080-123-4567,"),
    Good(_BRAND % "unsubscribe_number: '${REFUSAL_NUMBER}',"),
    Bad(_BRAND % "", _PLACE, "names no `unsubscribe_number`"),
    Bad(_BRAND % "unsubscribe_number: 1588-0000,", _PLACE, "`1588-0000` is no free number"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield Brand Messages to M and N without an 080 number."""
    for campaign, settings in context.once(kakao_campaigns):
        if settings.product is not KakaoProduct.BRAND or settings.targeting == "I":
            continue
        number = profile_options(context, settings.profile).get("unsubscribe_number")
        if number is None:
            number = options_of(context, Channel.KAKAO).get("unsubscribe_number")
        if number is None:
            said = "pushform.yaml names no `unsubscribe_number`"
            said_ko = "pushform.yaml에 `unsubscribe_number`가 없습니다"
        elif isinstance(number, str | int) and not _FREE.fullmatch(str(number)):
            said = f"`{number}` is no free number"
            said_ko = f"`{number}`{josa(number, '은/는')} 080 번호가 아닙니다"
        else:
            continue
        yield Hit(
            message=f"targeting `{settings.targeting}` needs a number for refusals: {said}",
            at=kakao_at(campaign, "targeting"),
            hint="write `unsubscribe_number: 080-123-4567` under `channels.kakao`",
            campaign=campaign.id,
            channel=Channel.KAKAO,
            korean=Korean(
                f"타기팅 `{settings.targeting}`에는 수신거부 번호가 필요합니다: {said_ko}",
                "`channels.kakao`에 `unsubscribe_number: 080-123-4567`처럼 쓰세요",
            ),
        )
