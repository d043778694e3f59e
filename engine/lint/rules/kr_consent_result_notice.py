"""The answer to a consent or refusal says what the decree wants in it.

## What
Every text of a campaign with `notice: consent_result` to Korea names the sender (in text messages and
web pushes), says what the person chose and when, and what came of it. Judged on the samples as
`kr-recheck-notice-fields` does.

That there is no such campaign is no finding: files cannot tell. They name the columns of consent, not
who changed their mind in the last 14 days, nor whether the app or the shop's own service answers at
once, as most do. Who waits for an answer stands in the source of users: `pushform consent notices
result` reads it and writes the draft. The duty stays, whoever fulfils it.

## Why
정보통신망법 제50조제7항, 시행령 제62조의2: within 14 days whoever agreed, refused or withdrew is told the
sender's name, the choice with its date, and the result. A fine of up to 10,000,000 won (제76조제4항).

## Fix
Add what is missing: `{{ said_on|date }} 수신거부 의사에 따라 광고를 보내지 않도록 처리했습니다.`

## 한국어
수신동의·거부·철회의 처리 결과 통지(`notice: consent_result`)에는 전송자의 명칭, 의사표시 사실과 그 날짜,
처리 결과가 모두 있어야 하고 14일 안에 보내야 합니다(정보통신망법 제50조제7항, 시행령 제62조의2).
이런 캠페인이 없다고 알리지는 않습니다. 파일만 보아서는 최근 14일 안에 누가 의사를 표시했는지, 앱이나
서비스가 이미 통지했는지 알 수 없기 때문입니다. 통지를 기다리는 사람은 사용자 원본에 있으며 `pushform
consent notices result`가 찾아 초안을 씁니다. 누가 통지하든 의무는 그대로입니다.
고치려면 빠진 것을 더하세요: `{{ said_on|date }} 수신거부 의사에 따라 광고를 보내지 않도록 처리했습니다.`
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.notices import missing_fields
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.legal import Notice

META = RuleMeta(
    id="kr-consent-result-notice",
    title="the answer to a consent or refusal says what the decree wants in it",
    severity=Severity.WARNING,
    rests_on=Cites("consent_result_fields", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신동의·거부 처리 결과 통지에는 정해진 사항이 있어야 합니다",
)
_NOTICE = (
    "{campaign: {type: informational, basis: contract, notice: consent_result,"
    " channels: {app: null}}, template: {locales: null, variables: {name: null, said_on: {type: date,"
    " from: user.ad_said_on, sample: '2026-09-20'}}, redefine: {sms: {en: null, ko: {body: '%s'}}}}}"
)
EXAMPLES = (
    Good(_NOTICE % "[샘플샵] {{ said_on|date }} 광고 수신거부 의사에 따라 처리를 마쳤습니다."),
    Bad(
        _NOTICE % "[샘플샵] {{ said_on|date }}에 광고 수신거부 의사를 밝히셨습니다.",
        ("template", "redefine", "sms", "ko", "body"),
        "the result",
    ),
    Bad(
        _NOTICE % "{{ said_on|date }} 광고 수신거부가 처리되었습니다.",
        ("template", "redefine", "sms", "ko", "body"),
        "the sender, `샘플샵`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the fields that answers to a consent or refusal lack."""
    yield from missing_fields(context, Notice.CONSENT_RESULT)
