"""What a test message looks like, and the digest that tells which words were tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.kernel.digest import Plain, digest
from engine.law.label import LABEL
from engine.message.cp949 import byte_length
from engine.message.limits import LMS_BYTES, SMS_BYTES
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat, SmsSettings
from engine.model.kakao import KakaoContent
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign

PREFIX = "test:"
"""Stands before the campaign's id wherever a test names it; no id holds a colon."""

_MARKS: Mapping[str, str] = {"ko": "[테스트]"}
_MARK = "[Test]"


def message_digest(stored: Plain) -> str:
    """Return the digest of what people would read and who it is from, without when and who gets it.

    `stored` is the form that `apply` would write. A test of these words stays one when the schedule
    or the audience changes.
    """
    keys = ("type", "sender", "ad_label", "variants", "action", "channels", "locale", "country")
    campaign = {key: stored["campaign"].get(key) for key in keys}
    return digest({"campaign": campaign, "samples": stored["samples"]})


def mark(message: Message) -> Message:
    """Return `message` marked as a test, right after the label, or at the first text that is seen.

    The mark is `[테스트]` in Korean and `[Test]` elsewhere. A KakaoTalk bubble without a body has it
    in its first line; an AlimTalk that the vendor words stays as it was approved. Nothing that
    travels with the message names the campaign, so no open of it can be counted.
    """
    word = _MARKS.get(message.locale.partition("-")[0], _MARK)
    in_body = message.channel is Channel.SMS or message.title is None
    if not in_body and (message.body or "").startswith(LABEL):
        in_body = not (message.title or "").startswith(LABEL)
    data = {key: value for key, value in message.data.items() if key != "message_id"}
    if "campaign" in data:
        data["campaign"] = f"{PREFIX}{data['campaign']}"
    marked = replace(message, data=data)
    if message.kakao is not None and not (message.title or message.body):
        return replace(marked, kakao=_marked_content(message.kakao, word))
    if in_body:
        return replace(marked, body=_marked(message.body or "", word))
    return replace(marked, title=_marked(message.title or "", word))


def _marked_content(content: KakaoContent, word: str) -> KakaoContent:
    """Return `content` with the mark in the text that is read first; unchanged where it has none."""
    if content.header:
        return replace(content, header=_marked(content.header, word))
    if content.intro is not None:
        intro = replace(content.intro, header=_marked(content.intro.header, word))
        return replace(content, intro=intro)
    if content.cards:
        first, *others = content.cards
        if first.header:
            first = replace(first, header=_marked(first.header, word))
        elif first.commerce is not None:
            title = _marked(first.commerce.title, word)
            first = replace(first, commerce=replace(first.commerce, title=title))
        return replace(content, cards=(first, *others))
    if content.commerce is not None:
        title = _marked(content.commerce.title, word)
        return replace(content, commerce=replace(content.commerce, title=title))
    # A video may stand alone: its header is the only line that there can be.
    return content if content.video is None else replace(content, header=word)


def _marked(text: str, word: str) -> str:
    if text.startswith(LABEL):
        return f"{LABEL} {word} {text.removeprefix(LABEL).lstrip()}"
    return f"{word} {text}"


def refit(message: Message, campaign: ResolvedCampaign) -> Message | None:
    """Return a marked text message in the format that it needs now; None where none carries it."""
    if message.sms_format not in (SmsFormat.SMS, SmsFormat.LMS):
        return message
    length = byte_length(message.body or "")
    if length <= (SMS_BYTES if message.sms_format is SmsFormat.SMS else LMS_BYTES):
        return message
    settings = campaign.channels.get(Channel.SMS)
    fixed = isinstance(settings, SmsSettings) and settings.format is not SmsFormat.AUTO
    return None if fixed or length > LMS_BYTES else replace(message, sms_format=SmsFormat.LMS)
