"""No advertisement starts at night.

## What
An advertisement to Korean residents is due between 08:00 and 21:00, Korean time: 20:59:59 passes,
21:00:00 does not, 08:00:00 passes. With recipient-local time the hour is each person's own.
Campaigns with `night: consented_only` pass: at night they reach only those who agreed to the
night.

## Why
정보통신망법 제50조제3항: from nine in the evening to eight in the morning an advertisement needs
a separate consent; only e-mail is exempt (시행령 제61조제2항). A fine of up to 30,000,000 won
(제76조제2항제7호). The same hours stop every single delivery at the door, whatever a file says.

## Fix
Move `schedule.at` into the day; leave time to finish before 21:00. Or write `night:
consented_only`, with `consent: {app: {night: …}}` mapped.

## 한국어
한국 거주자에게 가는 광고는 한국 시각 08:00–21:00에 시작해야 합니다. 20:59:59와 08:00:00은 되고
21:00:00은 안 됩니다. 현지 시각(`timezone: recipient`)이면 각자의 시각으로 봅니다. `night:
consented_only`인 캠페인은 밤에 야간 동의자에게만 가므로 통과합니다. 정보통신망법 제50조제3항: 오후
9시부터 다음 날 오전 8시까지의 광고에는 별도의 동의가 필요하고 예외는 전자우편뿐입니다(시행령
제61조제2항). 위반하면 3천만 원 이하의 과태료입니다(제76조제2항제7호). 발송 때도 같은 시각으로 한
건씩 막습니다.
고치려면 `schedule.at`을 낮으로 옮기되 21:00 전에 끝날 시간을 남기세요. 또는 `night:
consented_only`를 쓰고 `consent: {app: {night: …}}`를 연결하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.law.windows import Closed, window_at
from engine.lint.context import LintContext
from engine.lint.due import korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-night-window",
    title="no advertisement starts between 21:00 and 08:00 in Korea",
    severity=Severity.ERROR,
    rests_on=Cites("ad_window", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고는 한국 시각 21:00–08:00에 시작하지 않습니다",
)
EXAMPLES = (
    Good("campaign: {schedule: {at: '2026-09-24 08:01'}}"),
    Good(
        "campaign: {channels: {sms: null},"
        " schedule: {at: '2026-09-24 23:00', night: consented_only}}"
    ),
    Good(
        "{campaign: {type: informational, basis: safety, channels: {sms: null},"
        " schedule: {at: '2026-09-24 23:00'}}, template: {redefine: null,"
        " locales: {en: null, ko: {title: '{{ name }}님', body: 비밀번호를 바꿔 주세요}}}}"
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 21:00'}}",
        ("campaign", "schedule", "at"),
        "21:00 in Korea",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 07:59:59'}}",
        ("campaign", "schedule", "at"),
        "07:59:59 in Korea",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 09:00', timezone: America/New_York}}",
        ("campaign", "schedule", "at"),
        "22:00 in Korea",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 21:30', timezone: recipient}}",
        ("campaign", "schedule", "at"),
        "21:30 in Korea",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that are due while the Korean window is closed."""
    for due in korean_ads_due(context):
        if due.campaign.schedule.night_consented_only:
            continue
        window = window_at(due.korean, advertising=True, brand=False, jurisdiction=KOREA, zone=None)
        if isinstance(window, Closed):
            yield due.hit(
                f"an advertisement is due at {due.korean_clock} in Korea, where the night"
                " begins at 21:00 and ends at 08:00",
                "move it between 08:00 and 20:30, or write `night: consented_only`",
                jurisdiction=KOREA,
                korean=Korean(
                    f"광고가 한국 시각 {due.korean_clock}에 시작합니다. 밤(21:00–08:00)에는 보낼 수"
                    " 없습니다",
                    "08:00–20:30으로 옮기거나 `night: consented_only`를 적으세요",
                ),
            )
