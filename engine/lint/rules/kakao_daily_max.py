"""A KakaoTalk profile may send as many messages in a day as its campaigns have people.

## What
All campaigns of one profile, product (AlimTalk or Brand Message) and Korean day together are within the
profile's daily limit: what `pushform doctor --save` heard, else `profiles.….daily_max` of pushform.yaml.
0 is no limit. What is heard is of AlimTalks: NHN's limits are per product, and of Brand Messages none is
known to be told. Those are held to `daily_max` of pushform.yaml; without it they are not evaluated.
A campaign counts with the messages in its report once it was started, also where it was cancelled or its
file deleted afterwards; else, in a plan, with the messages that go out at its hour to the people who are
there now (or were at its apply; "at most" where an older apply kept only the audience); else with
`expect.size` (`max`, else `min`). In `lint` an audience without `expect` is not counted. What the vendor
says was sent that day by the time it was asked counts where it is more than our own campaigns until then.

## Why
Beyond `dailyMaxCount` NHN refuses what is left of the day (sender API), in the middle of a send.

## Fix
Send on several days, ask the vendor for a higher limit, or correct `expect.size`.

## 한국어
같은 프로필과 상품(알림톡 또는 브랜드 메시지)으로 같은 날(한국 시각) 나가는 캠페인을 모두 더해 하루
한도를 넘지 않는지 봅니다. 한도는 `pushform doctor --save`의 답이나 pushform.yaml의 `daily_max`이고 0은
무제한입니다. 한도는 상품마다 따로이고 업체에서 읽는 것은 알림톡의 한도뿐이므로, 브랜드 메시지는
pushform.yaml의 `daily_max`로만 보고 그것이 없으면 판단하지 않습니다. 시작한 캠페인은 중간에 취소했거나
파일을 지웠더라도 보고서의 건수로 세고, 그 밖에는 `plan`이면 그 시각에 나가는 실제 건수(적용해 둔
캠페인은 적용할 때의 건수, 예전 버전으로 적용해 오디언스 인원만 남아 있으면 "많아야"), `lint`면 예상
인원(`expect.size`의 `max`, 없으면 `min`)으로 셉니다. `lint`는 `expect`가 없는 오디언스를 세지 않습니다.
업체에 물었을 때 그날 이미 보낸 건수가 더 많으면 그 수를 씁니다. 한도를 넘으면 업체가 발송 도중에
거절합니다(NHN `dailyMaxCount`).
고치려면 여러 날로 나누거나, 업체에 한도를 늘려 달라고 하거나, `expect.size`를 바로잡으세요.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain, groupby
from operator import attrgetter

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.across import Seen, in_turn
from engine.lint.context import LintContext, is_live
from engine.lint.due import SEOUL_ZONE, due_of
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice
from engine.lint.vendor import Quota, has_quota, kakao_at, profile_quotas
from engine.model.begun import KakaoAccount
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings
from engine.model.resolved import ResolvedCampaign

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
_TODAY = {
    "as_of": "2026-09-23T15:05:00Z",
    "profiles": {"main": {"status": "active", "daily_max": 200000, "sent_today": 150000}},
}
_ALIMTALK = (
    "{campaign: {type: informational, basis: transaction, audience: buyers, channels: {app: null,"
    " sms: null, kakao: {product: alimtalk, template_code: ORDER_01}}},"
    " audience: {kind: audience, id: buyers, where: {attribute: country, eq: KR},"
    " expect: {size: {max: 140000}}},"
    " template: {redefine: {sms: null, kakao: {ko: {body: '{{ name }}님의 주문이 접수되었습니다'}}}}}"
)
_SEPARATOR = "\n"
_STARTED, _AT_MOST = " started", " at-most"
_PLACE = ("campaign", "channels", "kakao", "profile")
EXAMPLES = (
    Good(_KAKAO % 140000),
    Good(_KAKAO % 0),
    Bad(_KAKAO % 100000, _PLACE, "140,000 people on 2026-09-24, and `main` may send 100,000"),
    Good(_KAKAO % 0, Setting(vendor=_SAID)),
    Bad(
        _KAKAO % 100000,
        _PLACE,
        "may send 100,000 a day (pushform.yaml)",
        Setting(vendor=_SAID),
    ),
    Bad(
        _ALIMTALK,
        _PLACE,
        "may send 50,000 a day (production, ",
        Setting(vendor=_SAID),
        also=("fallback-missing",),
    ),
    Bad(
        _ALIMTALK,
        _PLACE,
        "expect 290,000 people on 2026-09-24",
        Setting(as_of="2026-09-23T15:10:00Z", vendor=_TODAY),
        also=("fallback-missing",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns of days on which a profile has more people than it may send messages."""
    yield from judge(gather(context))


