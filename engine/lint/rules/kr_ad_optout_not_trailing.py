"""An advertisement ends with the way to refuse further ones.

## What
Behind the way out (`무료수신거부 080-…`, `수신거부: 앱 > 설정 > 알림`) of an advertisement to Korea no
more text follows: neither in `sender.opt_out` nor in the composed message. An error on text
messages, else a warning. Brand Messages are left out: Kakao shows its own.

## Why
정보통신망법 제50조제4항제2호 with 시행령 별표 6: it stands where the information ends (정보가 끝나는
부분), where people look for it and no offer hides it.

## Fix
Move it to the end, or delete it from the text and leave it to `sender.opt_out`: the composer ends
every advertisement with that.

## 한국어
한국으로 가는 광고는 수신거부 안내로 끝나야 합니다. 「무료수신거부 080-…」이나 「수신거부: 앱 > 설정 >
알림」 뒤에 다른 글이 이어지면 안 됩니다. 정보통신망법 제50조제4항제2호와 시행령 별표 6은 정보가 끝나는
부분에 표시하라고 합니다. 문자는 오류, 푸시는 경고입니다.
고치려면 맨 끝으로 옮기거나, 글에서 지우고 `sender.opt_out`에 맡기세요. 모든 광고가 그 문구로 끝납니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import opt_outs
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.samples import korean_ad, samples
from engine.lint.ways_out import after_way_out
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-ad-optout-not-trailing",
    title="an advertisement ends with the way to refuse further ones",
    severity=Severity.ERROR,
    rests_on=Cites("ad_opt_out", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고는 수신거부 방법으로 끝나야 합니다",
)
EXAMPLES = (
    Good("template: {redefine: {sms: {ko: {body: '최대 50% 무료수신거부 080-000-0000'}}}}"),
    Bad(
        "workspace: {sender: {opt_out: {sms: {ko: '무료수신거부 080-000-0000 지금 구매!'}}}}",
        ("workspace", "sender", "opt_out", "sms", "ko"),
        "`지금 구매!` follows",
    ),
    Bad(
        "{workspace: {sender: {opt_out: {sms: null}}},"
        " campaign: {channels: {app: null}}, template: {locales: null, variables: null, redefine:"
        " {sms: {en: null, ko: {body: '무료수신거부 080-000-0000 오늘 전 상품 반값'}}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`오늘 전 상품 반값` follows",
    ),
    Bad(
        "campaign: {type: advertising}",
        ("template", "locales", "ko", "body"),
        "`지금 확인하세요` follows",
        Setting(
            composed={
                "channel": "app",
                "title": "(광고) 세일",
                "body": "수신거부: 앱 > 설정 > 알림\n지금 확인하세요",
            }
        ),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield opt-out texts, and composed texts, that go on behind the way out."""
    for one in opt_outs(context):
        after = after_way_out(one.text) if one.channel is not Channel.KAKAO else None
        if after:
            yield _hit(after, one.at, one.channel)
    for sample in context.once(samples):
        message = korean_ad(sample)
        if message is None or message.channel is Channel.KAKAO:
            continue
        body = message.body or ""
        own = sample.campaign.sender.opt_out.get(message.channel, {})
        if any(text.strip() and body.endswith(text.strip()) for text in own.values()):
            continue
        after = after_way_out(body)
        if after:
            yield _hit(after, sample.origin / "body", message.channel, sample.campaign.id)


def _hit(after: str, at: Origin, channel: Channel, campaign: str | None = None) -> Hit:
    words = after.splitlines()[0]
    return Hit(
        message=f"`{words}` follows the way to refuse, which is the end of an advertisement",
        at=at,
        hint="move the way out to the end, or leave it to `sender.opt_out`",
        campaign=campaign,
        channel=channel,
        jurisdiction=KOREA,
        severity=Severity.ERROR if channel is Channel.SMS else Severity.WARNING,
        korean=Korean(
            f"수신거부 안내 뒤에 다른 글이 이어집니다: `{words}`. 광고는 수신거부 안내로 끝나야 합니다",
            "수신거부 안내를 맨 끝으로 옮기거나 `sender.opt_out`에 맡기세요",
        ),
    )
