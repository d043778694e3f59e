"""An advertisement says how to refuse further ones.

## What
The composed text of an app push, a web push and a text message to Korea contains the opt-out text
of its channel (`sender.opt_out` of pushform.yaml), or Korean words for it (수신거부, 무료거부, 알림끄기,
수신해지) together with the way: a number, a link, a path through menus, a place to tap. The Korean text
of `sender.opt_out` names a way as well: `무료수신거부` without a number, `무료 080-000-0000` without the
word, and `수신을 거부할 수 없습니다 080-000-0000` name none.
Brand Messages are left out: Kakao shows its own.

## Why
정보통신망법 제50조제4항제2호 and 시행령 제62조, 별표 6: an easy and free way to refuse stands
where the information ends. For push a path in the app's settings is customary, for text messages
an 080 number.

## Fix
Add the channel's text under `sender.opt_out` in pushform.yaml, at least in the workspace's
locale.

## 한국어
한국 수신자에게 가는 앱 푸시·웹 푸시·문자 광고에는 해당 채널의 수신거부 안내(pushform.yaml의
`sender.opt_out`)나 「수신거부」「무료거부」「알림끄기」「수신해지」라는 말이 그 방법(번호, 링크, 메뉴
경로)과 함께 들어 있어야 합니다. 번호 없는 「무료수신거부」, 수신거부라는 말이 없는 「무료 080-000-0000」은
방법을 알려 주지 않습니다. `sender.opt_out`의 한국어 문구도 같습니다.
정보통신망법 제50조제4항제2호, 시행령 제62조와 별표 6에 따라 쉽고 무료인 거부 방법을 정보가 끝나는 곳에
적습니다. 브랜드 메시지는 카카오가 직접 보여 주므로 보지 않습니다.
고치려면 pushform.yaml의 `sender.opt_out`에 그 채널의 문구를 적으세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import opt_outs
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.samples import korean_ad, samples, says_opt_out
from engine.lint.ways_out import sets_way_out
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-ad-optout-missing",
    title="an advertisement says how to refuse further ones",
    severity=Severity.ERROR,
    rests_on=Cites("ad_opt_out", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고에는 수신거부 방법이 적혀 있어야 합니다",
)
EXAMPLES = (
    Good(
        "campaign: {type: advertising}",
        Setting(
            composed={
                "channel": "app",
                "title": "(광고) 특가",
                "body": "전 상품 20%\n알림끄기 : 마이>설정>알림",
            }
        ),
    ),
    Good("workspace: {sender: {opt_out: {app: {ko: '수신거부: 앱 > 설정 > 알림'}}}}"),
    Bad(
        "workspace: {sender: {opt_out: {app: null}}}",
        ("workspace", "sender", "opt_out"),
        "no opt-out for app",
    ),
    Bad(
        "workspace: {sender: {opt_out: {sms: null}}}",
        ("workspace", "sender", "opt_out"),
        "no opt-out for sms",
    ),
    Bad(
        "campaign: {type: advertising}",
        ("template", "locales", "ko", "body"),
        "does not say how to refuse",
        Setting(composed={"channel": "app", "title": "(광고) 특가", "body": "전 상품 20%"}),
    ),
    Bad(
        "campaign: {type: advertising}",
        ("template", "locales", "ko", "body"),
        "does not say how to refuse",
        Setting(
            composed={"channel": "app", "title": "(광고) 특가", "body": "전 상품 20%\n수신거부"}
        ),
    ),
    Bad(
        "workspace: {sender: {opt_out: {sms: {ko: 무료수신거부}}}}",
        ("workspace", "sender", "opt_out", "sms", "ko"),
        "`무료수신거부` names no way to refuse",
    ),
    Bad(
        "workspace: {sender: {opt_out: {sms: {ko: 무료수신동의 080-000-0000}}}}",
        ("workspace", "sender", "opt_out", "sms", "ko"),
        "`무료수신동의 080-000-0000` names no way to refuse",
    ),
)
_HANGUL = re.compile("[가-힣]")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield channels without an opt-out text, and composed texts that lost it."""
    yield from _set_in_vain(context)
    silent: set[Channel] = set()
    for sample in context.once(samples):
        message = korean_ad(sample)
        if message is None or says_opt_out(sample, message):
            continue
        if not sample.campaign.sender.opt_out.get(message.channel):
            if message.channel not in silent:
                silent.add(message.channel)
                yield _unset(context.workspace.origin, message.channel)
            continue
        yield Hit(
            message=f"the {message.channel} text does not say how to refuse advertisements",
            at=sample.origin / "body",
            hint="end it with the text of `sender.opt_out`",
            campaign=sample.campaign.id,
            locale=message.locale,
            channel=message.channel,
            jurisdiction=KOREA,
            korean=Korean(
                f"{message.channel} 광고에 수신거부 방법이 없습니다",
                "`sender.opt_out`의 문구로 끝나게 하세요",
            ),
        )


def _set_in_vain(context: LintContext) -> Iterator[Hit]:
    """Yield the Korean texts of `sender.opt_out` that name no way: all messages end with them."""
    for one in opt_outs(context):
        text = one.text.strip()
        if one.channel is Channel.KAKAO or not _HANGUL.search(text) or sets_way_out(text):
            continue
        free = _example(one.channel)
        yield Hit(
            message=f"the opt-out `{text}` names no way to refuse",
            at=one.at,
            hint=f"say that it is about refusing, and by which number, link or path: `{free}`",
            locale=one.locale,
            channel=one.channel,
            jurisdiction=KOREA,
            korean=Korean(
                f"수신거부 문구 `{text}`에 거부할 방법이 없습니다",
                f"수신거부라는 말과 번호, 링크, 메뉴 경로 가운데 하나를 적으세요: `{free}`",
            ),
        )


def _example(channel: Channel) -> str:
    return "무료수신거부 080-000-0000" if channel is Channel.SMS else "수신거부: 앱 > 설정 > 알림"


def _unset(workspace: Origin, channel: Channel) -> Hit:
    free = _example(channel)
    return Hit(
        message=f"there is no opt-out for {channel}, and advertisements go out on it",
        at=workspace / "sender" / "opt_out",
        hint=f'add `{channel}: {{ko: "{free}"}}` under `sender.opt_out`',
        channel=channel,
        jurisdiction=KOREA,
        korean=Korean(
            f"{channel} 채널의 수신거부 문구가 없는데 이 채널로 광고가 나갑니다",
            f'`sender.opt_out`에 `{channel}: {{ko: "{free}"}}`를 더하세요',
        ),
    )
