"""An advertisement says how to reach its sender.

## What
`sender.contact` of pushform.yaml is a telephone number, an e-mail address or a web address, wherever
advertisements go to Korea; and every text message that is not sent from that number shows it. A
text message without it is an error. An app push, a web push and Kakao show the sender behind the
tap or in the profile, so there only an unusable `sender.contact` counts, as a warning.

## Why
정보통신망법 제50조제4항제1호: name and contact of the sender. The contact may be left out where it is
the sending number (operators' guides to 시행령 별표 6). Whether a push may keep it behind the tap is
not settled.

## Fix
Write a number, an address or a page under `sender.contact`; the composer puts it into text messages
by itself.

## 한국어
한국으로 광고를 보내려면 pushform.yaml의 `sender.contact`가 전화번호, 전자우편 주소, 웹 주소 가운데
하나여야 하고, 그 번호로 보내지 않는 문자 광고에는 연락처가 글 안에 있어야 합니다. 정보통신망법
제50조제4항제1호는 전송자의 명칭과 연락처를 밝히라고 합니다. 문자는 오류, 푸시와 카카오는 경고입니다.
고치려면 `sender.contact`에 고객센터 번호나 주소를 적으세요. 문자에는 자동으로 들어갑니다.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import channels_of_ads
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.samples import CampaignSample, korean_ad, samples
from engine.model.channel import Channel
from engine.model.channel_settings import SmsSettings
from engine.model.message import Message

META = RuleMeta(
    id="kr-ad-contact-missing",
    title="an advertisement says how to reach its sender",
    severity=Severity.ERROR,
    rests_on=Cites("ad_sender", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고에는 전송자의 연락처가 있어야 합니다",
)
EXAMPLES = (
    Good("workspace: {sender: {contact: 'help@shop.example'}}"),
    Bad(
        "workspace: {sender: {contact: 고객센터}}",
        ("workspace", "sender", "contact"),
        "`고객센터` is nothing",
    ),
    Bad(
        "{workspace: {sender: {contact: '1588'}}, campaign: {channels: {sms: null}}}",
        ("workspace", "sender", "contact"),
        "`1588` is nothing",
    ),
    Bad(
        "{workspace: {sender: {contact: '02-123-4567'}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`02-123-4567` is not in the sms text",
        Setting(
            composed={"channel": "sms", "body": "(광고) 샘플샵 세일 무료수신거부 080-000-0000"}
        ),
    ),
)
_REACHABLE = re.compile(r"\d(?:[-.\s]?\d){6,}|[^\s@]+@[^\s@]+\.\w+|\w[\w-]*\.\w{2,}(?:/|$)")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield a contact that reaches nobody, and text messages that lost theirs."""
    used = context.once(channels_of_ads)
    contact = context.workspace.sender.contact.strip()
    if not used:
        return
    if not _REACHABLE.search(contact):
        yield Hit(
            message=f"`{contact}` is nothing that people could reach the sender by",
            at=context.workspace.origin / "sender" / "contact",
            hint="write a telephone number, an e-mail address or a web address",
            jurisdiction=KOREA,
            severity=Severity.ERROR if Channel.SMS in used else Severity.WARNING,
            korean=Korean(
                f"전송자에게 연락할 수 없는 연락처입니다: `{contact}`",
                "전화번호, 전자우편 주소, 웹 주소 가운데 하나를 적으세요",
            ),
        )
    elif Channel.SMS in used:
        for sample in context.once(samples):
            message = korean_ad(sample)
            if message is not None and _hides(sample, message, contact):
                yield _hidden(sample, message, contact)


def _hides(sample: CampaignSample, message: Message, contact: str) -> bool:
    """Tell whether a text message shows the contact neither in its text nor as its number."""
    if message.channel is not Channel.SMS or contact in f"{message.title}\n{message.body}":
        return False
    settings = sample.campaign.channels.get(Channel.SMS)
    sending = settings.from_ if isinstance(settings, SmsSettings) else None
    return not sending or re.sub(r"\D", "", contact) != re.sub(r"\D", "", sending)


def _hidden(sample: CampaignSample, message: Message, contact: str) -> Hit:
    return Hit(
        message=f"the contact `{contact}` is not in the sms text, nor is it the sending number",
        at=sample.origin / "body",
        hint="add it, or send from that number",
        campaign=sample.campaign.id,
        locale=message.locale,
        channel=Channel.SMS,
        jurisdiction=KOREA,
        korean=Korean(
            f"문자에 연락처가 없고 발신번호도 다릅니다: `{contact}`",
            "연락처를 더하거나 그 번호로 보내세요",
        ),
    )
