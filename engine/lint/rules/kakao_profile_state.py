"""The KakaoTalk profile that sends is active.

## What
The profile of `channels.kakao` is active: not dormant, blocked, disconnected or still pending. What
the vendor said when `pushform doctor --save` last asked counts; where it said nothing,
`channels.kakao.profiles.….status` of pushform.yaml. Where neither says anything the rule is silent.

## Why
A vendor takes nothing from such a profile (NHN sender API: `kakaoProfileStatus`, `dormant`, `block`).
Every message of the campaign would be refused, or go out by its alternative for more money.

## Fix
Wake the profile in the vendor's console and ask again with `pushform doctor --save`, or use another.

## 한국어
`channels.kakao`의 발신 프로필은 활성 상태여야 합니다. 휴면·차단·연결 해제·대기 상태의 프로필로는
업체가 아무것도 보내지 않습니다(NHN 발신 프로필 API). `pushform doctor --save`가 마지막으로 물어본
답을 보고, 답이 없으면 pushform.yaml의 `profiles.….status`를 봅니다. 둘 다 없으면 말하지 않습니다.
고치려면 업체 콘솔에서 프로필을 되살린 뒤 `pushform doctor --save`로 다시 묻거나 다른 프로필을 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice
from engine.lint.vendor import ACTIVE, STATES_KO, kakao_at, kakao_campaigns, profile_states
from engine.model.channel import Channel

META = RuleMeta(
    id="kakao-profile-state",
    title="the KakaoTalk profile that sends is active",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-profiles",
        "NHN Cloud sender API: states of a profile",
        title_ko="NHN Cloud 발신 프로필 API: 프로필의 상태",
    ),
    title_ko="카카오톡 발신 프로필이 활성 상태여야 합니다",
)
_KAKAO = (
    "{campaign: {channels: {kakao: {profile: main}}},"
    " template: {redefine: {kakao: {universal: true}}}%s}"
)
_SAID = {"profiles": {"main": {"status": "dormant", "daily_max": None, "sent_today": None}}}
_WRITTEN = ", workspace: {channels: {kakao: {profiles: {main: {status: %s}}}}}"
_PLACE = ("campaign", "channels", "kakao", "profile")
EXAMPLES = (
    Good(_KAKAO % (_WRITTEN % "active")),
    Bad(_KAKAO % (_WRITTEN % "blocked"), _PLACE, "`main` is blocked (pushform.yaml)"),
    Bad(_KAKAO % "", _PLACE, "`main` is dormant (production, 2026-09-19)", Setting(vendor=_SAID)),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns whose profile cannot send."""
    for campaign, settings in context.once(kakao_campaigns):
        for state, told in profile_states(context, settings.profile):
            if state == ACTIVE:
                continue
            yield Hit(
                message=f"the profile `{settings.profile}` is {state} {told.words}: nothing is sent",
                at=kakao_at(campaign, "profile"),
                hint="wake it in the vendor's console, or use another profile",
                campaign=campaign.id,
                channel=Channel.KAKAO,
                korean=Korean(
                    f"발신 프로필 `{settings.profile}`{josa(settings.profile, '이/가')}"
                    f" {STATES_KO[state]} 상태라 발송되지"
                    f" 않습니다 {told.words}",
                    "업체 콘솔에서 되살리거나 다른 프로필을 쓰세요",
                ),
            )
