"""The text messages that campaigns would send: composed only where a size may be out of bounds."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, EveryText, composed, every_text
from engine.lint.rule import Hit
from engine.lint.samples import CampaignSample
from engine.message.cp949 import byte_length
from engine.message.inserted import find_opt_out
from engine.message.limits import (
    LMS_BYTES,
    LMS_SUBJECT_BYTES,
    SMS_BYTES,
    Measure,
    measure,
)
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat, SmsSettings
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign

_FRAME = 16
"""Bytes of the label, blanks and line ends that are put around an advertisement."""


def text_messages(context: LintContext) -> tuple[EveryText, ...]:
    """Return the texts that are sent as text messages. For `context.once`."""
    if not any(Channel.SMS in campaign.channels for campaign in context.live):
        return ()
    return tuple(one for one in context.once(every_text) if Channel.SMS in one.channels)


def is_alternative(campaign: ResolvedCampaign) -> bool:
    """Tell whether text messages stand in for another channel in `campaign`."""
    return Channel.SMS in campaign.alternative.values()


def format_of(campaign: ResolvedCampaign) -> SmsFormat:
    """Return the format that is written; `auto` where none is."""
    settings = campaign.channels.get(Channel.SMS)
    return settings.format if isinstance(settings, SmsSettings) else SmsFormat.AUTO


def most_bytes(one: EveryText) -> int:
    """Return a bound on the bytes that the sample takes with all that is put around it."""
    campaign = one.campaign
    size = byte_length(one.words)
    if not campaign.advertising:
        return size
    opt_out = find_opt_out(campaign, Channel.SMS, one.locale) or ""
    added = f"{campaign.sender.name}{campaign.sender.contact}{opt_out}"
    return size + byte_length(added) + _FRAME


def sms_composed(context: LintContext, one: EveryText) -> Iterator[tuple[CampaignSample, Message]]:
    """Yield the text messages that `one` becomes, as Koreans get them where any may."""
    named = context.jurisdictions[one.campaign.id]
    for sample in composed(context, one, KOREA if KOREA in named else min(named)):
        message = sample.composed
        if isinstance(message, Message) and message.channel is Channel.SMS:
            yield sample, message


def oversized(context: LintContext, *, alternative: bool) -> Iterator[Hit]:
    """Yield text messages whose sample does not fit; `alternative`: those that stand in for others."""
    for one in context.once(text_messages):
        if is_alternative(one.campaign) is not alternative or _fits(one):
            continue
        for _, message in sms_composed(context, one):
            for size in measure(message):
                if size.hard and size.exceeded:
                    yield _hit(one, message, size)


def _fits(one: EveryText) -> bool:
    """Tell whether `one` fits for sure, without composing it."""
    if one.certainty is not Certainty.EXACT:
        return False
    limit = SMS_BYTES if format_of(one.campaign) is SmsFormat.SMS else LMS_BYTES
    title = one.text.title or ""
    fits_title = not title or ("{" not in title and byte_length(title) <= LMS_SUBJECT_BYTES)
    return fits_title and most_bytes(one) <= limit


def _hit(one: EveryText, message: Message, size: Measure) -> Hit:
    named = (message.sms_format or SmsFormat.LMS).upper()
    what, what_ko = ("subject", "제목") if size.name == "title" else ("text", "본문")
    subject = size.name == "title"
    to_do = "shorten it" if subject or named != "SMS" else "shorten it, or write `format: lms`"
    to_do_ko = "줄이세요" if subject or named != "SMS" else "줄이거나 `format: lms`로 쓰세요"
    return Hit(
        message=f"the {what} takes {size.value:,} bytes with the samples; {named} carries"
        f" {size.limit:,}",
        at=one.origin / ("title" if subject else "body"),
        hint=to_do,
        campaign=one.campaign.id,
        locale=one.locale,
        channel=Channel.SMS,
        korean=Korean(
            f"예시 값으로 {what_ko}이 {size.value:,}바이트인데 {named}는 {size.limit:,}바이트까지입니다",
            to_do_ko,
        ),
    )
