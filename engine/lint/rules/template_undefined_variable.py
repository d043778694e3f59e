"""A text reads only variables that its template declares.

## What
Every name between `{{ … }}` (and in conditions and loops) stands under `variables:` of the
template. `link`, the campaign's action, is always there.

## Why
A name that nobody declares has no value for anybody, so every message fails. Mostly it is a typo.

## Fix
Declare it: `variables: {name: {type: string, from: user.name, default: 고객, sample: 민지}}`; or
spell it as it is declared.

## 한국어
글이나 링크가 읽는 이름은 모두 템플릿의 `variables`에 선언되어 있어야 합니다. 선언되지 않은 이름은
누구에게도 값이 없습니다.
고치려면 `variables:`에 선언하거나 이름을 바로잡으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.variables import template_problems
from engine.message.problem import ProblemKind

META = RuleMeta(
    id="template-undefined-variable",
    title="a text reads only declared variables",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-strict-variables",
        "an undeclared variable has no value for anybody",
        title_ko="선언하지 않은 변수는 누구에게도 값이 없습니다",
    ),
    title_ko="선언된 변수만 쓸 수 있습니다",
)
EXAMPLES = (
    Good("template: {locales: {ko: {title: '{{ name }}님, 추석 특가'}}}"),
    Good("template: {redefine: {sms: {ko: {body: '최대 50% {{ link }}'}}}}"),
    Bad(
        "template: {locales: {ko: {title: '{{ nmae }}님, 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "`nmae`",
        also=("template-unused-variable", "template-render"),
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '{% if vip %}최대 50%{% endif %} 할인'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`vip`",
        also=("template-render",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield names that sources read and templates do not declare."""
    for found in context.once(template_problems).get(ProblemKind.UNDECLARED, ()):
        yield found.hit()
