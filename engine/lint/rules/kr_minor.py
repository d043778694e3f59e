"""Advertisements are not aimed at children under 14.

## What
The audience of an advertisement to Korea does not pick people by `birth_date` or `age` such that
children under 14 are among them on the day of sending, unless it also asks for the consent of their
guardian (an attribute whose name says `guardian` or 법정대리인). An audience that says nothing about age
is left alone: the door leaves out everybody who is known to be under 14 without that consent.

## Why
개인정보 보호법 제22조의2: children under 14 need the consent of their legal representative. Those of the
audience without one are skipped (`minor`), so the message misses the people it was written for.

## Fix
Set the lower bound of age at 14, or add `{attribute: guardian_consent, eq: "yes"}`.

## 한국어
한국으로 가는 광고의 대상을 생년월일(`birth_date`)이나 나이(`age`)로 고르면서 14세 미만이 포함되면
알립니다. 개인정보 보호법 제22조의2에 따라 14세 미만 아동은 법정대리인의 동의가 필요하고, 그 동의가
없으면 보낼 때 제외됩니다(`minor`). 나이 조건이 없는 대상은 보낼 때 걸러지므로 알리지 않습니다.
고치려면 14세 이상으로 조건을 바꾸거나 `{attribute: guardian_consent, eq: "yes"}`를 더하세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from engine.kernel.finding import Korean, Severity
from engine.law.book import provision
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.due import day_of_sending
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.audience import All, AttributeIs, Condition, Operator, Test, parts

META = RuleMeta(
    id="kr-minor",
    title="advertisements are not aimed at children under 14",
    severity=Severity.WARNING,
    rests_on=Cites("minor_age", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고는 14세 미만 아동을 겨냥하지 않습니다",
)
EXAMPLES = (
    Good("campaign: {audience: {attribute: birth_date, between: ['1990-01-01', '2010-01-01']}}"),
    Good(
        "campaign: {audience: {all: [{attribute: age, lt: 14},"
        " {attribute: guardian_consent, eq: 'yes'}]}}"
    ),
    Bad(
        "campaign: {audience: {attribute: birth_date, after: '2010-01-01'}}",
        ("campaign", "audience"),
        "people under 14",
    ),
    Bad(
        "campaign: {audience: {all: [{attribute: country, eq: KR}, {attribute: age, lte: 15}]}}",
        ("campaign", "audience", "all", 1),
        "people under 14",
    ),
)
_GUARDIAN = re.compile(r"guardian|법정\s?대리인|보호자", re.IGNORECASE)
_ABOVE = frozenset({Operator.GT, Operator.GTE, Operator.AFTER})
_BELOW = frozenset({Operator.LT, Operator.LTE, Operator.BEFORE})


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the tests of age by which advertisements pick children."""
    for campaign in context.korean_ads:
        tested = [
            part for part in _asserted(campaign.audience) if part.attribute in ("birth_date", "age")
        ]
        if not tested or any(_asks_guardian(part) for part in parts(campaign.audience)):
            continue
        day = day_of_sending(campaign)
        years = int(provision("minor_age", KOREA, day).value)  # type: ignore[arg-type]
        if not all(_lets_in(part, years, day) for part in tested):
            continue  # one of the tests that all have to pass keeps children out
        at = tested[0].origin
        yield Hit(
            message=f"`{tested[0].attribute}` picks people under {years}, who are left out"
            " unless their guardian agreed",
            at=at,
            hint=f"begin at {years}, or ask for `guardian_consent` as well",
            campaign=campaign.id,
            jurisdiction=KOREA,
            korean=Korean(
                f"`{tested[0].attribute}` 조건에 {years}세 미만이 들어갑니다."
                " 법정대리인의 동의가 없으면 제외됩니다",
                f"{years}세부터 고르거나 `guardian_consent` 조건을 더하세요",
            ),
        )


def _asserted(condition: Condition) -> Iterator[AttributeIs]:
    """Yield the tests of attributes that everybody in the audience passes."""
    match condition:
        case AttributeIs():
            yield condition
        case All(of=inner):
            for child in inner:
                yield from _asserted(child)
        case _:
            return


def _asks_guardian(part: Condition) -> bool:
    return isinstance(part, AttributeIs) and _GUARDIAN.search(part.attribute) is not None


def _lets_in(part: AttributeIs, years: int, on: date) -> bool:
    """Tell whether tests of `part` name an age or a birth that lets somebody under `years` pass."""
    if part.attribute == "age":
        lets = [_young_age(test, years) for test in part.tests]
    else:
        born = f"{on.year - years:04d}-{on.month:02d}-{on.day:02d}"
        lets = [_young_birth(test, born) for test in part.tests]
    return bool(lets) and all(let is not False for let in lets) and any(lets)


def _young_age(test: Test, years: int) -> bool | None:
    """Tell whether `test` picks (True) or shuts out (False) an age under `years`; None for neither."""
    low = test.value[0] if isinstance(test.value, tuple) and test.value else test.value
    if not isinstance(low, int | float):
        return None
    if test.operator in _ABOVE:
        return None if low + (test.operator is Operator.GT) < years else False
    if test.operator in _BELOW:
        return True
    if test.operator in (Operator.EQ, Operator.IN, Operator.BETWEEN):
        return low < years
    return None


def _young_birth(test: Test, born: str) -> bool | None:
    """Tell the same of a date of birth; who is born after `born` (a date as text) is too young."""
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    texts = [value for value in values if isinstance(value, str)]
    if not texts:
        return None
    if test.operator in _ABOVE:
        return True
    if test.operator in _BELOW:
        return False if texts[0] <= born else None
    if test.operator in (Operator.EQ, Operator.IN, Operator.BETWEEN):
        return max(texts) > born
    return None
