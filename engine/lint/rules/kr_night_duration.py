"""An advertisement to Korea is through before the night.

## What
Start, ramp, sending and retries of an advertisement to as many people as its audience expects at most
(`expect: {size: {max: …}}`) end before 21:00 in Korea; a Brand Message's before 20:50. The rate is the
lower of `schedule.pace` and the channel's `rate`, 1,000 a second where neither is written. Without
`expect.size.max` lint evaluates nothing: it knows no people. `plan` always does, by the same formula
and with the people it counts, and refuses to apply (guard `finish`). `night: consented_only` lifts it.

## Why
정보통신망법 제50조제3항: every single message needs the day. 1,200,000 people at 200 a second take 100
minutes: from 20:20 the last third would be reached at night. The door skips them.

## Fix
Start earlier, raise the rate, or split the audience.

## 한국어
예상 최대 인원(`expect: {size: {max: …}}`)에게 보내는 데 걸리는 시간을 시작 시각에 더해 한국 시각
21:00(브랜드 메시지는 20:50) 전에 끝나야 합니다(정보통신망법 제50조제3항). 속도는 `schedule.pace`와
채널의 `rate` 가운데 느린 쪽이고 둘 다 없으면 초당 1,000건입니다. 예상 인원이 없으면 lint는 계산하지
않고, `plan`이 실제 인원으로 같은 계산을 해 늦으면 적용을 막습니다. `night: consented_only`인 캠페인은
보지 않습니다.
고치려면 더 일찍 시작하거나 속도를 높이거나 대상을 나누세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.kernel.finding import Korean, Severity
from engine.law.finish import RAMP, slowest, through_at
from engine.law.jurisdiction import KOREA
from engine.law.ramp import ramp_of
from engine.law.windows import Open, is_brand, window_at
from engine.lint.context import LintContext
from engine.lint.due import SEOUL_ZONE, Due, korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings

META = RuleMeta(
    id="kr-night-duration",
    title="an advertisement to Korea is through before the night",
    severity=Severity.ERROR,
    rests_on=Cites("ad_window", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="한국으로 가는 광고는 밤이 되기 전에 다 나가야 합니다",
)
_PACED = (
    "{campaign: {channels: {sms: null}, audience: buyers, schedule: {at: '2026-09-24 %s', pace: %s}},"
    " audience: {kind: audience, id: buyers, where: {attribute: grade, eq: gold},"
    " expect: {size: {max: %d}}}}"
)
EXAMPLES = (
    Good(_PACED % ("18:20", "200/s", 1_200_000)),
    Good(_PACED % ("20:20", "10000/s", 1_200_000)),
    Bad(
        _PACED % ("20:20", "200/s", 1_200_000),
        ("campaign", "schedule", "at"),
        "1,200,000 people at 200/s on app take from 20:20 until 22:06",
    ),
    Bad(
        _PACED % ("20:05", "200/s", 3_000_000),
        ("campaign", "schedule", "at"),
        "3,000,000 people at 200/s on app take from 20:05 until 00:28",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements whose last message would go out at night."""
    for due in korean_ads_due(context):
        people = due.campaign.expect.maximum
        if people is None or due.campaign.schedule.night_consented_only:
            continue
        for channel in used_channels(due.campaign):
            closes = _closes(due, channel)
            if closes is None:
                continue  # kr-night-window says so
            rate, ends = _ends(context, due, channel, people)
            if ends > closes:
                yield _hit(due, channel, people, rate, ends, closes)
                break


def _closes(due: Due, channel: Channel) -> datetime | None:
    settings = due.campaign.channels.get(channel)
    product = settings.product if isinstance(settings, KakaoSettings) else None
    window = window_at(
        due.korean,
        advertising=True,
        brand=is_brand(channel, product),
        jurisdiction=KOREA,
        zone=None,
        channel=channel,
    )
    return window.until if isinstance(window, Open) else None


def _ends(context: LintContext, due: Due, channel: Channel, people: int) -> tuple[float, datetime]:
    provider = context.workspace.channels.get(channel)
    rate = provider.rate_per_s if provider is not None else None
    ramp = RAMP if provider is None else ramp_of(provider)
    ends = through_at(due.campaign, channel, due.korean, people, rate, ramp=ramp)
    return slowest(due.campaign.schedule.pace_per_s, rate), ends


def _hit(
    due: Due, channel: Channel, people: int, rate: float, ends: datetime, closes: datetime
) -> Hit:
    start, end, close = (
        f"{instant.astimezone(SEOUL_ZONE):%H:%M}" for instant in (due.korean, ends, closes)
    )
    return due.hit(
        f"{people:,} people at {rate:g}/s on {channel} take from {start} until {end} in Korea, and"
        f" the window closes at {close}",
        "start earlier, raise `schedule.pace` or the channel's `rate`, or split the audience",
        jurisdiction=KOREA,
        channel=channel,
        korean=Korean(
            f"{channel}로 {people:,}명에게 초당 {rate:g}건씩 보내면 한국 시각 {start}부터 {end}까지"
            f" 걸립니다. {close}에 창이 닫힙니다",
            "더 일찍 시작하거나 속도를 높이거나 대상을 나누세요",
        ),
    )
