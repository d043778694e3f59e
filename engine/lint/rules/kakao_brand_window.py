"""A Brand Message is sent by day.

## What
A campaign that uses Kakao's Brand Message is due between 08:00 and 20:50, Korean time.

## Why
KakaoTalk does not deliver Brand Messages from 20:50 to 08:00 (vendors answer with error 3022,
NAVER Cloud guide, 2026-04-23). It is a rule of the platform: no consent to the night lifts it.

## Fix
Move `schedule.at`, or use another channel at night.

## 한국어
카카오 브랜드 메시지를 쓰는 캠페인은 한국 시각 08:00–20:50에 보내야 합니다. 카카오톡은 20:50–08:00에
브랜드 메시지를 전달하지 않습니다(오류 3022, 네이버 클라우드 안내 2026-04-23). 플랫폼의 규칙이라
야간 동의가 있어도 풀리지 않습니다.
고치려면 `schedule.at`을 옮기거나 밤에는 다른 채널을 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.law.windows import Closed, window_at
from engine.lint.context import LintContext
from engine.lint.due import due_times
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings

META = RuleMeta(
    id="kakao-brand-window",
    title="a Brand Message is due between 08:00 and 20:50 in Korea",
    severity=Severity.ERROR,
    rests_on=Cites("kakao_brand_window", "KR"),
    title_ko="브랜드 메시지는 한국 시각 08:00–20:50에 보냅니다",
)
EXAMPLES = (
    Good(
        "{campaign: {channels: {kakao: {product: brand}}, schedule: {at: '2026-09-24 20:00'}},"
        " template: {redefine: {kakao: {universal: true}}}}"
    ),
    Bad(
        "{campaign: {channels: {kakao: {product: brand}}, schedule: {at: '2026-09-24 20:50'}},"
        " template: {redefine: {kakao: {universal: true}}}}",
        ("campaign", "schedule", "at"),
        "20:50",
        also=("kr-night-cutoff",),
    ),
    Bad(
        "{campaign: {channels: {kakao: {product: brand}},"
        " schedule: {at: '2026-09-24 23:00', night: consented_only}},"
        " template: {redefine: {kakao: {universal: true}}}}",
        ("campaign", "schedule", "at"),
        "23:00",
        also=("kr-night-consent",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield Brand Message campaigns that are due while Kakao does not deliver them."""
    for due in context.once(due_times):
        if Channel.KAKAO not in used_channels(due.campaign):
            continue
        settings = due.campaign.channels.get(Channel.KAKAO)
        if isinstance(settings, KakaoSettings) and settings.product is KakaoProduct.ALIMTALK:
            continue
        window = window_at(due.korean, advertising=False, brand=True, jurisdiction=KOREA, zone=None)
        if isinstance(window, Closed):
            yield due.hit(
                f"a Brand Message is due at {due.korean_clock} in Korea; KakaoTalk delivers"
                " none from 20:50 to 08:00",
                "move it between 08:00 and 20:30",
                channel=Channel.KAKAO,
                jurisdiction=KOREA,
                korean=Korean(
                    f"브랜드 메시지가 한국 시각 {due.korean_clock}에 나갑니다. 카카오톡은"
                    " 20:50–08:00에 전달하지 않습니다",
                    "08:00–20:30으로 옮기세요",
                ),
            )
