"""A declared variable is read somewhere.

## What
Every variable under `variables:` of a template is read by one of its texts or by the campaign's
links.

## Why
A variable without a reader is often the other half of a typo, and `on_missing: skip` looks as if
it left people out when it does nothing.

## Fix
Delete the variable, or use it.

## 한국어
선언한 변수는 글이나 링크 어딘가에서 쓰여야 합니다. 쓰이지 않는 변수는 대개 빠뜨린 것이고, 없는 값
때문에 사람을 빼는 일(`on_missing: skip`)로 이어질 수 있습니다.
고치려면 지우거나 글에 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.variables import template_problems
from engine.message.problem import ProblemKind

META = RuleMeta(
    id="template-unused-variable",
    title="a declared variable is read somewhere",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-strict-variables",
        "a variable that nothing reads is a mistake",
        title_ko="아무것도 읽지 않는 변수는 실수입니다",
    ),
    title_ko="선언한 변수는 쓰여야 합니다",
)
EXAMPLES = (
    Good("campaign: {action: {app: 'sampleshop://sale?u={{ name }}'}}"),
    Bad(
        "template: {variables: {item: {type: string, from: user.item, default: 송편}}}",
        ("template", "variables", "item"),
        "`item`",
    ),
    Bad(
        "template: {locales: {ko: {title: 추석 특가}, en: {title: Chuseok sale}}}",
        ("template", "variables", "name"),
        "`name`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield variables that no text and no link reads."""
    for found in context.once(template_problems).get(ProblemKind.UNUSED, ()):
        yield found.hit()
