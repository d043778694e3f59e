"""Brand Message beyond channel friends needs a channel that Kakao admits.

## What
A Brand Message with `targeting: M` or `N` goes out from a profile with at least 50,000 channel friends
whose channel is verified as a business: `friends` and `business` of the profile in pushform.yaml.
Where one of them is not written, a warning says that it was not looked at.

## Why
Vendors admit M and N only then, and with evidence of consent (NHN Brand Message v1.0, NAVER Cloud).
From another channel every message is refused.

## Fix
Write `targeting: I`, which reaches channel friends, or correct what pushform.yaml says of the profile.

## 한국어
`targeting: M`이나 `N`인 브랜드 메시지는 채널 친구가 5만 명 이상이고 비즈니스 인증을 받은 채널에서만
보낼 수 있습니다(NHN 브랜드 메시지 v1.0, 네이버 클라우드). pushform.yaml 프로필의 `friends`와
`business`를 보고, 적혀 있지 않으면 살펴보지 못했다고 경고합니다.
고치려면 채널 친구에게 가는 `targeting: I`로 쓰거나 프로필의 정보를 고치세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.book import provision
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.due import day_of_sending
from engine.lint.josa import josa
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.vendor import kakao_at, kakao_campaigns, profile_options
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct

META = RuleMeta(
    id="kakao-brand-eligible",
    title="Brand Message beyond channel friends needs a channel that Kakao admits",
    severity=Severity.ERROR,
    rests_on=Cites("kakao_brand_friends", "KR"),
    title_ko="채널 친구가 아닌 사람에게 보내려면 자격을 갖춘 채널이어야 합니다",
)
_BRAND = (
    "{campaign: {channels: {kakao: {targeting: %s}}}, workspace: {channels: {kakao: {profiles:"
    " {main: {%sunsubscribe_number: 080-123-4567}}}}},"
    " template: {redefine: {kakao: {universal: true}}}}"
)
_PLACE = ("campaign", "channels", "kakao", "targeting")
EXAMPLES = (
    Good(_BRAND % ("M", "friends: 62000, business: true, ")),
    Good(_BRAND % ("I", "friends: 12000, ")),
    Bad(_BRAND % ("M", "friends: 12000, business: true, "), _PLACE, "12,000 channel friends"),
    Bad(_BRAND % ("N", "friends: 62000, business: false, "), _PLACE, "is not verified"),
    Bad(_BRAND % ("M", "friends: 62000, "), _PLACE, "was not looked at"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield Brand Messages to M and N from profiles that cannot, or of which too little is known."""
    for campaign, settings in context.once(kakao_campaigns):
        if settings.product is not KakaoProduct.BRAND or settings.targeting == "I":
            continue
        needed = provision("kakao_brand_friends", KOREA, day_of_sending(campaign)).value
        for message, message_ko, severity in _lacks(context, settings.profile, int(str(needed))):
            yield Hit(
                message=f"targeting `{settings.targeting}`: {message}",
                at=kakao_at(campaign, "targeting"),
                hint="write `targeting: I`, or correct the profile in pushform.yaml",
                campaign=campaign.id,
                channel=Channel.KAKAO,
                severity=severity,
                korean=Korean(
                    f"타기팅 `{settings.targeting}`: {message_ko}",
                    "`targeting: I`로 쓰거나 pushform.yaml의 프로필 정보를 고치세요",
                ),
            )


def _lacks(
    context: LintContext, profile: str, needed: int
) -> Iterator[tuple[str, str, Severity | None]]:
    known = profile_options(context, profile)
    friends, business = known.get("friends"), known.get("business")
    if isinstance(friends, int) and friends < needed:
        yield (
            f"`{profile}` has {friends:,} channel friends and needs {needed:,}",
            f"`{profile}`의 채널 친구가 {friends:,}명인데 {needed:,}명이 필요합니다",
            None,
        )
    if business is False:
        yield (
            f"the channel of `{profile}` is not verified as a business",
            f"`{profile}`의 채널이 비즈니스 인증을 받지 않았습니다",
            None,
        )
    missing = [name for name in ("friends", "business") if name not in known]
    if missing:
        listed = " and ".join(f"`{name}`" for name in missing)
        yield (
            f"{listed} of `{profile}` was not looked at: pushform.yaml does not say",
            f"`{profile}`의 {listed}{josa(listed, '이/가')} pushform.yaml에 없어 살펴보지 못했습니다",
            Severity.WARNING,
        )
