"""A campaign that speaks on KakaoTalk alone says what becomes of those who cannot get it.

## What
A campaign whose only channel is Kakao has an `alternative`. One that has other channels beside it
passes: whom Kakao does not reach gets those. A comment with a reason is the written decision that
nothing stands in.

## Why
Who has no KakaoTalk, has blocked the channel or is no friend of it gets nothing, and an AlimTalk is often
about an order. The vendors' own fallback, which some consoles switch on unasked (NHN), is always off
here, so that nothing goes out that nobody wrote.

## Fix
Add `sms:` to `channels` and `alternative: {kakao: sms}`, with a text under `redefine: {sms: …}`, or write
`# pushform: ignore[fallback-missing] 이유; until 2026-12-31` on the line of `kakao:`.

## 한국어
채널이 카카오뿐인 캠페인에는 대체 채널(`alternative`)이 있어야 합니다. 카카오톡이 없거나 채널을
차단했거나 친구가 아닌 사람은 아무것도 받지 못합니다. 업체의 대체 발송은 늘 꺼 두므로 아무도 쓰지 않은
문자가 나가는 일은 없습니다. 다른 채널도 쓰는 캠페인은 보지 않습니다.
고치려면 `channels`에 `sms:`를, 그리고 `alternative: {kakao: sms}`를 더하거나, 대체하지 않기로 했다면
`kakao:` 줄에 `# pushform: ignore[fallback-missing] 이유; until 2026-12-31`를 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.vendor import kakao_at, kakao_campaigns
from engine.model.channel import Channel

META = RuleMeta(
    id="fallback-missing",
    title="a campaign on KakaoTalk alone says what becomes of those who cannot get it",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-fallback",
        "what stands in for KakaoTalk is decided, not left open",
        title_ko="카카오톡을 무엇으로 대신할지는 정해 두어야 합니다",
    ),
    title_ko="카카오뿐인 캠페인에는 대체 채널을 정해 두어야 합니다",
)
_ALONE = (
    "{campaign: {channels: {app: null, sms: null, kakao: %s}},"
    " template: {redefine: {sms: null, kakao: {universal: true}}}}"
)
EXAMPLES = (
    Good(
        "{campaign: {channels: {app: null, kakao: {}}, alternative: {kakao: sms}},"
        " template: {redefine: {kakao: {universal: true}}}}"
    ),
    Good("{campaign: {channels: {kakao: {}}}, template: {redefine: {kakao: {universal: true}}}}"),
    Bad(_ALONE % "{}", ("campaign", "channels", "kakao"), "nothing stands in"),
    Bad(_ALONE % "{bubble: text}", ("campaign", "channels", "kakao"), "`sale` speaks on KakaoTalk"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns that speak on Kakao and nowhere else."""
    for campaign, _ in context.once(kakao_campaigns):
        if len(campaign.channels) > 1 or campaign.alternative:
            continue
        yield Hit(
            message=f"`{campaign.id}` speaks on KakaoTalk alone, and nothing stands in for it",
            at=kakao_at(campaign),
            hint="add `sms:` to `channels` and `alternative: {kakao: sms}`, or say in a comment why not",
            campaign=campaign.id,
            channel=Channel.KAKAO,
            korean=Korean(
                f"`{campaign.id}`{josa(campaign.id, '은/는')} 카카오로만 보내고 대신할 채널이 없습니다",
                "`sms:`와 `alternative: {kakao: sms}`를 더하거나 주석에 이유를 적으세요",
            ),
        )
