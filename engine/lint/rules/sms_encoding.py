"""A text message holds nothing but what Korean phones can show.

## What
Every character of a text message, its subject included, is in cp949. Blanks and currency signs that
have a double there are replaced; emoji, `—` and most foreign letters are named. In a person's value
they become `?`, in the template they are an error.

## Why
Korean carriers take SMS, LMS and MMS in cp949. Vendors refuse the message, or show a question mark
where the sign was.

## Fix
Take the sign out, or write another: `-` for `—`.

## 한국어
문자와 그 제목의 모든 글자는 cp949에 있어야 합니다. 이모지나 `—`처럼 없는 글자는 업체가 거절하거나
물음표로 바뀝니다. 수신자의 값에 들어 있으면 `?`로 바꾸고, 템플릿에 적혀 있으면 오류입니다.
고치려면 그 글자를 빼거나 `—` 대신 `-`처럼 다른 글자를 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.samples import samples
from engine.lint.variables import broken_files
from engine.message.cp949 import as_cp949, foreign_characters
from engine.message.layout import CANNOT_CARRY
from engine.model.channel import Channel
from engine.model.message import RenderFailure
from engine.model.template import Text

META = RuleMeta(
    id="sms-encoding",
    title="a text message holds nothing but what Korean phones can show",
    severity=Severity.ERROR,
    rests_on=practice(
        "sms-cp949",
        "Korean carriers take text messages in cp949",
        title_ko="한국 통신사는 문자를 cp949로 받습니다",
    ),
    title_ko="문자에는 cp949에 있는 글자만 씁니다",
)
_SMS = "template: {redefine: {sms: {ko: {%s}}}}"
_PLACE = ("template", "redefine", "sms", "ko")
EXAMPLES = (
    Good(_SMS % "body: '최대 50%↓ … {{ link }}'"),
    Bad(_SMS % "body: '최대 50% 🔥'", (*_PLACE, "body"), "`🔥`"),
    Bad(_SMS % "body: '오늘만 — 반값'", (*_PLACE, "body"), "`—`"),
    Bad(_SMS % "title: 세일 🎉, body: 최대 반값", (*_PLACE, "title"), "`🎉`"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield samples of text messages that cannot be written in cp949."""
    for sample in context.once(samples):
        failure = sample.composed
        if not isinstance(failure, RenderFailure) or not failure.reason.startswith(CANNOT_CARRY):
            continue
        if sample.origin.file in context.once(broken_files):
            continue
        signs = failure.reason.removeprefix(CANNOT_CARRY).strip()
        yield Hit(
            message=failure.reason,
            at=_place(context, sample.campaign.id, sample.origin),
            hint="take it out, or write a plain sign instead",
            campaign=sample.campaign.id,
            channel=Channel.SMS,
            korean=Korean(
                f"문자에 넣을 수 없는 글자가 있습니다: {signs}",
                "빼거나 다른 글자로 바꾸세요",
            ),
        )


def _place(context: LintContext, campaign: str, origin: Origin) -> Origin:
    """Return where the sign is written; the text itself where only a value has it."""
    for variant in context.campaigns[campaign].variants:
        template = variant.template
        for locale in template.locales_of(Channel.SMS):
            text = template.text(Channel.SMS, locale)
            if text is not None and text.origin == origin:
                return _field(text)
    return origin


def _field(text: Text) -> Origin:
    for name in ("body", "title"):
        source = getattr(text, name)
        if source and foreign_characters(as_cp949(source)):
            return text.origin / name
    return text.origin
