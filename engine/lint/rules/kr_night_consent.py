"""A send at night knows who agreed to the night.

## What
A campaign with `night: consented_only` that is due between 21:00 and 08:00, Korean time, uses
only channels whose consent to the night is mapped (`consent: {app: {night: …}}` under
`sources.users`).

## Why
정보통신망법 제50조제3항 asks for a consent of its own; consent to advertisements by day is not
enough. Without a column nobody is known to have agreed, so the door refuses everybody (`skipped
(no_night_consent)`).

## Fix
Map the column, drop the channel, or send by day. The short form `web: web_ad_agreed` maps the day
only.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.law.jurisdiction import KOREA
from engine.law.windows import Open, window_at
from engine.lint.context import LintContext
from engine.lint.due import korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.texts import used_channels

META = RuleMeta(
    id="kr-night-consent",
    title="a send at night knows who agreed to the night",
    severity=Severity.ERROR,
    rests_on=Cites("ad_window", "KR"),
    jurisdictions=frozenset({"KR"}),
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
        "{workspace: {sources: {users: {consent: {app: {night: null}}}}}, "
        + _APP_ONLY
        + "night: consented_only}}}",
        ("campaign", "schedule", "night"),
        "consent to the night on app",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the channels of sends at night for which no consent to the night is mapped."""
    for due in korean_ads_due(context):
        campaign = due.campaign
        if not campaign.schedule.night_consented_only:
            continue
        window = window_at(due.korean, advertising=True, brand=False, jurisdiction=KOREA, zone=None)
        if isinstance(window, Open):
            continue
        for channel in used_channels(campaign):
            columns = campaign.consent.get(channel)
            if columns is None or not columns.night:
                yield Hit(
                    message=f"no column holds the consent to the night on {channel}",
                    at=campaign.origin / "schedule" / "night",
                    hint=f"map it: `sources.users.consent: {{{channel}: {{ad: …, night: …}}}}`",
                    campaign=campaign.id,
                    channel=channel,
                    jurisdiction=KOREA,
                )
