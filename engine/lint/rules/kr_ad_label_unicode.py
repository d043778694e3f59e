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

## 한국어
「(광고)」 표시는 보통 글자 다섯 개여야 합니다. 보이지 않는 문자(폭 없는 공백, BOM), 전각 괄호
`（광고）`, 자모가 풀린 한글(NFD, 자동으로 고쳐지므로 경고)은 안 됩니다. 시행령 별표 6은 표시를 조작해
걸러지지 않게 하는 것을 금지합니다. 눈에는 같아 보여도 기계에는 「(광고)」가 아닙니다.
고치려면 적은 표시를 지우거나(자동으로 붙습니다) 한글 자판으로 다시 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import label_marks, what, what_ko
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-unicode",
    title="(광고) is made of its five plain characters",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 보통 글자 다섯 개로 씁니다",
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
_HINT_KO = "적은 표시를 지우거나(자동으로 붙습니다) 다시 쓰세요"


_TOLD = {
    LabelFault.INVISIBLE: ("has an invisible character", "에 보이지 않는 문자가 있습니다", None),
    LabelFault.FULL_WIDTH: ("has full-width brackets", "에 전각 괄호를 썼습니다", None),
    LabelFault.DECOMPOSED: (
        "is written in decomposed Hangul (NFD)",
        "가 자모가 풀린 한글(NFD)입니다",
        Severity.WARNING,
    ),
}
"""What is said of the label by fault, in both languages, and how bad it is where not as usual."""


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts whose label looks right and is not."""
    marks = context.once(label_marks)
    for fault, (said, said_ko, severity) in _TOLD.items():
        for mark in marks.get(fault, ()):
            yield mark.hit(
                f"the label of the {what(mark)} {said}",
                _HINT,
                Korean(f"{what_ko(mark)}의 (광고) 표시{said_ko}", _HINT_KO),
                severity=severity,
            )
