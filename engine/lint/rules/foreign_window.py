"""An advertisement abroad arrives in the hours of that country.

## What
For every country outside Korea that the audience names, an advertisement by text is due in the
country's hours, on the recipient's own clock: 08:00–21:00 in the United States and narrower in 19
of its states, Monday to Saturday in France, from 10:00 in India, and so on (the rows `ad_window` of
the law book). Where the state is not known the strictest state's hours count, as they do at the door.
Push outside of these hours is a warning: they are written for texts. Countries without hours of
their own have our practice for anywhere, 08:00–21:00. With one instant for everybody each zone of the
country is looked at. This is one rule for what is elsewhere called `us-window`, `us-state-window`,
`fr-window` and `in-window`; public holidays are `holiday-calendar`'s.

## Why
Each finding cites the row that it rests on, and says where the sources are not sure. The door skips
whoever's window is closed, so a wrong hour reaches nobody at best. In the United States a text at the
wrong hour costs 500 to 1,500 dollars.

## Fix
Write `timezone: recipient` and an hour in the middle of the day, or send to each region by itself.

## 한국어
한국 밖의 나라로 가는 광고 문자는 그 나라의 허용 시각 안에, 받는 사람의 현지 시각으로 예약해야
합니다. 미국은 08:00–21:00(19개 주는 더 좁음), 프랑스는 월–토, 인도는 10:00부터입니다. 주(州)를
모르면 가장 엄격한 주의 시각을 따릅니다. 문자에 대한 규정이므로 푸시는 경고입니다. 나라별 규정이
없으면 관행인 08:00–21:00을 씁니다. 창이 닫힌 수신자는 발송 때 건너뜁니다.
고치려면 `timezone: recipient`로 낮 시간을 적거나 지역별로 나누어 보내세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Confidence, Korean, Severity
from engine.law.book import ANYWHERE
from engine.lint.abroad import SAYS_STOP, Abroad, abroad, bound_by_hours, reached, row_hit
from engine.lint.context import LintContext
from engine.lint.due import Due, due_of
from engine.lint.hours_abroad import Shut, shut_rows
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import first_push, used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="foreign-window",
    title="an advertisement abroad arrives in the hours of that country",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-hours-abroad",
        "the hours of the country where a message arrives",
        title_ko="메시지가 도착하는 나라의 허용 시각",
    ),
    title_ko="해외 광고는 그 나라의 허용 시각에 도착해야 합니다",
)
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: US}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 20:30', timezone: recipient}}"
    ),
    Bad(
        "campaign: {audience: {attribute: country, eq: US}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 07:30', timezone: recipient}}",
        ("campaign", "schedule", "at"),
        "our practice for US, which the door keeps, is 08:00 to 21:00",
        also=("kr-night-window",),
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: US}, channels: {app: null},"
        " schedule: {at: '2026-09-24 20:30', timezone: recipient}}, " + SAYS_STOP + "}",
        ("campaign", "schedule", "at"),
        "US-AL",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: US}, channels: {app: null},"
        " schedule: {at: '2026-09-24 20:30'}}, " + SAYS_STOP + "}",
        ("campaign", "schedule", "at"),
        "in America/",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: FR}, channels: {app: null},"
        " schedule: {at: '2026-09-27 12:00', timezone: recipient}}, " + SAYS_STOP + "}",
        ("campaign", "schedule", "at"),
        "FR allows nothing on a Sunday",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: IN}, channels: {app: {}, sms: null},"
        " schedule: {at: '2026-09-24 09:30', timezone: recipient}}}",
        ("campaign", "schedule", "at"),
        "whether it binds push is unsettled",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that are due where a country's hours are over."""
    for one in context.once(abroad):
        due = due_of(one.campaign)
        if due is None:
            continue
        used = used_channels(one.campaign)
        if Channel.SMS in used:
            yield from _hits(one, due, Channel.SMS)
        push = first_push(used)
        if push is not None and not _is_shared(context, one):
            yield from _hits(one, due, push)


