"""One instant for several countries exists.

## What
An advertisement that goes out at one instant (`timezone:` other than `recipient`) to people of
several countries has an instant, within eight days of its own, at which the windows of all of them
are open: every zone of every country, and for texts the hours of every region.

## Why
Where there is none, no other `schedule.at` helps: whichever is chosen, the door skips the people of
some country. Korea and the United States share two hours a day for push and none for texts.

## Fix
Write `timezone: recipient`: everybody gets it at that hour of their own day. Or one campaign for each
country.

## 한국어
여러 나라에 같은 순간(`timezone: recipient`가 아닌 예약)에 보내는 광고는 모든 나라의 허용 시각이
겹치는 순간이 8일 안에 있어야 합니다. 없으면 `schedule.at`을 바꿔도 어느 나라 사람은 받지 못합니다.
한국과 미국은 푸시라면 하루 두 시간이 겹치지만 문자는 겹치는 시각이 없습니다.
고치려면 `timezone: recipient`를 쓰거나 나라별로 캠페인을 나누세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.abroad import SAYS_STOP
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.together import is_never, shared_instants

META = RuleMeta(
    id="tz-window-empty",
    title="countries that get an advertisement at one instant have an open window in common",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-one-instant",
        "one instant serves only windows that overlap",
        title_ko="한 순간은 겹치는 허용 시각에만 맞습니다",
    ),
    title_ko="같은 순간에 받는 나라들은 허용 시각이 겹쳐야 합니다",
)
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, in: [KR, US]}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 09:00'}}"
    ),
    Good(
        "campaign: {audience: {attribute: country, in: [KR, US]}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 11:00', timezone: recipient}}"
    ),
    Bad(
        "{campaign: {audience: {attribute: country, in: [KR, US]}, channels: {app: null}}, "
        + SAYS_STOP
        + "}",
        ("campaign", "schedule", "timezone"),
        "no instant suits KR and US",
        also=("foreign-window", "jurisdiction-uncertain"),
    ),
    Bad(
        "campaign: {audience: {attribute: country, in: [KR, BR, NZ, US]}, channels: {sms: null}}",
        ("campaign", "schedule", "timezone"),
        "no instant suits BR, KR, NZ and US",
        also=(
            "foreign-window",
            "jurisdiction-unknown",
            "foreign-opt-out",
            "jurisdiction-uncertain",
        ),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield schedules for which no instant exists."""
    for one in context.once(shared_instants):
        if is_never(one):
            yield Hit(
                message=f"no instant suits {one.names}: their windows have nothing in common on"
                f" {one.words}",
                at=one.due.campaign.origin / "schedule" / "timezone",
                hint="write `timezone: recipient`, or a campaign for each country",
                campaign=one.due.campaign.id,
                korean=Korean(
                    f"{one.names_ko}에 모두 보낼 수 있는 순간이 없습니다"
                    f"({one.words}의 허용 시각이 겹치지 않음)",
                    "`timezone: recipient`를 쓰거나 나라별로 캠페인을 나누세요",
                ),
            )
