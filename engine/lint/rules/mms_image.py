"""A picture of an MMS is a JPEG that the vendor takes.

## What
The `image` of a text message ends in `.jpg` or `.jpeg`, and is no larger than the vendor takes: 200 KB
with SOLAPI, 300 KB with NHN and SENS. Its size is what `images:` of the template says of it; where
nothing is said, it is not looked at. A `format` of `sms` or `lms` shows no picture. An address that a
variable makes is judged with the sample.

## Why
Carriers take JPEG alone, and vendors refuse what is larger, message by message. ⚠ The sizes are from
memory; one vendor states 150 KB.

## Fix
Save the picture as a JPEG of less than 200 KB, and write its size: `images: {"https://…": {kilobytes:
180}}`.

## 한국어
문자의 `image`는 `.jpg`나 `.jpeg`여야 하고 업체가 받는 크기(SOLAPI 200KB, NHN·SENS 300KB) 이하여야
합니다. 크기는 템플릿의 `images:`에 적은 것을 보고, 적혀 있지 않으면 보지 않습니다. `format`이 `sms`나
`lms`면 이미지가 나가지 않습니다. 한도는 기억에 따른 것이며 150KB라고 하는 업체도 있습니다.
고치려면 200KB보다 작은 JPEG로 저장하고 `images: {"https://…": {kilobytes: 180}}`처럼 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.text_messages import format_of, sms_composed, text_messages
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat

META = RuleMeta(
    id="mms-image",
    title="a picture of an MMS is a JPEG that the vendor takes",
    severity=Severity.ERROR,
    rests_on=practice(
        "mms-pictures",
        "SOLAPI, NHN, SENS: pictures of an MMS (sizes from memory)",
        title_ko="SOLAPI, NHN, SENS: MMS의 그림(크기는 기억에 따른 값)",
    ),
    title_ko="MMS 이미지는 업체가 받는 JPEG여야 합니다",
)
MOST_KILOBYTES: Mapping[str, int] = {"solapi": 200, "nhn": 300, "sens": 300}
_WIDEST = 300
_MMS = (
    "{campaign: {channels: {sms: {from: '15880000', format: %s}}},"
    " template: {images: {'https://shop.example/i/%s': {kilobytes: %s}}, redefine: {sms: {ko:"
    " {body: 반값, image: 'https://shop.example/i/%s'}}}}}"
)
_PLACE = ("template", "redefine", "sms", "ko", "image")
EXAMPLES = (
    Good(_MMS % ("auto", "hanwoo.jpg", 180, "hanwoo.jpg")),
    Bad(_MMS % ("mms", "hanwoo.png", 180, "hanwoo.png"), _PLACE, "is no JPEG"),
    Bad(_MMS % ("mms", "hanwoo.jpg", 1200, "hanwoo.jpg"), _PLACE, "takes 1,200 KB"),
    Bad(_MMS % ("lms", "hanwoo.jpg", 180, "hanwoo.jpg"), _PLACE, "LMS shows no picture"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield pictures that cannot be sent."""
    provider = context.workspace.channels.get(Channel.SMS)
    most = MOST_KILOBYTES.get(provider.provider, _WIDEST) if provider is not None else _WIDEST
    for one in context.once(text_messages):
        if not one.text.image:
            continue
        format_ = format_of(one.campaign)
        if format_ in (SmsFormat.SMS, SmsFormat.LMS):
            yield _hit(
                one,
                f"an {format_.upper()} shows no picture",
                "write `format: mms` or `auto`, or delete the picture",
                f"{format_.upper()}에는 이미지가 나가지 않습니다",
                "`format: mms`나 `auto`로 쓰거나 이미지를 지우세요",
            )
            continue
        yield from _judge(context, one, most)


def _judge(context: LintContext, one: EveryText, most: int) -> Iterator[Hit]:
    facts = one.variant.template.images.get(one.text.image or "")
    for _, message in sms_composed(context, one):
        if message.image and not _is_jpeg(message.image):
            yield _hit(
                one,
                f"`{message.image}` is no JPEG, and an MMS takes nothing else",
                "save it as a `.jpg`",
                f"`{message.image}`{josa(message.image, '은/는')} JPEG가 아니라 MMS로 보낼 수 없습니다",
                "`.jpg`로 저장하세요",
            )
    if facts is not None and facts.kilobytes is not None and facts.kilobytes > most:
        yield _hit(
            one,
            f"the picture takes {facts.kilobytes:,.0f} KB; an MMS carries {most}",
            "make it smaller; less than 200 KB passes with every vendor named here",
            f"이미지가 {facts.kilobytes:,.0f}KB인데 MMS는 {most}KB까지입니다",
            "200KB보다 작게 줄이세요",
        )


def _is_jpeg(address: str) -> bool:
    return urlsplit(address).path.lower().endswith((".jpg", ".jpeg"))


def _hit(one: EveryText, message: str, hint: str, message_ko: str, hint_ko: str) -> Hit:
    return Hit(
        message=message,
        at=one.origin / "image",
        hint=hint,
        campaign=one.campaign.id,
        locale=one.locale,
        channel=Channel.SMS,
        korean=Korean(message_ko, hint_ko),
    )
