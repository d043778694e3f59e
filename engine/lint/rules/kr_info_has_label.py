"""An informational message is not marked as an advertisement.

## What
No text of an informational campaign starts with `(광고)` or something like it.

## Why
Practice: no article forbids it. But the label says that it is an advertisement, and then consent, night
and opt-out apply (정보통신망법 제50조). If it is none, the label makes people refuse what they need,
such as their receipts.

## Fix
Write `type: advertising`, or delete the label.

## 한국어
정보성 캠페인의 글은 「(광고)」나 그와 비슷한 표시로 시작하지 않는 것이 좋습니다. 법이 금지하지는 않지만,
표시는 광고라는 뜻이므로 수신동의·야간·수신거부 규정(정보통신망법 제50조)이 적용되어야 합니다. 광고가
아닌데 표시하면 영수증처럼 필요한 메시지까지 거부하게 만듭니다.
고치려면 `type: advertising`으로 바꾸거나 표시를 지우세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import is_labelled, typed_faults
from engine.lint.context import LintContext
from engine.lint.labels import excerpt
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_texts

META = RuleMeta(
    id="kr-info-has-label",
    title="an informational message carries no (광고)",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-label-means-ad",
        "the label of an advertisement stands on advertisements only",
        title_ko="광고 표시는 광고에만 붙입니다",
    ),
    jurisdictions=frozenset({"KR"}),
    title_ko="정보성 메시지에는 (광고) 표시가 없어야 합니다",
)
EXAMPLES = (
    Good(
        "{campaign: {type: informational, basis: transaction, channels: {sms: null}},"
        " template: {redefine: null,"
        " locales: {en: null, ko: {title: '{{ name }}님', body: 주문이 접수되었습니다}}}}"
    ),
    Bad(
        "{campaign: {type: informational, basis: transaction, channels: {sms: null}},"
        " template: {redefine: null,"
        " locales: {en: null, ko: {title: '(광고) 주문이 접수되었습니다', body: '{{ name }}님'}}}}",
        ("template", "locales", "ko", "title"),
        "`(광고) 주문이 접수되었습니다`",
    ),
    Bad(
        "{campaign: {type: informational, basis: account, channels: {app: null}},"
        " template: {locales: null, variables: null,"
        " redefine: {sms: {en: null, ko: {body: '[광고] 비밀번호가 바뀌었습니다'}}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`[광고] 비밀번호가 바뀌었습니다`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield labelled texts of informational campaigns."""
    for campaign in context.live:
        if campaign.advertising:
            continue
        for channel, locale, text in used_texts(campaign):
            for field, source in (("title", text.title), ("body", text.body)):
                if source and (is_labelled(source) or typed_faults(source)):
                    yield Hit(
                        message=f"an informational message carries a label: `{excerpt(source)}`",
                        at=text.origin / field,
                        hint="write `type: advertising`, or delete the label",
                        campaign=campaign.id,
                        locale=locale,
                        channel=channel,
                        jurisdiction="KR",
                        korean=Korean(
                            f"정보성 메시지에 광고 표시가 있습니다: `{excerpt(source)}`",
                            "`type: advertising`으로 바꾸거나 표시를 지우세요",
                        ),
                    )
