"""Six months after a purchase: all conditions, or consent.

## What
A campaign with `exception:` is an advertisement and says that the contact was collected from the
person in that transaction (`direct: true`) and that the goods are the sender's own and of the same
kind (`same_goods: true`); and the workspace has a suppression list that is read
(`sources.suppression`), because a refusal ends the exception. Whether the six months are over is
judged person by person at the door, from `ended_at`.

## Why
정보통신망법 제50조제1항제1호, 시행령 제61조제1항: without consent only to whoever bought the same kind of
goods from the sender, gave the contact then, and for six months from the end of the transaction.
제50조제2항: never to whoever refused.

## Fix
Write `direct: true` and `same_goods: true` if both hold. If one does not, delete `exception:` and
send to those who agreed.

## 한국어
거래 예외(`exception:`)로 동의 없이 광고하려면 연락처를 그 거래에서 직접 받았고(`direct: true`), 전송자
자신의 같은 종류 재화여야 하며(`same_goods: true`), 수신거부 명단(`sources.suppression`)이 있어야 합니다.
정보통신망법 제50조제1항제1호와 시행령 제61조제1항은 거래가 끝난 날부터 6개월 안에서만 허용하며, 거부한
사람에게는 보낼 수 없습니다(제50조제2항). 6개월이 지났는지는 보낼 때 사람마다 판단합니다.
고치려면 사실이 맞으면 두 값을 `true`로 적고, 아니면 `exception:`을 지우고 동의한 사람에게 보내세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-transaction-exception",
    title="the six months after a purchase have conditions",
    severity=Severity.ERROR,
    rests_on=Cites("transaction_exception", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="거래 후 6개월 예외에는 조건이 있습니다",
)
_EXCEPTION = "campaign: {exception: {ended_at: user.bought_on, %s}}"
EXAMPLES = (
    Good(_EXCEPTION % "direct: true, same_goods: true"),
    Bad(
        _EXCEPTION % "direct: true",
        ("campaign", "exception", "same_goods"),
        "`same_goods` is not true",
    ),
    Bad(
        _EXCEPTION % "direct: false, same_goods: true",
        ("campaign", "exception", "direct"),
        "`direct` is not true",
    ),
    Bad(
        "{workspace: {sources: {suppression: none}}, "
        + _EXCEPTION % "direct: true, same_goods: true"
        + "}",
        ("campaign", "exception"),
        "no suppression list",
    ),
)
_CONDITIONS = (
    (
        "direct",
        "`direct` is not true: the contact has to come from the person in that transaction",
        "`direct: true`가 아닙니다. 연락처를 그 거래에서 본인에게 직접 받았어야 합니다",
    ),
    (
        "same_goods",
        "`same_goods` is not true: the goods have to be the sender's own, of the kind that was bought",
        "`same_goods: true`가 아닙니다. 전송자 자신의, 거래한 것과 같은 종류의 재화여야 합니다",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the conditions that exceptions do not fulfil."""
    for campaign in context.live:
        exception = campaign.exception
        if exception is None:
            continue
        at = campaign.origin / "exception"
        if not campaign.advertising:
            yield _hit(
                campaign.id,
                at,
                f"`{campaign.id}` is informational, and needs no exception",
                "정보성 메시지에는 거래 예외가 필요 없습니다",
            )
            continue
        for name, message, korean in _CONDITIONS:
            if not getattr(exception, name):
                yield _hit(campaign.id, at / name, message, korean)
        if context.workspace.sources.suppression is None:
            yield _hit(
                campaign.id,
                at,
                "there is no suppression list, and a refusal ends the exception",
                "수신거부 명단이 없습니다. 거부한 사람에게는 예외가 적용되지 않습니다",
            )


def _hit(campaign: str, at: Origin, message: str, korean: str) -> Hit:
    return Hit(
        message=message,
        at=at,
        key=True,
        hint="fulfil it, or delete `exception` and send to those who agreed",
        campaign=campaign,
        jurisdiction=KOREA,
        korean=Korean(korean, "조건을 갖추거나, `exception`을 지우고 동의한 사람에게 보내세요"),
    )
