"""A copy does not carry on a profile or number that cannot send any more.

## What
A draft with `copied_from` names a KakaoTalk profile that is active and a sending number that the vendor
still has, as far as is known (`pushform doctor --save`, else the profile's `status`). Once the copy is
no draft, `kakao-profile-state` and `sms-sender-registered` say it; a name that pushform.yaml does not
have at all is a finding of the reader.

## Why
A copy takes over the sender of its source, which may be months old: dormant, blocked, or its number
given back. Nobody sees that before the send is refused.

## Fix
Write another profile or number, or copy again: `pushform copy --profile … --from …`.

## 한국어
`copied_from`이 있는 초안이 휴면·차단된 발신 프로필이나 업체에서 사라진 발신번호를 그대로 물려받지
않았는지 봅니다(`pushform doctor --save`의 답, 없으면 프로필의 `status`). 초안이 아니게 되면
`kakao-profile-state`와 `sms-sender-registered`가 말합니다.
고치려면 다른 프로필이나 번호를 쓰거나 `pushform copy --profile … --from …`으로 다시 복사하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice
from engine.lint.vendor import ACTIVE, STATES_KO, known_senders, profile_states
from engine.model.campaign import Campaign
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings, SmsSettings

META = RuleMeta(
    id="copy-source-sender",
    title="a copy does not carry on a profile or number that cannot send any more",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-copy-sender",
        "a copy takes over the sender of its source",
        title_ko="복사본은 원본의 발신자를 물려받습니다",
    ),
    title_ko="복사본이 쓸 수 없는 프로필이나 번호를 물려받지 않아야 합니다",
)
_COPY = (
    "{campaign: {draft: true, copied_from: summer-sale, channels: {kakao: {profile: main}}},"
    " template: {redefine: {kakao: {universal: true}}}%s}"
)
_BLOCKED = ", workspace: {channels: {kakao: {profiles: {main: {status: disconnected}}}}}"
EXAMPLES = (
    Good(_COPY % ""),
    Good(_COPY % "", Setting(vendor={"senders": ["15880000"]})),
    Bad(_COPY % _BLOCKED, ("campaign", "channels", "kakao", "profile"), "`main` is disconnected"),
    Bad(
        _COPY % "",
        ("campaign", "channels", "sms", "from"),
        "the vendor has no number `15880000`",
        Setting(vendor={"senders": ["0212345678"]}),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield drafts that were copied with a sender that is gone."""
    for campaign in context.written.values():
        if campaign.copied_from is None or not campaign.draft or campaign.cancelled is not None:
            continue
        yield from _profile(context, campaign)
        yield from _number(context, campaign)


def _profile(context: LintContext, campaign: Campaign) -> Iterator[Hit]:
    settings = campaign.channels.get(Channel.KAKAO)
    if not isinstance(settings, KakaoSettings):
        return
    for state, told in profile_states(context, settings.profile):
        if state != ACTIVE:
            yield _hit(
                campaign,
                campaign.origin / "channels" / "kakao" / "profile",
                f"the profile `{settings.profile}` is {state} {told.words}",
                f"발신 프로필 `{settings.profile}`{josa(settings.profile, '이/가')}"
                f" {STATES_KO[state]} 상태입니다 {told.words}",
                Channel.KAKAO,
            )


def _number(context: LintContext, campaign: Campaign) -> Iterator[Hit]:
    settings = campaign.channels.get(Channel.SMS)
    if not isinstance(settings, SmsSettings) or settings.from_ is None:
        return
    for senders, told in known_senders(context):
        if settings.from_ not in senders:
            yield _hit(
                campaign,
                campaign.origin / "channels" / "sms" / "from",
                f"the vendor has no number `{settings.from_}` {told.words}",
                f"업체에 발신번호 `{settings.from_}`{josa(settings.from_, '이/가')} 없습니다 {told.words}",
                Channel.SMS,
            )


def _hit(campaign: Campaign, at: Origin, message: str, message_ko: str, channel: Channel) -> Hit:
    source = campaign.copied_from
    return Hit(
        message=f"copied from `{source}`: {message}",
        at=at,
        hint="write another one, or copy again with `--profile` or `--from`",
        campaign=campaign.id,
        channel=channel,
        korean=Korean(
            f"`{source}`에서 복사했습니다: {message_ko}",
            "다른 것으로 바꾸거나 `--profile`, `--from`으로 다시 복사하세요",
        ),
    )
