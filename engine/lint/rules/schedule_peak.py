"""A large send keeps away from the quarter hours.

## What
An app push to at least 600,000 expected people (`expect: {size: {max: …}}`) is not due within two minutes
of :00, :15, :30 or :45. 600,000 messages are a minute of FCM's default quota: below it a peak costs
nothing. Without `expect.size.max` nothing is said, nor where another provider than `fcm` sends.

## Why
Everybody schedules at the full hour. Firebase asks large senders to keep away from the peaks around
the quarter hours (topic from its page on scale, the minutes from memory); what comes then is throttled,
and late.

## Fix
12:03 instead of 12:00.

## 한국어
예상 최대 인원이 60만 명 이상인 앱 푸시는 매시 00·15·30·45분의 앞뒤 2분을 피합니다. 60만 건은 FCM
기본 한도의 1분 치입니다. 정각에는 모두가 보내기 때문에 늦어집니다(Firebase의 대량 발송 안내). 예상
인원이 없거나 `fcm`이 아니면 보지 않습니다.
고치려면 12:00 대신 12:03으로 옮기세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.kernel.finding import Korean, Severity
from engine.law.book import ANYWHERE, provision
from engine.lint.context import LintContext
from engine.lint.due import due_times
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.channel import Channel

META = RuleMeta(
    id="schedule-peak",
    title="a large send keeps away from the quarter hours",
    severity=Severity.WARNING,
    rests_on=Cites("schedule_peaks", "*"),
    title_ko="대량 발송은 매시 00·15·30·45분을 피합니다",
)
LARGE = 600_000
"""A minute of FCM's default quota (Firebase, "Throttling and quotas")."""
_AWAY_MIN = 2
_FCM_OR_UNKNOWN = frozenset({"fcm", "sandbox"})
"""A sandbox stands in for whatever production has."""
_FCM = (
    "{workspace: {channels: {app: {rate: 10000/s}}}, campaign: {audience: buyers, channels: {sms: null},"
    " schedule: {at: '2026-09-24 %s'}}, audience: {kind: audience, id: buyers,"
    " where: {attribute: grade, eq: gold}, expect: {size: {max: %d}}}}"
)
EXAMPLES = (
    Good(_FCM % ("12:03", 2_000_000)),
    Good(_FCM % ("12:00", 20_000)),
    Bad(
        _FCM % ("12:00", 2_000_000),
        ("campaign", "schedule", "at"),
        "2,000,000 people at 12:00",
    ),
    Bad(
        _FCM % ("12:29", 600_000),
        ("campaign", "schedule", "at"),
        "within two minutes of :30",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield large app pushes that are due close to a quarter hour."""
    provider = context.workspace.channels.get(Channel.APP)
    if provider is None or provider.provider not in _FCM_OR_UNKNOWN:
        return
    for due in context.once(due_times):
        people = due.campaign.expect.maximum
        if people is None or people < LARGE or Channel.APP not in due.campaign.channels:
            continue
        peak = _peak(due.at)
        if peak is not None:
            local = due.at.astimezone(due.zone)
            yield due.hit(
                f"{people:,} people at {local:%H:%M}, within two minutes of :{peak}, when everybody"
                " sends",
                "move it by three minutes or more",
                channel=Channel.APP,
                korean=Korean(
                    f"{local:%H:%M}에 {people:,}명에게 보냅니다. 모두가 보내는 {peak}분과 2분 안쪽입니다",
                    "3분 이상 옮기세요",
                ),
            )


def _peak(at: datetime) -> str | None:
    """Return the peak (minutes past the hour) that `at` is too close to."""
    peaks = provision("schedule_peaks", ANYWHERE, at.date()).value
    if not isinstance(peaks, tuple):
        raise TypeError("`schedule_peaks` is a list of minutes")
    for peak in peaks:
        away = abs(at.minute - int(peak))
        if min(away, 60 - away) <= _AWAY_MIN:
            return peak
    return None
