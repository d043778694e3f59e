"""The label stays Korean in every language.

## What
No text of an advertisement to Korea starts with `(AD)`, `AD)`, `[AD]`, `(Advertisement)`,
`(広告)` …

## Why
시행령 별표 6 fixes the literal `(광고)`. A person in Korea who reads English or Japanese is
protected by the same article; the label is a sign for filters as much as a word.

## Fix
Delete the translated label. The composer puts `(광고)` in front for Korean residents and nothing
for others.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks, what
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-translated",
    title="(광고) is not translated",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
)
EXAMPLES = (
    Good("template: {locales: {en: {title: '{{ name }}, 20% off today'}}}"),
    Bad(
        "template: {locales: {en: {title: '(Advertisement) 20% off, {{ name }}'}}}",
        ("template", "locales", "en", "title"),
        "`(Advertisement) 20% off",
    ),
    Bad(
        "template: {locales: {en: {body: '(AD) Everything must go'}}}",
        ("template", "locales", "en", "body"),
        "the body starts with a translated label",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LabelFault.TRANSLATED, ()):
        yield mark.hit(
            f"the {what(mark)} starts with a translated label: `{excerpt(mark.text)}`",
            "delete it: `(광고)` is added for recipients in Korea, in every language",
        )
