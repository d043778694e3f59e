"""The consent of a device before log-in is not that of the member.

## What
Where `sources.users.consent` says whose consent a column holds (`scope: member | guest`), it says so
for every channel on which advertisements go to Korea; no `guest` consent stands for KakaoTalk or text
messages, which reach a person and no device; and no advertisement mixes both scopes. Where no channel
says anything, nothing is said here.

## Why
Practice of one Korean vendor (nachocode): consents before and after log-in are two; after log-out the
guest's counts again, and a member's refusal clears the guest's.

## Fix
Write `scope` for every channel, map the member's consent where people are logged in, and send to
guests in a campaign of their own.

## 한국어
로그인 전 기기에서 받은 동의(`scope: guest`)와 회원 동의(`scope: member`)는 서로 다릅니다. 한 채널에라도
`scope`를 적었다면 광고를 보내는 모든 채널에 적고, 카카오와 문자에는 비회원 동의를 쓰지 말고, 한 광고에
두 가지를 섞지 마세요. 국내 업체 한 곳(nachocode)의 해석에 따른 관행이며, 회원이 거부하면 비회원 동의도
사라집니다.
고치려면 채널마다 `scope`를 적고 비회원에게는 따로 캠페인을 만들어 보내세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import channels_of_ads
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import PUSH, used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-consent-guest-member",
    title="a guest's consent is not a member's",
    severity=Severity.WARNING,
    rests_on=practice(
        "kr-consent-guest-member",
        "consents before and after log-in are kept and read apart",
        title_ko="로그인 전과 후의 동의는 따로 보관하고 따로 읽습니다",
    ),
    jurisdictions=frozenset({"KR"}),
    title_ko="비회원 동의와 회원 동의는 다릅니다",
)
_CONSENT = "workspace: {sources: {users: {consent: {%s}}}}"
_MEMBER = "{ad: sms_ad_agreed, scope: member}"
EXAMPLES = (
    Good(_CONSENT % f"app: {{scope: member}}, sms: {_MEMBER}"),
    Bad(
        _CONSENT % "app: {scope: member}",
        ("workspace", "sources", "users", "consent", "sms"),
        "whose consent to sms",
    ),
    Bad(
        _CONSENT % f"app: {{scope: guest}}, sms: {_MEMBER}",
        ("campaign", "channels"),
        "mixes the consent of guests (app) and of members (sms)",
    ),
    Bad(
        _CONSENT % "app: {scope: guest}, sms: {ad: sms_ad_agreed, scope: guest}",
        ("workspace", "sources", "users", "consent", "sms", "scope"),
        "reaches a person, not a device",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield scopes that are missing, impossible, or mixed in one advertisement."""
    consent = context.workspace.sources.consent
    scopes = {channel: columns.scope for channel, columns in consent.items() if columns.ad}
    if not any(scopes.values()):
        return
    for channel in sorted(context.once(channels_of_ads) & scopes.keys()):
        if scopes[channel] is None or (scopes[channel] == "guest" and channel not in PUSH):
            yield _scope(context, channel, missing=scopes[channel] is None)
    if not {"guest", "member"} <= set(scopes.values()):
        return
    for campaign in context.korean_ads:
        used = used_channels(campaign)
        guests = [channel for channel in used if scopes.get(channel) == "guest"]
        members = [channel for channel in used if scopes.get(channel) == "member"]
        if guests and members:
            yield Hit(
                message=f"`{campaign.id}` mixes the consent of guests ({', '.join(guests)})"
                f" and of members ({', '.join(members)})",
                at=campaign.origin / "channels",
                key=True,
                hint="send to guests in a campaign of their own, or map the members' consent",
                campaign=campaign.id,
                jurisdiction=KOREA,
                korean=Korean(
                    f"`{campaign.id}`에 비회원 동의({', '.join(guests)})와"
                    f" 회원 동의({', '.join(members)})가 섞여 있습니다",
                    "비회원에게는 따로 캠페인을 만들거나 회원 동의 열을 연결하세요",
                ),
            )


def _scope(context: LintContext, channel: Channel, *, missing: bool) -> Hit:
    at = context.workspace.origin / "sources" / "users" / "consent" / channel.value
    if missing:
        message = f"nothing says whose consent to {channel} it is, a member's or a guest's"
        korean = Korean(
            f"{channel} 동의가 회원의 것인지 비회원의 것인지 적혀 있지 않습니다",
            "`scope: member` 또는 `scope: guest`를 적으세요",
        )
    else:
        message = f"{channel} reaches a person, not a device: a guest's consent is none here"
        korean = Korean(
            f"{channel} 채널은 기기가 아니라 사람에게 갑니다. 비회원 동의를 쓸 수 없습니다",
            "회원 동의 열을 연결하고 `scope: member`라고 적으세요",
        )
    return Hit(
        message=message,
        at=at if missing else at / "scope",
        hint="write `scope: member` or `scope: guest`" if missing else "map the member's consent",
        channel=channel,
        jurisdiction=KOREA,
        korean=korean,
    )
