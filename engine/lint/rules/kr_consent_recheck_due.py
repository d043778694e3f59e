"""Somebody keeps when consent was last confirmed.

## What
Every channel on which advertisements go to Korea maps `confirmed_at` under `sources.users.consent`:
the column of the day on which the consent was given or last confirmed. Lint has no people: how many
are due is counted by `pushform plan`. Without the column nobody can be counted.

## Why
정보통신망법 제50조제8항, 시행령 제62조의3제1항: every two years, before the day of the consent comes round,
people are asked whether it still stands. It is a duty to ask, not an end of the consent: silence
keeps it. A fine of up to 30,000,000 won (제76조제2항제9호의2).

## Fix
Map the column: `consent: {app: {ad: push_ad_agreed, confirmed_at: ad_confirmed_at}}`. Channels that were
agreed to together may share one.

## 한국어
한국으로 광고를 보내는 채널마다 동의를 받았거나 마지막으로 확인한 날의 열(`confirmed_at`)을 연결해야
합니다. 정보통신망법 제50조제8항과 시행령 제62조의3제1항에 따라 수신동의를 받은 날부터 2년마다 동의
여부를 확인해야 하는데, 날짜가 없으면 누가 때가 되었는지 알 수 없습니다. 몇 명이 해당하는지는
`pushform plan`이 셉니다. 확인은 통지 의무일 뿐 답이 없어도 동의는 유지됩니다.
고치려면 `consent: {app: {ad: push_ad_agreed, confirmed_at: ad_confirmed_at}}`처럼 연결하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import channels_of_ads
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-consent-recheck-due",
    title="somebody keeps when consent was last confirmed",
    severity=Severity.WARNING,
    rests_on=Cites("consent_reconfirm", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신동의를 언제 확인했는지 알아야 합니다",
)
_CONSENT = "workspace: {sources: {users: {consent: {%s}}}}"
EXAMPLES = (
    Good(_CONSENT % "sms: {ad: sms_ad_agreed, confirmed_at: sms_confirmed_at}"),
    Bad(
        _CONSENT % "sms: sms_ad_agreed",
        ("workspace", "sources", "users", "consent", "sms"),
        "when consent to sms was last confirmed",
    ),
    Bad(
        _CONSENT % "app: {confirmed_at: null}",
        ("workspace", "sources", "users", "consent", "app"),
        "when consent to app was last confirmed",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the channels of advertisements whose consents have no day."""
    used = context.once(channels_of_ads)
    for channel, columns in context.workspace.sources.consent.items():
        if channel in used and columns.ad and not columns.confirmed_at:
            yield Hit(
                message=f"nothing says when consent to {channel} was last confirmed: who is due"
                " for the two-yearly question is not evaluated",
                at=context.workspace.origin / "sources" / "users" / "consent" / channel.value,
                key=True,
                hint=f"map the day: `{channel}: {{ad: {columns.ad}, confirmed_at: …}}`",
                channel=channel,
                jurisdiction=KOREA,
                korean=Korean(
                    f"{channel} 수신동의를 언제 확인했는지 알 수 없어"
                    " 2년마다 확인할 대상을 가릴 수 없습니다",
                    f"날짜 열을 연결하세요: `{channel}: {{ad: {columns.ad}, confirmed_at: …}}`",
                ),
            )
