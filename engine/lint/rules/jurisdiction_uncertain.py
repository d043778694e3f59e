"""A lawyer has looked at what the law book is not sure of.

## What
Where an advertisement goes to a country by a channel whose rows are contested, or told by vendors
only, one warning per country names them: hours, consent, label, way to refuse, sender, registers.

## Why
Sources disagree (four vendors give Saudi Arabia four windows), a court has not decided (do the
American hours bind texts to people who agreed?), or nobody found the article. The strictest value
that was seen is used; whether it is the right one, a program cannot tell.

## Fix
Have somebody who knows the country's law sign it off where the country is named:
`# pushform: ignore[jurisdiction-uncertain] who signed it off; until 2027-06-30`. The date brings the
question back.

## 한국어
나라의 법규 표에서 출처가 엇갈리거나 업체 안내로만 확인된 항목이 캠페인의 채널에 걸리면 나라마다 한
번 경고합니다. 예를 들어 사우디아라비아의 허용 시각은 업체 네 곳이 모두 다르게 안내합니다. 엔진은
가장 엄격한 값을 쓰지만 옳은지는 전문가가 판단해야 합니다. 확인했다면 나라가 적힌 줄에 `# pushform:
ignore[jurisdiction-uncertain] 확인한 사람; until 2027-06-30`을 적으세요. 날짜가 지나면 다시
묻습니다.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from engine.kernel.finding import Korean, Severity
from engine.law.book import doubtful_provisions
from engine.law.provision import Provision
from engine.lint.abroad import abroad
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="jurisdiction-uncertain",
    title="a lawyer has looked at what the law book is not sure of",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-doubts-are-told",
        "a value that is not sure is signed off by somebody",
        title_ko="확실하지 않은 값은 누군가 확인하고 서명해야 합니다",
    ),
    title_ko="확실하지 않은 법규는 전문가가 확인해야 합니다",
)
_SCOPE = frozenset({"push_is_advertising"})
"""Rows that say what an act covers: rules that lean on them say so themselves."""
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: US}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}}"
    ),
    Good(
        "campaign:\n"
        "  channels: {app: null}\n"
        "  audience:\n"
        "    attribute: country  # pushform: ignore[jurisdiction-uncertain] signed off by counsel"
        "; until 2027-06-30\n"
        "    eq: US\n"
        "  schedule: {at: '2026-09-24 12:00', timezone: recipient}\n"
        "workspace: {sender: {opt_out: {sms: {ko: 'STOP 무료수신거부 080-000-0000'}}}}"
    ),
    Bad(
        "campaign: {audience: {attribute: country, eq: TW}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}}",
        ("campaign", "audience"),
        "the law of TW is not certain on app: ad_consent",
        also=("foreign-opt-out",),
    ),
    Bad(
        "{campaign: {audience: {all: [{attribute: country, in: [SA]}]}, channels: {app: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}},"
        " workspace: {sender: {opt_out: {sms: {ko: 'STOP 무료수신거부 080-000-0000'}}},"
        " channels: {sms: {sender_ids: {SA: SHOP-AD}}}}}",
        ("campaign", "audience", "all", 0),
        "ad_window",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield countries with doubtful rows about a used channel, once for each place that names them."""
    for one in context.once(abroad):
        used = used_channels(one.campaign)
        names = _doubts(one.country, used, one.on)
        if not names:
            continue
        words, channels = ", ".join(names), ", ".join(used)
        yield Hit(
            message=f"the law of {one.country} is not certain on {channels}: {words}",
            at=one.at,
            hint="have somebody sign it off in a comment: `# pushform: ignore[…] who; until …`",
            campaign=one.campaign.id,
            jurisdiction=one.country,
            korean=Korean(
                f"{one.country}의 {channels} 법규 가운데 확실하지 않은 것이 있습니다: {words}",
                "전문가가 확인한 뒤 주석으로 남기세요: `# pushform: ignore[…] 확인한 사람; until …`",
            ),
        )


@lru_cache(maxsize=4096)
def _doubts(country: str, used: tuple[Channel, ...], on: date) -> tuple[str, ...]:
    rows = doubtful_provisions(country, on)
    return tuple(
        dict.fromkeys(
            row.name
            for row in rows
            if row.name not in _SCOPE and (not _channels(row) or _channels(row) & set(used))
        )
    )


def _channels(row: Provision) -> frozenset[Channel]:
    return frozenset({Channel.SMS}) if row.name.startswith("sms_") else row.channels
