"""The label does not come out of a variable or a condition.

## What
No variable of an advertisement's template has a label in its default, its sample or its value
under `with`, and no text opens with a condition that holds the label (`{% if … %}`, or
`{{ '(광고)' if … else '' }}`).

## Why
시행령 별표 6 asks for the mark in every copy. What a variable or a condition puts there can be
missing for some people, and then they get an unmarked advertisement.

## Fix
Delete it. The composer adds the label to the rendered text, for everybody whom the law protects.

## 한국어
「(광고)」 표시는 변수나 조건에서 나오면 안 됩니다. 변수의 기본값·견본값·`with` 값에 표시가 있거나, 글이
표시를 담은 조건(`{% if … %}`)으로 시작하면 알립니다. 시행령 별표 6은 모든 메시지에 표시하라고 하는데,
변수나 조건은 어떤 사람에게는 비어 있을 수 있습니다.
고치려면 지우세요. 표시는 완성된 글 앞에 자동으로 붙습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.label import typed_faults, with_label
from engine.lint.context import LintContext
from engine.lint.labels import IN_BRANCH, label_marks
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.experiment import Variant
from engine.model.resolved import ResolvedCampaign

META = RuleMeta(
    id="kr-ad-label-in-variable",
    title="(광고) does not come out of a variable",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 변수에서 나오지 않아야 합니다",
)
EXAMPLES = (
    Good("template: {variables: {name: {default: 고객}}}"),
    Bad(
        "template: {variables: {name: {default: '(광고) 고객'}}}",
        ("template", "variables", "name", "default"),
        "variable `name`",
    ),
    Bad(
        "template: {locales: {ko: {title: '{% if name %}(광고){% endif %} 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "inside a condition",
        also=("kr-ad-label-duplicate",),
    ),
    Bad(
        "template: {locales: {ko: {title: \"{{ '(광고)' if name else '' }} 추석 특가\"}}}",
        ("template", "locales", "ko", "title"),
        "inside a condition",
    ),
    Bad(
        "template: {variables: {name: {sample: '[광고] 민지'}}}",
        ("template", "variables", "name", "sample"),
        "variable `name`",
    ),
)

_HINT = "delete it: `(광고)` is added to the rendered text, for everybody who must see it"
_HINT_KO = "지우세요. (광고) 표시는 완성된 글에 자동으로 붙습니다"


def check(context: LintContext) -> Iterator[Hit]:
    """Yield labels in variables, in `with` values and in conditions."""
    for mark in context.once(label_marks).get(IN_BRANCH, ()):
        yield mark.hit(
            "the label stands inside a condition and can vanish for some people",
            _HINT,
            Korean("(광고) 표시가 조건 안에 있어 어떤 사람에게는 빠질 수 있습니다", _HINT_KO),
        )
    for campaign in context.korean_ads:
        for variant in campaign.variants:
            for name, at in _labelled(campaign, variant):
                yield Hit(
                    message=f"variable `{name}` brings the label and can be empty for some people",
                    at=at,
                    hint=_HINT,
                    campaign=campaign.id,
                    jurisdiction="KR",
                    korean=Korean(
                        f"(광고) 표시가 변수 `{name}`에 들어 있어 어떤 사람에게는 빠질 수 있습니다",
                        _HINT_KO,
                    ),
                )


def _labelled(campaign: ResolvedCampaign, variant: Variant) -> Iterator[tuple[str, Origin]]:
    for name, variable in variant.template.variables.items():
        for key, value in (("default", variable.default), ("sample", variable.sample)):
            if _is_label(value):
                yield name, variable.origin / key
    for name, value in variant.values.items():
        if _is_label(value):
            yield f"with.{name}", campaign.origin / "message" / "with" / name


def _is_label(value: object) -> bool:
    return isinstance(value, str) and (
        bool(typed_faults(value)) or (bool(value) and with_label(value) == value)
    )
