"""A text message is an SMS or an LMS for everybody alike.

## What
With `format: auto`, a text that reads a person's value does not come to 90 bytes or less for a short
value and to more for a long one. A value is taken to be 2 to 12 Hangul syllables (4 to 24 bytes), as
names are; where a filter shortens it (`truncate`) only the sample counts. `pushform plan` tells by the
shortest and the longest values of the people who really get it.

## Why
An LMS costs about three times an SMS, and looks different. Two people who should get the same get
another message, and nobody knows the cost before the send.

## Fix
Write `format: lms`, or shorten the text until the longest name fits: `{{ name|truncate(6) }}`.

## 한국어
`format: auto`인 문자가 수신자의 값이 짧으면 90바이트 이하의 SMS, 길면 LMS가 되지 않는지 봅니다. 값은
이름처럼 한글 2–12자(4–24바이트)로 칩니다. LMS는 SMS의 세 배쯤 비싸고 모양도 달라서, 보내기 전에는
비용을 알 수 없게 됩니다. 실제 수신자의 값으로는 `pushform plan`이 알려 줍니다.
고치려면 `format: lms`로 쓰거나, 가장 긴 이름도 들어가도록 `{{ name|truncate(6) }}`처럼 줄이세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.text_messages import format_of, most_bytes, sms_composed, text_messages
from engine.message.cp949 import byte_length
from engine.message.limits import SMS_BYTES
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat
from engine.model.template import VariableType

META = RuleMeta(
    id="sms-type-flip",
    title="a text message is an SMS or an LMS for everybody alike",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-one-format",
        "a text that is SMS for some and LMS for others",
        title_ko="누구에게는 SMS이고 누구에게는 LMS인 글",
    ),
    title_ko="같은 문자가 SMS와 LMS로 갈리지 않아야 합니다",
)
SHORT_BYTES, LONG_BYTES = 4, 24
"""cp949 bytes of a person's value: 2 and 12 Hangul syllables (our own; names)."""
_SLOT = re.compile(r"\{\{ *([A-Za-z_]\w*) *\}\}")
_SMS = (
    "{campaign: {channels: {sms: {from: '15880000', format: %s}}},"
    " template: {locales: {en: null}, redefine: {sms: {en: null, ko: {body: '%s'}}}}}"
)
_WORDS = "{{ name }}님, 오늘 하루 전 상품 최대 반값"
_PLACE = ("template", "redefine", "sms", "ko", "body")
EXAMPLES = (
    Good(_SMS % ("lms", _WORDS)),
    Good(_SMS % ("auto", "{{ name }}님, 반값")),
    Bad(_SMS % ("auto", _WORDS), _PLACE, "`{{ name }}`"),
    Bad(_SMS % ("auto", "최대 반값이 왔어요, {{ name }}님 오늘 하루"), _PLACE, "SMS for some"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield texts whose format depends on the length of a name."""
    for one in context.once(text_messages):
        if format_of(one.campaign) is not SmsFormat.AUTO or one.text.image:
            continue
        named = _personal(one)
        if not named or not _may_flip(one, named):
            continue
        for _, message in sms_composed(context, one):
            size = byte_length(message.body or "")
            low, high = (size + change for change in _changes(one, named))
            if low <= SMS_BYTES < high:
                yield _hit(one, named, low, high)


def _personal(one: EveryText) -> list[str]:
    """Return the names of texts of a person, one per slot of the body."""
    variables = one.variant.template.variables
    return [
        name
        for name in _SLOT.findall(one.text.body or "")
        if name in variables
        and variables[name].type is VariableType.STRING
        and variables[name].source.startswith(("user.", "derived."))
    ]


def _changes(one: EveryText, named: list[str]) -> tuple[int, int]:
    """Return by how much short and long values change the bytes of the sample."""
    variables = one.variant.template.variables
    sampled = 0
    for name in named:
        value = variables[name].sample
        sampled += byte_length(str(variables[name].default if value is None else value))
    return SHORT_BYTES * len(named) - sampled, LONG_BYTES * len(named) - sampled


def _may_flip(one: EveryText, named: list[str]) -> bool:
    low, high = _changes(one, named)
    # What is put around the text adds to it: the upper bound is all of that, the lower nothing.
    return byte_length(one.words) + low <= SMS_BYTES < most_bytes(one) + high


def _hit(one: EveryText, named: list[str], low: int, high: int) -> Hit:
    listed = ", ".join(f"`{{{{ {name} }}}}`" for name in dict.fromkeys(named))
    return Hit(
        message=f"it is SMS for some and LMS for others: {low} to {high} bytes by {listed}, and an"
        f" SMS carries {SMS_BYTES}",
        at=one.origin / "body",
        hint="write `format: lms`, or shorten the text or the value",
        campaign=one.campaign.id,
        locale=one.locale,
        channel=Channel.SMS,
        korean=Korean(
            f"{listed} 값에 따라 {low}–{high}바이트라서 SMS({SMS_BYTES}바이트)와 LMS로 갈립니다",
            "`format: lms`로 쓰거나 글이나 값을 줄이세요",
        ),
    )
