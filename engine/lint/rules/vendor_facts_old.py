"""What vendors said of profiles, templates and numbers is not older than a week.

## What
`reports/<environment>/vendor.json`, where it is there, was written within the last seven days.

## Why
A profile falls asleep, a template is rejected, a number is given back without a word in any file. The
rules that go by the vendor's answer go by what was true when it was asked.

## Fix
Ask again and commit the answer: `pushform doctor -e production --save`; a nightly job may do it.

## 한국어
`reports/<환경>/vendor.json`이 있으면 이레 안에 쓴 것이어야 합니다. 프로필이 휴면이 되거나 템플릿이
반려되거나 번호가 해지되어도 파일에는 나타나지 않으므로, 오래된 답을 따르는 규칙은 옛일을 말합니다.
고치려면 `pushform doctor -e production --save`로 다시 묻고 커밋하세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice

META = RuleMeta(
    id="vendor-facts-old",
    title="what vendors said is not older than a week",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-vendor-facts",
        "what a vendor said holds for about a week",
        title_ko="업체의 답은 이레쯤 유효합니다",
    ),
    title_ko="업체에 물어본 지 이레가 넘지 않아야 합니다",
)
_WEEK = timedelta(days=7)
_SAID = {"senders": ["15880000"]}
EXAMPLES = (
    Good("campaign: {}", Setting(vendor={**_SAID, "as_of": "2026-09-13T00:00:00Z"})),
    Bad(
        "campaign: {}",
        ("workspace", "channels"),
        "of `production` is 7 days old",
        Setting(vendor={**_SAID, "as_of": "2026-09-12T23:59:59Z"}),
    ),
    Bad(
        "campaign: {}",
        ("workspace", "channels"),
        "is 51 days old",
        Setting(vendor={**_SAID, "as_of": "2026-07-31T00:00:00Z"}),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield environments whose vendors were asked too long ago."""
    for environment, saved in sorted(context.vendor.items()):
        age = context.as_of - saved.as_of
        if age > _WEEK:
            yield Hit(
                message=f"what is known of the vendors of `{environment}` is {age.days} days old",
                at=context.workspace.origin / "channels",
                hint=f"ask again: `pushform doctor -e {environment} --save`",
                korean=Korean(
                    f"`{environment}`의 업체 정보가 {age.days}일 지났습니다",
                    f"`pushform doctor -e {environment} --save`로 다시 물으세요",
                ),
            )
