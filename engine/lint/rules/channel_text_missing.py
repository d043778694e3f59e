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
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import PUSH, used_channels, used_templates

META = RuleMeta(
    id="channel-text-missing",
    title="every used channel has a text",
    severity=Severity.ERROR,
    rests_on=practice("own-no-silent-fallback", "a channel without a text of its own is silent"),
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
                yield Hit(
                    message=f"`{template.id}` has nothing to say on {channel}",
                    at=at,
                    key=True,
                    hint=f"add `redefine: {{{channel}: {{{campaign.locale}: {{body: …}}}}}}`"
                    + (" or `universal: true` there" if own else ""),
                    campaign=campaign.id,
                    channel=channel,
                )
