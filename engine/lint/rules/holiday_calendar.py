"""An advertisement abroad keeps off the public holidays on which none may arrive.

## What
Where a country or state closes on public holidays (France, Alabama, Louisiana; the rows `ad_window`
with `closed_on_holidays`), no advertisement by text is due on one, on the recipient's own clock.
Observed days count. In a year that the calendar does not cover every day is closed. For push it is a
warning, for France only: hours of states are for texts. Korea has no such days.

## Why
The charter of the French operators, and statutes of American states (each finding cites its row).
The door skips whoever has a holiday, so the message reaches nobody there.

## Fix
Choose the next working day, or leave the country out.

## 한국어
프랑스, 미국 앨라배마·루이지애나처럼 공휴일에 광고 문자를 금지하는 곳이 있습니다. 받는 사람의 현지
날짜가 공휴일(대체 휴일 포함)이면 오류이고, 달력에 없는 연도는 모든 날을 휴일로 봅니다. 푸시는
경고입니다. 한국에는 그런 날이 없습니다.
고치려면 다음 평일을 고르거나 그 나라를 빼세요.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from engine.kernel.finding import Confidence, Korean, Severity
from engine.law.book import provision
from engine.law.daily import rows_for
from engine.law.days_off import days_off
from engine.law.provision import Provision
from engine.law.windows import AD_WINDOW
from engine.lint.abroad import SAYS_STOP, Abroad, abroad, bound_by_hours, row_hit
from engine.lint.context import LintContext
from engine.lint.due import due_of
from engine.lint.hours_abroad import clocks_of
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import first_push, used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="holiday-calendar",
    title="an advertisement abroad keeps off public holidays on which none may arrive",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-holidays-abroad",
        "the public holidays of where a message arrives",
        title_ko="메시지가 도착하는 나라의 공휴일",
    ),
    title_ko="공휴일에 광고를 금지하는 곳에는 그날 보내지 않습니다",
)
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: FR}, channels: {sms: null},"
        " schedule: {at: '2027-04-30 12:00', timezone: recipient}}"
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: FR}, channels: {app: null},"
        " schedule: {at: '2027-05-01 12:00', timezone: recipient}}, " + SAYS_STOP + "}",
        ("campaign", "schedule", "at"),
        "2027-05-01 is a public holiday in FR",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: US}, channels: {app: null},"
        " schedule: {at: '2026-11-26 12:00', timezone: recipient}}, " + SAYS_STOP + "}",
        ("campaign", "schedule", "at"),
        "2026-11-26 is a public holiday in US-AL, US-LA",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        "campaign: {audience: {attribute: country, eq: FR}, channels: {sms: null},"
        " schedule: {at: '2150-06-04 12:00', timezone: recipient}}",
        ("campaign", "schedule", "at"),
        "no calendar of the public holidays of 2150 in FR",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that are due on a day on which a row is closed."""
    for one in context.once(abroad):
        used = used_channels(one.campaign)
        texts = Channel.SMS in used
        channel = Channel.SMS if texts else first_push(used)
        due = due_of(one.campaign)
        if channel is None or due is None:
            continue
        for day in sorted({local.date() for _, local in clocks_of(due, one.country)}):
            shut = [row for row in _closing(one, day, texts=texts) if _is_off(row, day)]
            if shut:
                yield _hit(one, shut, day, channel)
                break


def _closing(one: Abroad, day: date, *, texts: bool) -> tuple[Provision, ...]:
    if texts:
        rows = rows_for(AD_WINDOW, one.country, None, Channel.SMS, day)
    else:
        rows = (provision(AD_WINDOW, one.country, day, Channel.SMS),)
    return tuple(row for row in rows if row.closed_on_holidays)


def _is_off(row: Provision, day: date) -> bool:
    days = days_off(row.jurisdiction, day.year)
    return days is None or day in days


def _hit(one: Abroad, shut: list[Provision], day: date, channel: Channel) -> Hit:
    row = min(shut, key=lambda each: each.citation.confidence is not Confidence.STATUTE)
    places = ", ".join(each.jurisdiction for each in shut)
    names: Mapping[date, str] | None = days_off(row.jurisdiction, day.year)
    if names is None:
        message = f"there is no calendar of the public holidays of {day.year} in {places}"
        korean = f"{places}의 {day.year}년 공휴일 달력이 없습니다"
    else:
        message = f"{day} is a public holiday in {places} ({names.get(day, 'there')})"
        korean = f"{day}, {places}의 공휴일({names.get(day, '공휴일')})에 나갑니다"
    return row_hit(
        one,
        row,
        f"{message}, and no advertisement may arrive on one",
        "choose a working day, or leave the country out",
        Korean(f"{korean}. 그날에는 광고를 보낼 수 없습니다", "평일을 고르거나 그 나라를 빼세요"),
        at=one.campaign.origin / "schedule" / "at",
        channel=channel,
        severity=bound_by_hours(channel),
    )
