"""Consent counts on the medium for which it was given.

## What
Where one advertisement to Korea uses several media (push, KakaoTalk, text messages), alternatives
included, their `ad` columns differ; and the column of a channel does not name another medium
(`sms: push_ad_agreed`). App and web push count as one medium.

## Why
정보통신망법 제50조제1항 asks for consent to advertisements by electronic media; who agreed to push has
agreed to nothing by text message, which an alternative easily forgets. How far one question may cover
several media is practice: it may where the question names them all.

## Fix
Map a column per medium, or leave the medium out. If people were asked once for all of them, answer
on the line: `# pushform: ignore[kr-consent-channel-mismatch] reason; until 2026-12-31`.

## 한국어
한 광고가 여러 매체(푸시, 카카오, 문자)를 쓰면 대체 발송까지 포함해 매체마다 광고 동의 열이 달라야
하고, 채널의 열 이름이 다른 매체를 가리키면(`sms: push_ad_agreed`) 안 됩니다. 푸시에 동의한 사람이 문자
광고에 동의한 것은 아니기 때문입니다(정보통신망법 제50조제1항). 매체를 모두 밝히고 한 번에 동의를
받았다면 괜찮습니다.
고치려면 매체마다 동의 열을 연결하거나 그 매체를 빼세요. 한 번에 받은 동의라면 그 줄에 이유를 적은
주석으로 답할 수 있습니다.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import channels_of_ads
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-consent-channel-mismatch",
    title="consent counts on the medium for which it was given",
    severity=Severity.WARNING,
    rests_on=practice(
        "kr-consent-per-medium",
        "consent to advertisements is given medium by medium",
        title_ko="광고 수신동의는 매체마다 받습니다",
    ),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신동의는 동의를 받은 매체에서만 유효합니다",
)
_CONSENT = "workspace: {sources: {users: {consent: {%s}}}}"
EXAMPLES = (
    Good(_CONSENT % "web: {ad: push_ad_agreed}, sms: {ad: text_ad_agreed}"),
    Bad(
        _CONSENT % "sms: {ad: push_ad_agreed}",
        ("workspace", "sources", "users", "consent", "sms", "ad"),
        "`push_ad_agreed` is a consent to push",
    ),
    Bad(
        _CONSENT % "app: {ad: marketing_agreed}, sms: {ad: marketing_agreed}",
        ("workspace", "sources", "users", "consent", "sms", "ad"),
        "`marketing_agreed` stands for app and sms",
    ),
)
_MEDIUM = {Channel.APP: "push", Channel.WEB: "push", Channel.KAKAO: "kakao", Channel.SMS: "sms"}
_NAMED: Mapping[str, re.Pattern[str]] = {
    "push": re.compile(r"(?:^|_)(?:push|app|web)(?=_|$)|푸시|앱", re.IGNORECASE),
    "kakao": re.compile(r"(?:^|_)(?:kakao|katalk|friend)(?=_|$)|카카오|알림톡", re.IGNORECASE),
    "sms": re.compile(r"(?:^|_)(?:sms|lms|mms|phone)(?=_|$)|문자", re.IGNORECASE),
    "e-mail": re.compile(r"(?:^|_)e?-?mail(?=_|$)|메일", re.IGNORECASE),
}


def check(context: LintContext) -> Iterator[Hit]:
    """Yield consent columns that stand for a medium which is not theirs."""
    used = context.once(channels_of_ads)
    consent = context.workspace.sources.consent
    together: set[tuple[Channel, Channel]] | None = None
    for number, channel in enumerate(order := [c for c in Channel if c in used and c in consent]):
        column = consent[channel].ad
        if not column:
            continue
        named = [medium for medium, pattern in _NAMED.items() if pattern.search(column)]
        if named and _MEDIUM[channel] not in named:
            yield _hit(
                context,
                channel,
                f"`{column}` is a consent to {named[0]} by its name, and stands for {channel}",
                f"`{column}` 열은 이름으로 보아 {named[0]} 동의인데 {channel}에 쓰입니다",
            )
            continue
        for other in order[:number]:
            if consent[other].ad != column or _MEDIUM[other] == _MEDIUM[channel]:
                continue
            together = _together(context) if together is None else together
            if (other, channel) in together:
                yield _hit(
                    context,
                    channel,
                    f"`{column}` stands for {other} and {channel}, and one advertisement uses both",
                    f"`{column}` 열 하나가 {other}와 {channel} 동의를 겸하고 한 광고가 둘 다 씁니다",
                )
                break


def _together(context: LintContext) -> set[tuple[Channel, Channel]]:
    """Return the pairs of channels that one advertisement to Korea uses, in the order of `Channel`."""
    return {
        (first, second)
        for used in {used_channels(campaign) for campaign in context.korean_ads}
        for number, second in enumerate(used)
        for first in used[:number]
    }


def _hit(context: LintContext, channel: Channel, message: str, korean: str) -> Hit:
    return Hit(
        message=message,
        at=context.workspace.origin / "sources" / "users" / "consent" / channel.value / "ad",
        hint="map a column per medium; where one question named them all, say so in a comment",
        channel=channel,
        jurisdiction=KOREA,
        korean=Korean(
            korean, "매체마다 동의 열을 연결하거나, 한 번에 받은 동의라면 주석으로 밝히세요"
        ),
    )
