"""An advertisement is not a picture alone.

## What
A text of an advertisement with an `image` has a title or a body as well.

## Why
시행령 별표 6: label, sender and opt-out must be text. A picture is not shown on every device, not
read out to blind people and not seen by filters.

## Fix
Write a body (and a title) beside the image.

## 한국어
광고는 그림만으로 이루어지면 안 됩니다. `image`가 있는 글에는 제목이나 본문도 있어야 합니다. 시행령 별표
6에 따라 광고 표시, 전송자, 수신거부 방법은 글이어야 하며, 그림은 기기에 따라 보이지 않고 읽어 주지도
못합니다.
고치려면 그림과 함께 본문(과 제목)을 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.labels import IMAGE_ONLY, label_marks
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-image-only",
    title="(광고) is text, not part of a picture",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 그림이 아니라 글이어야 합니다",
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
            Korean(
                "광고가 그림만으로 되어 있어 (광고) 표시가 글이 아니게 됩니다",
                "`image`와 함께 `body`를 쓰세요",
            ),
        )
