"""A text is a template that can run.

## What
Every text, button and link is a Jinja template that the sandbox accepts: closed tags, known
filters, no functions, no loop without end. It may hold `{{ name }}`, filters (`{{ name|upper }}`),
`{% if %}`, `{% for %}` (two deep, 50 rounds each), `{% set x = … %}`, and macros of partials
(`templates/_words.jinja`) that `{% import %}` or `{% from … import %}` names at its very start.

## Why
A template that does not compile fails for every person. One that may call or loop without end
could be used to read or stop the machine that sends, and a pull request is where strangers write.

## Fix
See the message: it names what cannot stand there, and the line within the text.

## 한국어
글, 버튼, 링크는 격리된 곳에서 실행되는 Jinja 템플릿입니다. 닫히지 않은 `{{`, 없는 필터, 함수, 끝없는
반복은 오류입니다. 쓸 수 있는 것은 `{{ name }}`, 필터(`{{ name|upper }}`), `{% if %}`, `{% for %}`(두
겹까지, 50번씩), `{% set x = … %}`, 그리고 글의 맨 앞에서 `{% import %}`나 `{% from … import %}`로
가져온 조각 파일(`templates/_words.jinja`)의 매크로입니다. 컴파일되지 않는 글은 아무에게도 보낼 수
없고, 무엇이든 부를 수 있는 글은 발송하는 서버를 위험하게 합니다.
고치려면 지적이 가리키는 곳을 바로잡으세요. 글 안의 몇 번째 줄인지도 알려 줍니다.
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
