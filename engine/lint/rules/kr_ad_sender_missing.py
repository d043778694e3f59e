"""An advertisement names its sender.

## What
The sender's name (`sender.name` of pushform.yaml) stands in the composed text of a text message
(an error) and of a web push (a warning). App push and Kakao show the app's or the profile's own
name, so there nothing is asked of the text.

## Why
정보통신망법 제50조제4항제1호: name and contact of the sender. The sending number, and the app's
name and icon that the system draws, are generally taken as enough for the contact and for app
push; a browser shows a web address and no company.

## Fix
Fill in `sender.name`; the composer puts it behind the label. If a template was written for text
messages without it, add the brand's name near the start.

## 한국어
광고에는 전송자의 명칭(pushform.yaml의 `sender.name`)이 글 안에 있어야 합니다. 문자는 오류, 웹 푸시는
경고입니다. 앱 푸시와 카카오는 앱 이름과 프로필이 보이므로 글에서 찾지 않습니다. 정보통신망법
제50조제4항제1호는 전송자의 명칭과 연락처를 밝히라고 합니다.
고치려면 `sender.name`을 채우세요. 광고 표시 뒤에 자동으로 들어갑니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.samples import korean_ad, names_sender, samples
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-ad-sender-missing",
    title="an advertisement names its sender",
    severity=Severity.ERROR,
    rests_on=Cites("ad_sender", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고에는 전송자의 이름이 있어야 합니다",
)
EXAMPLES = (
    Good("template: {redefine: {sms: {ko: {body: '샘플샵 전 상품 최대 50%'}}}}"),
    Bad(
        "campaign: {type: advertising}",
        ("template", "redefine", "sms", "ko", "body"),
        "`샘플샵` is not in the sms text",
        Setting(
            composed={"channel": "sms", "body": "(광고) 전 품목 세일 무료수신거부 080-000-0000"}
        ),
    ),
    Bad(
        "campaign: {channels: {web: {}}}",
        ("template", "locales", "ko", "body"),
        "`샘플샵` is not in the web text",
        Setting(
            composed={"channel": "web", "title": "(광고) 세일", "body": "수신거부: 설정 > 알림"}
        ),
    ),
)

_SEVERITY = {Channel.SMS: Severity.ERROR, Channel.WEB: Severity.WARNING}


def check(context: LintContext) -> Iterator[Hit]:
    """Yield composed texts to Korea that do not contain the sender's name."""
    for sample in context.once(samples):
        message = korean_ad(sample)
        if message is None or names_sender(sample, message):
            continue
        name = sample.campaign.sender.name.strip()
        yield Hit(
            message=f"the sender's name `{name}` is not in the {message.channel} text",
            at=sample.origin / "body",
            hint="fill in `sender.name` in pushform.yaml, or name the brand near the start",
            campaign=sample.campaign.id,
            locale=message.locale,
            channel=message.channel,
            jurisdiction=KOREA,
            severity=_SEVERITY[message.channel],
            korean=Korean(
                f"{message.channel} 광고에 전송자 이름이 없습니다: `{name}`",
                "pushform.yaml의 `sender.name`을 채우거나 글 앞부분에 상호를 쓰세요",
            ),
        )
