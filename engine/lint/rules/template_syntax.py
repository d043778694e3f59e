"""A text is a template that can run.

## What
Every text, button and link is a Jinja template that the sandbox accepts: closed tags, known
filters, no calls, no imports, no unbounded loops.

## Why
A template that does not compile fails for every person. One that may call or loop without end
could be used to read or stop the machine that sends, and a pull request is where strangers write.

## Fix
See the message; what is allowed is in `docs/`: `{{ name }}`, filters, `{% if %}`, `{% for %}`.

## 한국어
글은 모래상자에서 돌아가는 템플릿으로 읽을 수 있어야 합니다. 닫히지 않은 `{{`, 없는 필터, 허용되지
않은 문법은 오류입니다. 오류의 줄과 글 안의 줄 번호를 알려 줍니다.
고치려면 표시된 곳을 바로잡으세요. 쓸 수 있는 것은 `pushform rule template-syntax`에 있습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.variables import template_problems
from engine.message.problem import ProblemKind

META = RuleMeta(
    id="template-syntax",
    title="a text is a template that can run",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-sandbox", "templates run in a sandbox", title_ko="템플릿은 격리된 곳에서 실행됩니다"
    ),
    title_ko="글은 실행할 수 있는 템플릿이어야 합니다",
)
_ALSO = ("template-render", "template-unused-variable")
EXAMPLES = (
    Good('template: {locales: {ko: {body: "{% if name %}{{ name }}님{% endif %} 할인"}}}'),
    Bad(
        "template: {locales: {ko: {title: '{{ name 님, 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "",
        also=_ALSO,
    ),
    Bad(
        "template: {locales: {ko: {body: '{{ name|shout }} 할인'}}}",
        ("template", "locales", "ko", "body"),
        "shout",
        also=_ALSO,
    ),
    Bad(
        "template: {locales: {ko: {body: '{% include \"secrets.txt\" %}'}}}",
        ("template", "locales", "ko", "body"),
        "include",
        also=_ALSO,
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield what cannot be read as a template, or may not stand in one."""
    for found in context.once(template_problems).get(ProblemKind.SYNTAX, ()):
        yield found.hit()