def _is_shared(context: LintContext, one: Abroad) -> bool:
    """Tell whether several countries get it at one instant: `tz-recipient-missing` says it all."""
    named = reached(one.campaign, context.jurisdictions[one.campaign.id])
    return len(named) > 1 and not one.campaign.schedule.recipient_local


def _hits(one: Abroad, due: Due, channel: Channel) -> Iterator[Hit]:
    texts = channel is Channel.SMS
    shut = shut_rows(due, one.country, texts=texts)
    if one.campaign.schedule.night_consented_only:
        shut = tuple(each for each in shut if not each.row.lifted_by_consent)
    whole = [each for each in shut if "-" not in each.row.jurisdiction]
    regions = [each for each in shut if "-" in each.row.jurisdiction]
    if whole:
        yield _country(one, whole[0], channel)
    elif regions:
        yield _regions(one, regions, channel)


def _country(one: Abroad, shut: Shut, channel: Channel) -> Hit:
    if shut.row.jurisdiction == ANYWHERE:
        rule = f"our practice for {one.country}, which the door keeps, is {shut.allowed}"
        rule_ko = f"{channel}에 대한 {one.country}의 규정이 없어 발송 때 관행({shut.allowed_ko})을 지킵니다"
    else:
        rule = f"{one.country} allows {shut.allowed}"
        rule_ko = f"허용 시각은 {shut.allowed_ko}입니다"
    return row_hit(
        one,
        shut.row,
        f"an advertisement on {channel} is due at {shut.local:%H:%M} {_where(shut)}, and {rule}",
        "write `timezone: recipient` and an hour within",
        Korean(
            f"{channel} 광고가 {one.country}에 {_where_ko(shut)} {shut.local:%H:%M}에 나갑니다."
            f" {rule_ko}",
            "`timezone: recipient`와 허용 시각 안의 시각을 적으세요",
        ),
        at=one.campaign.origin / "schedule" / "at",
        channel=channel,
        severity=bound_by_hours(channel),
    )


def _regions(one: Abroad, shut: list[Shut], channel: Channel) -> Hit:
    """Return one hit for all closed regions; it cites a statute if any of them has one."""
    first = min(shut, key=lambda each: each.row.citation.confidence is not Confidence.STATUTE)
    names = [each.row.jurisdiction for each in shut]
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    listed_ko = ", ".join(names[:4]) + (f" 외 {len(names) - 4}곳" if len(names) > 4 else "")
    return row_hit(
        one,
        first.row,
        f"an advertisement on {channel} is due at {first.local:%H:%M} {_where(first)}, when"
        f" {listed} are closed ({first.row.jurisdiction} allows {first.allowed}): nobody there gets"
        " it, nor whoever's region is unknown",
        "choose an hour that every region allows, or send to the regions by themselves",
        Korean(
            f"{channel} 광고가 {_where_ko(first)} {first.local:%H:%M}에 나가는데 {listed_ko}에서는"
            f" 금지된 시각입니다({first.row.jurisdiction}: {first.allowed_ko}). 그곳 사람과 지역을"
            " 모르는 사람은 받지 못합니다",
            "모든 지역이 허용하는 시각을 고르거나 지역별로 나누어 보내세요",
        ),
        at=one.campaign.origin / "schedule" / "at",
        channel=channel,
        severity=bound_by_hours(channel),
    )


def _where(shut: Shut) -> str:
    if not shut.zones:
        return "on the recipient's clock"
    more = f" (and in {len(shut.zones) - 1} of {shut.of - 1} other zones)" if shut.of > 1 else ""
    return f"in {shut.zones[0]}{more}"


def _where_ko(shut: Shut) -> str:
    if not shut.zones:
        return "현지 시각"
    more = f"(다른 {shut.of - 1}개 시간대 중 {len(shut.zones) - 1}개도)" if shut.of > 1 else ""
    return f"{shut.zones[0]}{more}"
