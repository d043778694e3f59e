"""The sample message can be made.

## What
With the samples (or defaults) of its variables, every message of a campaign renders: each
channel, locale and variant. What a text message cannot carry is `sms-encoding`'s.

## Why
What does not render for the made-up person of the samples will not render for most others. Lint,
preview and the pull request show the samples; without them nobody sees what is sent.

## Fix
Give each variable a `sample` (or a `default`) of its type; correct what the text computes.

## 한국어
변수의 예시(`sample`)나 기본값으로 모든 메시지(채널·언어·변형)가 만들어져야 합니다. 예시로 만들 수
없는 글은 실제 사람에게도 대개 만들 수 없고, 검토할 때 아무도 무엇이 나가는지 볼 수 없습니다. 문자로
보낼 수 없는 글자는 `sms-encoding`이 알립니다.
고치려면 변수마다 형에 맞는 `sample`이나 `default`를 적고, 글이 계산하는 것을 바로잡으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.reasons import reason_in_korean
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.samples import samples
from engine.lint.variables import broken_files
from engine.message.layout import CANNOT_CARRY
from engine.model.message import Message, MissingValue, RenderFailure

META = RuleMeta(
    id="template-render",
    title="the sample message can be made",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-samples",
        "what does not render for the samples renders for few",
        title_ko="예시로 만들어지지 않는 글은 거의 아무에게도 만들어지지 않습니다",
    ),
    title_ko="예시 메시지가 만들어져야 합니다",
)
EXAMPLES = (
    Good("template: {variables: {name: {sample: null, default: 고객}}}"),
    Bad(
        "template: {variables: {name: {sample: null, default: null}}}",
        ("template", "locales", "ko"),
        "`name` has no sample",
    ),
    Bad(
        "template: {locales: {ko: {body: '{{ 1 / 0 }}'}}}",
        ("template", "locales", "ko"),
        "cannot be rendered",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield samples that come to no message, unless another rule says why."""
    broken = context.once(broken_files)
    for sample in context.once(samples):
        match sample.composed:
            case Message():
                continue
            case MissingValue(variable=name):
                yield Hit(
                    message=f"variable `{name}` has no sample and no default to show it with",
                    at=sample.origin,
                    hint=f"add `sample:` to `{name}`",
                    campaign=sample.campaign.id,
                    korean=Korean(
                        f"변수 `{name}`에 보여 줄 예시도 기본값도 없습니다",
                        f"`{name}`에 `sample:`을 더하세요",
                    ),
                )
            case RenderFailure(reason=reason):
                # `sms-encoding` says what a text message cannot carry.
                if sample.origin.file not in broken and not reason.startswith(CANNOT_CARRY):
                    yield Hit(
                        message=f"the sample cannot be rendered: {reason}",
                        at=sample.origin,
                        hint="change the text",
                        campaign=sample.campaign.id,
                        korean=Korean(
                            f"예시를 만들 수 없습니다: {reason_in_korean(reason)}", "글을 고치세요"
                        ),
                    )
