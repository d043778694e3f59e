"""A KakaoTalk profile may send as many messages in a day as its campaigns have people.

## What
The audiences of all campaigns of one profile and one Korean day, as large as `expect.size` says (`max`,
else `min`), are within the profile's daily limit: what `pushform doctor --save` heard, else
`profiles.….daily_max` of pushform.yaml. 0 is no limit. Audiences without `expect` are not counted.

## Why
Beyond `dailyMaxCount` NHN refuses what is left of the day (sender API), in the middle of a send.

## Fix
Send on several days, ask the vendor for a higher limit, or correct `expect.size`.

## 한국어
같은 프로필로 같은 날(한국 시각) 나가는 캠페인들의 예상 인원(`expect.size`의 `max`, 없으면 `min`)이
프로필의 하루 한도를 넘지 않는지 봅니다. 한도는 `pushform doctor --save`의 답이나 pushform.yaml의
`daily_max`이고 0은 무제한입니다. 한도를 넘으면 업체가 발송 도중에 거절합니다(NHN `dailyMaxCount`).
`expect`가 없는 오디언스는 세지 않습니다.
고치려면 여러 날로 나누거나 업체에 한도를 늘려 달라고 하세요.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from engine.kernel.finding import Korean, Severity
from engine.lint.across import Seen, in_turn
from engine.lint.context import LintContext
from engine.lint.due import SEOUL_ZONE, due_times
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice
from engine.lint.vendor import kakao_at, kakao_campaigns, profile_quotas
from engine.model.channel import Channel

META = RuleMeta(
    id="kakao-daily-max",
    title="a KakaoTalk profile may send as many messages in a day as its campaigns have people",
    severity=Severity.WARNING,
    rests_on=practice(
        "kakao-daily-max",
        "NHN Cloud sender API: dailyMaxCount",
        title_ko="NHN Cloud 발신 프로필 API: dailyMaxCount",
    ),
    title_ko="발신 프로필의 하루 한도 안에서 보내야 합니다",
)
_KAKAO = (
    "{campaign: {audience: buyers, channels: {kakao: {profile: main}}},"
    " audience: {kind: audience, id: buyers, where: {attribute: country, eq: KR},"
    " expect: {size: {max: 140000}}},"
    " workspace: {channels: {kakao: {profiles: {main: {daily_max: %s}}}}},"
    " template: {redefine: {kakao: {universal: true}}}}"
)
_SAID = {"profiles": {"main": {"status": "active", "daily_max": 50000, "sent_today": 10}}}
_SEPARATOR = "\n"
_PLACE = ("campaign", "channels", "kakao", "profile")
EXAMPLES = (
    Good(_KAKAO % 140000),
    Good(_KAKAO % 0),
    Bad(_KAKAO % 100000, _PLACE, "140,000 people on 2026-09-24, and `main` may send 100,000"),
    Bad(_KAKAO % 0, _PLACE, "may send 50,000 a day (production, ", Setting(vendor=_SAID)),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns of days on which a profile has more people than it may send messages."""
    yield from judge(gather(context))


def gather(context: LintContext) -> Iterator[Seen]:
    """Yield how many people every campaign expects, by profile, Korean day and limit."""
    settings = {campaign.id: own for campaign, own in context.once(kakao_campaigns)}
    if not settings:
        return
    for due in context.once(due_times):
        campaign = due.campaign
        people = campaign.expect.maximum or campaign.expect.minimum
        if campaign.id not in settings or not people:
            continue
        day, profile = due.korean.astimezone(SEOUL_ZONE).date(), settings[campaign.id].profile
        for quota in profile_quotas(context, profile):
            key = _SEPARATOR.join((profile, str(day), str(quota.messages), quota.told.words))
            yield Seen(META.id, key, campaign.id, kakao_at(campaign, "profile"), word=str(people))


def judge(seen: Iterable[Seen]) -> Iterator[Hit]:
    """Yield the campaigns of a profile and day that are too many people together."""
    for key, group in groupby(in_turn(seen), attrgetter("key")):
        profile, day, most, told = str(key).split(_SEPARATOR)
        alike = tuple(group)
        people = sum(int(one.word) for one in alike)
        if people <= int(most):
            continue
        for one in alike:
            yield Hit(
                message=f"its campaigns expect {people:,} people on {day}, and `{profile}` may"
                f" send {int(most):,} a day {told}",
                at=one.at,
                hint="send on several days, or have the limit raised",
                campaign=one.campaign,
                channel=Channel.KAKAO,
                korean=Korean(
                    f"{day}에 예상 인원이 {people:,}명인데 프로필 `{profile}`의 하루 한도는"
                    f" {int(most):,}건입니다 {told}",
                    "여러 날로 나누거나 한도를 늘려 달라고 하세요",
                ),
            )
