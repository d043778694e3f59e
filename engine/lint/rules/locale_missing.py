"""Everybody finds a language.

## What
On each channel that a campaign uses, every variant's template has a text in the workspace's
locale, which ends every chain (`en-GB` → `en` → `ko`); without it people of any other language
get nothing: an error. A locale that one channel has and another lacks is a warning: those people
read another language there.

## Why
A person whose locale is unknown or not translated reads the workspace's. Where that is missing
they are skipped (`no_text`), and nobody notices in a review.

## Fix
Add the text in the missing locale, on the channel that is named.

## 한국어
캠페인이 쓰는 채널마다 모든 변형의 템플릿에 작업 공간 언어의 글이 있어야 합니다. 언어 찾기는 항상
거기서 끝나므로(`en-GB` → `en` → `ko`) 없으면 다른 언어 사용자는 아무것도 받지 못합니다(오류). 한
채널에는 있고 다른 채널에는 없는 언어는 경고입니다. 그 사람들은 그 채널에서 다른 언어를 읽습니다.
고치려면 표시된 채널에 빠진 언어의 글을 더하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import PUSH, used_channels, used_templates
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template

META = RuleMeta(
    id="locale-missing",
    title="every channel has a text in the workspace's locale, and the same locales",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-locale-chain",
        "a locale chain ends in the workspace's locale",
        title_ko="언어의 사슬은 작업 공간의 언어에서 끝납니다",
    ),
    title_ko="모든 채널에 작업 공간 언어의 글이 있어야 합니다",
)
EXAMPLES = (
    Good(
        "template: {locales: {ja: {title: '{{ name }}様、セール', body: 全品20%オフ}},"
        " redefine: {sms: {ja: {body: '50% OFF {{ link }}'}}}}"
    ),
    Bad(
        "template: {locales: {ja: {title: '{{ name }}様、セール', body: 全品20%オフ}}}",
        ("template", "redefine", "sms"),
        "`ja` is missing on sms",
    ),
    Bad(
        "template: {redefine: {sms: {ko: null, en: {body: Up to 50%}}}}",
        ("template", "redefine", "sms"),
        "no text in `ko` on sms",
    ),
    Bad(
        "template: {locales: {ko: null}}",
        ("template", "locales"),
        "no text in `ko` on app",
    ),
    Bad(
        "template: {redefine: {sms: {en: null}}}",
        ("template", "redefine", "sms"),
        "`en` is missing on sms",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield channels whose locales have holes."""
    for campaign in context.live:
        for template in used_templates(campaign):
            yield from _holes(campaign, template)


def _holes(campaign: ResolvedCampaign, template: Template) -> Iterator[Hit]:
    has = {c: template.locales_of(c) for c in used_channels(campaign)}
    everywhere = dict.fromkeys(locale for locales in has.values() for locale in locales)
    for channel, locales in has.items():
        if not locales:
            continue  # channel-text-missing says so
        if campaign.locale not in locales:
            yield Hit(
                message=f"`{template.id}` has no text in `{campaign.locale}` on {channel}, where"
                " every locale chain ends",
                at=_place(template, channel),
                key=True,
                hint=f"add `{campaign.locale}`",
                campaign=campaign.id,
                channel=channel,
                locale=campaign.locale,
                korean=Korean(
                    f"`{template.id}`에 {channel} 채널의 `{campaign.locale}` 글이 없습니다. 언어 찾기는"
                    " 항상 여기서 끝납니다",
                    f"`{campaign.locale}` 글을 더하세요",
                ),
            )
        for locale in everywhere:
            if locale not in locales and locale != campaign.locale:
                yield Hit(
                    message=f"`{locale}` is missing on {channel}, though `{template.id}` has it"
                    " elsewhere",
                    at=_place(template, channel),
                    key=True,
                    hint=f"add `{locale}`, or those people read another language there",
                    campaign=campaign.id,
                    channel=channel,
                    locale=locale,
                    severity=Severity.WARNING,
                    korean=Korean(
                        f"`{template.id}`의 {channel} 채널에만 `{locale}` 글이 없습니다",
                        f"`{locale}` 글을 더하세요. 없으면 그 사람들은 여기서 다른 언어를 읽습니다",
                    ),
                )


def _place(template: Template, channel: Channel) -> Origin:
    if channel in template.redefine:
        return template.redefine[channel].origin
    return template.origin / ("locales" if channel in PUSH else "redefine")
