"""The label consists of the plain five characters.

## What
No invisible character (zero-width space, byte order mark) before or inside the label, no
full-width brackets `（광고）`, and no decomposed Hangul (NFD, as some file systems write it; a
warning, because the composer heals it).

## Why
시행령 별표 6: the display of the mark must not be manipulated so that filters miss it. These
texts look right to a reviewer and are not `(광고)` to a machine.

## Fix
Delete the typed label; the composer adds the right one. Or retype it on a Korean keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import label_marks, what
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-unicode",
    title="(광고) is made of its five plain characters",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
)
EXAMPLES = (
    Good("template: {locales: {ko: {title: '(광고) 👩‍💻 개발자 특가'}}}"),
    Bad(
        "template: {locales: {ko: {title: '（광고） 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "full-width brackets",
    ),
    Bad(
        'template: {locales: {ko: {title: "(광\\u200b고) 추석 특가"}}}',
        ("template", "locales", "ko", "title"),
        "an invisible character",
        also=("kr-ad-label-duplicate",),
    ),
    Bad(
        'template: {locales: {ko: {title: "(\\u1100\\u116a\\u11bc\\u1100\\u1169) 추석"}}}',
        ("template", "locales", "ko", "title"),
        "decomposed Hangul",
    ),
)

_HINT = "delete the typed label (it is added for you), or retype it"


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts whose label looks right and is not."""
    marks = context.once(label_marks)
    for mark in marks.get(LabelFault.INVISIBLE, ()):
        yield mark.hit(f"the label of the {what(mark)} has an invisible character", _HINT)
    for mark in marks.get(LabelFault.FULL_WIDTH, ()):
        yield mark.hit(f"the label of the {what(mark)} has full-width brackets", _HINT)
    for mark in marks.get(LabelFault.DECOMPOSED, ()):
        yield mark.hit(
            f"the label of the {what(mark)} is written in decomposed Hangul (NFD)",
            _HINT,
            severity=Severity.WARNING,
        )
