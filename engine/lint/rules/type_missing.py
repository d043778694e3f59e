"""A campaign says whether it advertises.

## What
Every campaign that is not a draft has `type: advertising` or `type: informational`.

## Why
Everything that the law asks hangs on it (정보통신망법 제50조): consent, label, opt-out, night.
Where it is not written the engine takes the safe side and treats the message as an advertisement,
which a receipt may not survive; so somebody has to decide.

## Fix
Write the type. If any part of the message promotes something, it is `advertising`. An
informational message also says on what basis it is sent (`basis: transaction`, …).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext, is_live
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="type-missing",
    title="a campaign says whether it advertises",
    severity=Severity.ERROR,
    rests_on=Cites("ad_consent", "KR"),
)
EXAMPLES = (
    Good("campaign: {type: advertising}"),
    Good("campaign: {type: null, draft: true}"),
    Bad("campaign: {type: null}", ("campaign",), "`sale` has no type"),
    Bad(
        "campaign: {type: null, title: 주문 안내}",
        ("campaign",),
        "treated as an advertisement",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns without a type."""
    for id_, campaign in sorted(context.written.items()):
        if campaign.type is None and is_live(campaign):
            yield Hit(
                message=f"`{id_}` has no type and is treated as an advertisement",
                at=campaign.origin,
                hint="write `type: advertising`, or `type: informational` with a `basis`",
                campaign=id_,
            )
