"""A send at night knows who agreed to the night.

## What
A campaign with `night: consented_only` that is due between 21:00 and 08:00, Korean time, uses
only channels whose consent to the night is mapped (`consent: {app: {night: …}}` under
`sources.users`), to another column than the consent to advertisements.

## Why
정보통신망법 제50조제3항 asks for a consent of its own; consent to advertisements by day is not
enough. Without a column nobody is known to have agreed, so the door refuses everybody (`skipped
(no_night_consent)`). Where `ad` and `night` name the same column, whoever agreed to the day counts
as having agreed to the night, and gets it.

## Fix
Map a column of its own, drop the channel, or send by day. The short form `web: web_ad_agreed` maps the day
only.

## 한국어
`night: consented_only`로 밤에 나가는 광고는 쓰는 채널마다 야간 동의 열이 연결되어 있어야 합니다.
정보통신망법 제50조제3항의 야간 동의는 광고 동의와 별개입니다. 열이 없으면 아무도 동의하지 않은
것으로 보아 그 채널로는 아무도 받지 못합니다. `ad`와 `night`가 같은 열이면 낮 광고에만 동의한
사람도 밤에 받게 되므로 역시 오류입니다.
고치려면 `sources.users.consent: {app: {ad: …, night: …}}`처럼 연결하거나 낮에 보내세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.law.windows import Open, window_at
from engine.lint.context import LintContext
from engine.lint.due import korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-night-consent",
    title="a send at night knows who agreed to the night",
    severity=Severity.ERROR,
    rests_on=Cites("ad_window", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="밤에 보내려면 야간 동의를 알 수 있어야 합니다",
)
_APP_ONLY = "campaign: {channels: {sms: null}, schedule: {at: '2026-09-24 23:00', "
EXAMPLES = (
    Good(_APP_ONLY + "night: consented_only}}"),
    Good("campaign: {schedule: {at: '2026-09-24 12:00', night: consented_only}}"),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 23:00', night: consented_only}}",
        ("campaign", "schedule", "night"),
        "consent to the night on sms",
    ),
    Bad(
        "{workspace: {sources: {users: {consent: {app: {night: push_ad_agreed}}}}}, "
        + _APP_ONLY
        + "night: consented_only}}}",
        ("workspace", "sources", "users", "consent", "app", "night"),
        "`push_ad_agreed` holds the consent to advertisements on app",
    ),
    Bad(
        "{workspace: {sources: {users: {consent: {app: {night: null}}}}}, "
        + _APP_ONLY
        + "night: consented_only}}}",
        ("campaign", "schedule", "night"),
        "consent to the night on app",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the channels of sends at night for which no consent to the night of its own is mapped."""
    shared: set[Channel] = set()
    for due in korean_ads_due(context):
        campaign = due.campaign
        if not campaign.schedule.night_consented_only:
            continue
        window = window_at(due.korean, advertising=True, brand=False, jurisdiction=KOREA, zone=None)
        if isinstance(window, Open):
            continue
        for channel in used_channels(campaign):
            columns = campaign.consent.get(channel)
            if columns is not None and columns.night and columns.night == columns.ad:
                if channel not in shared:
                    shared.add(channel)
                    yield _shared(context, channel, columns.night)
            elif columns is None or not columns.night:
                yield Hit(
                    message=f"no column holds the consent to the night on {channel}",
                    at=campaign.origin / "schedule" / "night",
                    hint=f"map it: `sources.users.consent: {{{channel}: {{ad: …, night: …}}}}`",
                    campaign=campaign.id,
                    channel=channel,
                    jurisdiction=KOREA,
                    korean=Korean(
                        f"{channel} 채널의 야간 동의 열이 없습니다",
                        f"연결하세요: `sources.users.consent: {{{channel}: {{ad: …, night: …}}}}`",
                    ),
                )


def _shared(context: LintContext, channel: Channel, column: str) -> Hit:
    return Hit(
        message=f"`{column}` holds the consent to advertisements on {channel}, and the night's needs a "
        "column of its own",
        at=context.workspace.origin / "sources" / "users" / "consent" / channel.value / "night",
        hint="map the column of those who agreed to the night, or send by day",
        channel=channel,
        jurisdiction=KOREA,
        korean=Korean(
            f"`{column}` 열은 {channel} 광고 동의라서 야간 동의를 대신하지 못합니다",
            "야간에 따로 동의한 사람의 열을 연결하거나 낮에 보내세요",
        ),
    )
