"""Several countries get an advertisement by their own clocks.

## What
An advertisement to people of several countries that goes out at one instant is due while the windows
of all of them are open. If the window of a country outside Korea is closed in one of its zones then,
its people need their own clock: `timezone: recipient`. (For Korea see `kr-night-window`; where no
instant at all would do, `tz-window-empty`.)

## Why
10:00 in Seoul is 21:00 of the day before in New York. The door skips everybody whose window is
closed, so a part of the audience gets nothing, and nobody notices in a review.

## Fix
Write `schedule: {timezone: recipient}`. The source of users needs a column `timezone` (or a `country`
with one zone); without it people are sent to by the workspace's clock.

## 한국어
여러 나라에 같은 순간에 보내는 광고는 그 순간에 모든 나라의 허용 시각이 열려 있어야 합니다. 서울
10:00은 뉴욕에서는 전날 21:00입니다. 창이 닫힌 나라의 수신자는 조용히 빠집니다.
고치려면 `schedule: {timezone: recipient}`를 적으세요. 사용자 원본에 `timezone` 열이 있어야 하며,
없으면 작업 공간의 시각으로 보냅니다.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.due import clock
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.together import Shared, closed_abroad, foreign_places, is_never, shared_instants

META = RuleMeta(
    id="tz-recipient-missing",
    title="several countries get an advertisement by their own clocks",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-clocks",
        "an hour of the day is another one elsewhere",
        title_ko="하루의 시각은 다른 곳에서는 다른 시각입니다",
    ),
    title_ko="여러 나라에 보내는 광고는 받는 사람의 현지 시각으로 예약합니다",
)
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, in: [KR, JP]}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 10:00'}}"
    ),
    Good(
        "campaign: {audience: {attribute: country, in: [KR, US]}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 10:00', timezone: recipient}}"
    ),
    Bad(
        "campaign: {audience: {attribute: country, in: [KR, US]}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 20:30'}}",
        ("campaign", "schedule", "timezone"),
        "one instant for KR and US: it is 2026-09-24 02:30 in America/Adak",
    ),
    Bad(
        "campaign: {audience: {all: [{attribute: country, in: [KR, GB]}]}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 10:00'}}",
        ("campaign", "schedule", "timezone"),
        "it is 2026-09-24 02:00 in Europe/London",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield instants at which the window of some country is closed."""
    for one in context.once(shared_instants):
        if one.due.campaign.schedule.night_consented_only:
            continue
        zone = next(
            (zone for place in foreign_places(one) for zone in closed_abroad(place, one.due.at)),
            None,
        )
        if zone is not None and not is_never(one):
            yield _hit(one, zone)


def _hit(one: Shared, zone: str) -> Hit:
    there = clock(one.due.at, ZoneInfo(zone))
    return Hit(
        message=f"one instant for {one.names}: it is {there} in {zone}, where the window is closed",
        at=one.due.campaign.origin / "schedule" / "timezone",
        hint="write `timezone: recipient`",
        campaign=one.due.campaign.id,
        korean=Korean(
            f"{one.names_ko}에 같은 순간에 보냅니다. {zone}에서는 {there}이고 보낼 수 없는 시각입니다",
            "`timezone: recipient`를 적으세요",
        ),
    )
