"""A text is a template that can run.

## What
Every text, button and link is a Jinja template that the sandbox accepts: closed tags, known
filters, no calls, no imports, no unbounded loops.

## Why
A template that does not compile fails for every person. One that may call or loop without end
could be used to read or stop the machine that sends, and a pull request is where strangers write.

## Fix
See the message; what is allowed is in `docs/`: `{{ name }}`, filters, `{% if %}`, `{% for %}`.
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
    rests_on=practice("own-sandbox", "templates run in a sandbox"),
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
