"""Implied consent in Canada ends two years after the purchase.

## What
An advertisement that leans on a transaction instead of a consent (`exception:`) and reaches people
in Canada names, in its audience, how old that transaction may be: a condition on the attribute of
`exception.ended_at`, at most 730 days (`within: 730d`, or `lte: 730` on derived days). Where consent
is read from columns it is taken as express; whether it is, the files do not say.

## Why
CASL s. 10(10): an existing business relationship implies consent for two years after a purchase and
six months after an inquiry; the sender proves it. Afterwards every message is one without consent.

## Fix
Narrow the audience: `{attribute: last_order_at, within: 730d}`, or less. For inquiries: `within: 180d`.

## 한국어
캐나다 수신자에게 동의 대신 거래 관계(`exception:`)로 보내는 광고는 거래가 끝난
날(`exception.ended_at`)이 2년(730일) 안이라는 조건을 대상에 적어야 합니다. CASL 제10조(10)의 추정
동의는 구매 2년, 문의 6개월 뒤에 끝나고 증명은 보내는 쪽이 합니다. 동의 열에서 읽은 동의는 명시적
동의로 봅니다.
고치려면 대상에 `{attribute: last_order_at, within: 730d}`를 더하세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.kernel.finding import Korean, Severity
from engine.kernel.instant import parse_duration
from engine.law.book import find_provision
from engine.law.provision import Provision
from engine.lint.abroad import Abroad, abroad, row_hit
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.audience import (
    Aggregate,
    All,
    AttributeIs,
    Condition,
    Operator,
    Test,
)

META = RuleMeta(
    id="ca-implied-expiry",
    title="implied consent in Canada ends two years after the purchase",
    severity=Severity.ERROR,
    rests_on=Cites("implied_consent_purchase", "CA"),
    jurisdictions=frozenset({"CA"}),
    title_ko="캐나다의 추정 동의는 구매 2년 뒤에 끝납니다",
)
_CA = (
    "campaign: {exception: {ended_at: user.last_order_at, direct: true, same_goods: true},"
    " channels: {sms: null}, schedule: {at: '2026-09-24 12:00', timezone: recipient},"
    " audience: {all: [{attribute: country, eq: CA}%s]}}"
)
_DAYS_IN_A_YEAR = 365
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: CA}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}}"
    ),
    Bad(
        _CA % "",
        ("campaign", "exception", "ended_at"),
        "does not say how old the transaction may be",
        also=("kr-transaction-exception",),
    ),
    Bad(
        _CA % ", {attribute: last_order_at, within: 760d}",
        ("campaign", "exception", "ended_at"),
        "up to 760 days ago",
        also=("kr-transaction-exception",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements to Canada whose transactions may be too old to imply consent."""
    for one in context.once(abroad):
        exception = one.campaign.exception
        if exception is None:
            continue
        row = find_provision("implied_consent_purchase", one.country, one.on)
        if row is None or not isinstance(row.value, int):
            continue
        limit = timedelta(days=row.value // 12 * _DAYS_IN_A_YEAR)
        name = exception.ended_at.partition(".")[2]
        found = _oldest(one, name)
        if found is None or found > limit:
            yield _hit(one, row, limit, found)


def _hit(one: Abroad, row: Provision, limit: timedelta, found: timedelta | None) -> Hit:
    said = (
        "the audience does not say how old the transaction may be"
        if found is None
        else f"the audience takes transactions that ended up to {found.days} days ago"
    )
    said_ko = (
        "대상에 거래가 언제까지인지 적혀 있지 않습니다"
        if found is None
        else f"대상에 {found.days}일 전에 끝난 거래까지 들어갑니다"
    )
    return row_hit(
        one,
        row,
        f"{said}, and in {one.country} it implies consent for {limit.days} days",
        f"add `{{attribute: …, within: {limit.days}d}}` to the audience",
        Korean(
            f"{said_ko}. {one.country}에서는 {limit.days}일 동안만 동의로 봅니다",
            f"대상에 `{{attribute: …, within: {limit.days}d}}`를 더하세요",
        ),
        at=one.campaign.origin / "exception" / "ended_at",
    )


def _oldest(one: Abroad, name: str) -> timedelta | None:
    """Return how long ago the transaction of anybody in the audience ended at most; None: unknown."""
    ages = [
        age
        for part in _conjuncts(one.campaign.audience)
        if isinstance(part, AttributeIs) and part.attribute == name
        for test in part.tests
        if (age := _age(one, name, test)) is not None
    ]
    return min(ages, default=None)


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.of:
            yield from _conjuncts(part)
    else:
        yield condition


def _age(one: Abroad, name: str, test: Test) -> timedelta | None:
    if test.operator is Operator.WITHIN and isinstance(test.value, str):
        return parse_duration(test.value)
    derived = one.campaign.attributes.get(name)
    counts = derived is not None and derived.aggregate is Aggregate.DAYS_SINCE
    if counts and test.operator in (Operator.LT, Operator.LTE):
        return timedelta(days=test.value) if isinstance(test.value, int | float) else None
    return None