def gather(
    context: LintContext,
    sizes: Mapping[str, int] | None = None,
    at_most: Container[str] = frozenset(),
) -> Iterator[Seen]:
    """Yield how many messages every campaign comes to, by profile, product, Korean day and limit.

    `sizes` replaces those of `context`: a plan has counted. Those of `at_most` may come to less.
    """
    if not has_quota(context.workspace, context.vendor):
        return
    sizes = context.sizes if sizes is None else sizes
    quotas = _Quotas(context)
    for id_, one in context.begun.items():
        counted = sizes.get(id_, 0), True
        at = context.workspace.origin
        for quota in quotas.of(one.account):
            yield _note(id_, at, one.account, one.due_at, quota, counted)
    for campaign in chain(context.campaigns.values(), context.set_aside.values()):
        own = campaign.channels.get(Channel.KAKAO)
        if not isinstance(own, KakaoSettings) or campaign.id in context.begun:
            continue
        account = KakaoAccount(profile=own.profile, product=own.product)
        due = due_of(campaign) if quotas.of(account) else None
        if due is None:
            continue
        people, at = _people(context, campaign, sizes), kakao_at(campaign, "profile")
        for quota in quotas.of(account):
            note = _note(campaign.id, at, account, due.korean, quota, people)
            yield replace(note, word=note.word + _AT_MOST) if campaign.id in at_most else note


class _Quotas:
    """The limits of profiles, each looked up once."""

    def __init__(self, context: LintContext) -> None:
        self._context = context
        self._found: dict[KakaoAccount, tuple[Quota, ...]] = {}

    def of(self, account: KakaoAccount) -> tuple[Quota, ...]:
        if account not in self._found:
            known = profile_quotas(self._context, account.profile, account.product)
            self._found[account] = tuple(known)
        return self._found[account]


def judge(seen: Iterable[Seen]) -> Iterator[Hit]:
    """Yield the campaigns of a profile, product and day that are too many people together."""
    for key, group in groupby(in_turn(seen), attrgetter("key")):
        profile, _, day, most, told, sent, asked_at = str(key).split(_SEPARATOR)
        alike = tuple(group)
        counted = {one.campaign: int(one.word.split()[0]) for one in alike}
        # What was begun is noted in every part of a large workspace, so once per campaign.
        earlier = {one.campaign for one in alike if one.when <= float(asked_at)}
        before = sum(counted[campaign] for campaign in earlier)
        people = sum(counted.values()) - before + max(before, int(sent))
        if people <= int(most):
            continue
        bound = any(_AT_MOST in one.word for one in alike)
        for one in alike:
            if counted[one.campaign] and _STARTED not in one.word:
                yield _hit(one, day, profile, people, int(most), told, bound)


def _people(
    context: LintContext, campaign: ResolvedCampaign, sizes: Mapping[str, int]
) -> tuple[int, bool]:
    """Return how many messages a campaign comes to (0: unknown or none), and if it was started."""
    started = campaign.id in context.reported
    if campaign.id in sizes:
        return sizes[campaign.id], started
    if not is_live(campaign.written):
        return 0, started
    return campaign.expect.maximum or campaign.expect.minimum or 0, started


def _note(
    campaign: str,
    at: Origin,
    account: KakaoAccount,
    due: datetime,
    quota: Quota,
    people: tuple[int, bool],
) -> Seen:
    day, asked = due.astimezone(SEOUL_ZONE).date(), quota.told.as_of
    today = asked is not None and asked.astimezone(SEOUL_ZONE).date() == day
    sent, asked_at = (quota.sent, asked.timestamp()) if asked is not None and today else (0, 0.0)
    words = (
        account.profile,
        account.product,
        day,
        quota.messages,
        quota.told.words,
        sent,
        asked_at,
    )
    return Seen(
        META.id,
        _SEPARATOR.join(map(str, words)),
        campaign,
        at,
        when=due.timestamp(),
        word=f"{people[0]}{_STARTED if people[1] else ''}",
    )


def _hit(one: Seen, day: str, profile: str, people: int, most: int, told: str, bound: bool) -> Hit:
    return Hit(
        message=f"its campaigns expect {'at most ' if bound else ''}{people:,} people on {day},"
        f" and `{profile}` may"
        f" send {most:,} a day {told}",
        at=one.at,
        hint="send on several days, or have the limit raised",
        campaign=one.campaign,
        channel=Channel.KAKAO,
        korean=Korean(
            f"{day}에 나갈 메시지가 {'많아야 ' if bound else ''}{people:,}건인데 프로필"
            f" `{profile}`의 하루 한도는 {most:,}건입니다 {told}",
            "여러 날로 나누거나 한도를 늘려 달라고 하세요",
        ),
    )
