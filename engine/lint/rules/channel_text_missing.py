"""Every channel has something to say.

## What
For each channel that a campaign uses (or names as an alternative), every variant's template has a
text in at least one locale. Kakao and text messages need texts of their own under `redefine`, or
`universal: true` there.

## Why
A push text is no text message: it has a title, no brand, and no 080 number. Falling back in
silence would send a cut push text for money.

## Fix
Write `redefine: {sms: {ko: {body: …}}}`, or `redefine: {sms: {universal: true}}`, or drop the
channel.

## 한국어
캠페인이 쓰는 채널(대체 발송 포함)마다 모든 변형의 템플릿에 하나 이상의 언어로 글이 있어야 합니다.
카카오와 문자는 `redefine` 아래에 따로 쓰거나 `universal: true`를 적어야 합니다. 푸시 글은 문자가
아닙니다. 제목이 있고 상호도 080 번호도 없어서, 말없이 가져다 쓰면 잘린 푸시를 돈 내고 보내게
됩니다.
고치려면 `redefine: {sms: {ko: {body: …}}}`를 쓰거나 `redefine: {sms: {universal: true}}`를 쓰거나
채널을 빼세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import PUSH, used_channels, used_templates

META = RuleMeta(
    id="channel-text-missing",
    title="every used channel has a text",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-no-silent-fallback",
        "a channel without a text of its own is silent",
        title_ko="글이 없는 채널은 조용히 빠집니다",
    ),
    title_ko="쓰는 채널마다 글이 있어야 합니다",
)
EXAMPLES = (
    Good("template: {redefine: {sms: {ko: {body: 최대 50%}}}}"),
    Good("template: {redefine: {sms: {ko: null, universal: true}}}"),
    Bad(
        "template: {redefine: null}",
        ("template", "redefine"),
        "nothing to say on sms",
    ),
    Bad(
        "campaign: {channels: {kakao: {product: brand}}}",
        ("template", "redefine"),
        "nothing to say on kakao",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield (template, channel) pairs without any text."""
    for campaign in context.live:
        for template in used_templates(campaign):
            for channel in used_channels(campaign):
                if template.locales_of(channel):
                    continue
                own = channel not in PUSH
                at = template.origin / ("redefine" if own else "locales")
                wanted = f"`redefine: {{{channel}: {{{campaign.locale}: {{body: …}}}}}}`"
                yield Hit(
                    message=f"`{template.id}` has nothing to say on {channel}",
                    at=at,
                    key=True,
                    hint=f"add {wanted}" + (" or `universal: true` there" if own else ""),
                    campaign=campaign.id,
                    channel=channel,
                    korean=Korean(
                        f"`{template.id}`에 {channel} 채널의 글이 없습니다",
                        f"{wanted}를 더하세요"
                        + (" (또는 거기에 `universal: true`)" if own else ""),
                    ),
                )
