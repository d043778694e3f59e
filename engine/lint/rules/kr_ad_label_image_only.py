"""An advertisement is not a picture alone.

## What
A text of an advertisement with an `image` has a title or a body as well.

## Why
시행령 별표 6: label, sender and opt-out must be text. A picture is not shown on every device, not
read out to blind people and not seen by filters.

## Fix
Write a body (and a title) beside the image.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.labels import IMAGE_ONLY, label_marks
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-image-only",
    title="(광고) is text, not part of a picture",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
)
ALSO = (
    "schema",
    "value",
    "kr-ad-label-missing",
    "template-unused-variable",
    "locale-missing",
    "translation-placeholder",
)
EXAMPLES = (
    Good("template: {locales: {ko: {image: 'https://shop.example/a.png'}}}"),
    Bad(
        "template: {locales: {ko: {title: null, body: null, image: 'https://shop.example/a.png'}}}",
        ("template", "locales", "ko", "image"),
        "a picture alone",
        also=ALSO,
    ),
    Bad(
        "template: {locales: {en: {title: '', body: ' ', image: 'https://shop.example/a.png'}}}",
        ("template", "locales", "en", "image"),
        "a picture alone",
        also=ALSO,
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(IMAGE_ONLY, ()):
        yield mark.hit(
            "an advertisement consists of a picture alone, so its label would be no text",
            "add a `body` beside `image`",
        )
