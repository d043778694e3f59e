"""App and web pushes that are long enough to be looked at: composed, and measured as they are sent.

Composing is dear, so only texts that could exceed a bound are. A text that branches or counts has the
length of its source and of its values as an estimate, which errs on the long side unless it repeats
itself; one with a loop is always composed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from engine.kernel.finding import Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, EveryText, composed, every_text
from engine.lint.rule import Hit
from engine.lint.texts import PUSH
from engine.message.envelope import envelope
from engine.message.limits import payload_bytes
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import WebSettings
from engine.model.message import Address, Envelope, Message
from engine.model.resolved import ResolvedCampaign

_SMALL = 3_000
"""An estimate below this is below every bound, whatever keys a provider adds."""
_ADDED = 1_500
"""Bytes set aside for what is not in the words: label, sender, opt-out, links."""
_WIDEST = 4
"""Bytes of a character in UTF-8, at most."""
_ANY_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
"""A message that never expires has one size whenever it is sent."""


@frozen
class Push:
    """A composed push, the text that it comes from, and how many bytes its provider carries."""

    one: EveryText
    message: Message
    size: int

    @property
    def at(self) -> Origin:
        """Return the place of the longest part that is written in the text."""
        text = self.one.text
        parts = {name: getattr(text, name) or "" for name in ("body", "title", "image", "icon")}
        return self.one.origin / max(parts, key=lambda name: len(parts[name].encode()))


def jurisdiction_of(context: LintContext, campaign: ResolvedCampaign) -> str:
    """Return in whose form a text is judged: Korea's where any Korean may read it."""
    named = context.jurisdictions[campaign.id]
    return KOREA if KOREA in named else min(named)


def pushes(context: LintContext, one: EveryText, channel: Channel) -> Iterator[Message]:
    """Yield the messages that `one` becomes on `channel`; failures are another rule's."""
    for sample in composed(context, one, jurisdiction_of(context, one.campaign)):
        message = sample.composed
        if isinstance(message, Message) and message.channel is channel:
            yield message


def large(
    context: LintContext, channel: Channel, measure: Callable[[Envelope], int]
) -> Iterator[Push]:
    """Yield the pushes on `channel` whose size is worth knowing, with what `measure` says of it."""
    for one in context.once(_long_texts):
        if channel not in one.channels:
            continue
        for message in pushes(context, one, channel):
            if payload_bytes(message) > _SMALL:
                sizes = [
                    measure(envelope(one.campaign, message, platform, None))
                    for platform in (Platform.ANDROID, Platform.IOS)
                ]
                yield Push(one=one, message=message, size=max(sizes))


@frozen
class Bound:
    """How much a channel carries: `most` bytes of what `measure` counts, close to it above `nearly`.

    `name` is what people call such a push, `hint` what makes it smaller; both also in Korean.
    """

    channel: Channel
    measure: Callable[[Envelope], int]
    most: int
    nearly: int
    name: str
    name_ko: str
    hint: str
    hint_ko: str


def full(context: LintContext, bound: Bound) -> Iterator[Hit]:
    """Yield the pushes beyond `bound` (as bad as the rule says), and those close to it (warnings)."""
    for push in large(context, bound.channel, bound.measure):
        if push.size <= bound.nearly:
            continue
        over = push.size > bound.most
        what = "over the limit" if over else "close to the limit"
        what_ko = "를 넘습니다" if over else "에 가깝습니다"
        yield Hit(
            message=f"{bound.name} is {push.size:,} bytes, {what} {bound.most:,}",
            at=push.at,
            hint=bound.hint,
            campaign=push.one.campaign.id,
            locale=push.one.locale,
            channel=bound.channel,
            severity=None if over else Severity.WARNING,
            korean=Korean(
                f"{bound.name_ko}가 {push.size:,}바이트로 한도 {bound.most:,}바이트{what_ko}",
                bound.hint_ko,
            ),
        )


def app_bytes(sent: Envelope) -> int:
    """Return how many bytes of an app push reach the device, as FCM counts them."""
    from engine.channels.fcm_body import wire_body

    return wire_body(sent, Address(kind="fcm_token", value=""), _ANY_INSTANT).payload_bytes


def web_bytes(sent: Envelope) -> int:
    """Return how many bytes a browser's push service is given to carry, before encryption."""
    from engine.channels.webpush_body import plaintext

    return len(plaintext(sent))


def _long_texts(context: LintContext) -> tuple[EveryText, ...]:
    """Return the texts of pushes that may be large."""
    short = (_SMALL - _ADDED) // _WIDEST
    framed = {
        campaign.id
        for campaign in context.live
        if isinstance(own := campaign.channels.get(Channel.WEB), WebSettings)
        and len(own.icon or "") + len(own.badge or "") > _ADDED // 4
    }
    return tuple(
        one
        for one in context.once(every_text)
        if (
            len(one.words) > short
            or one.certainty is Certainty.OPEN
            or one.text.image is not None
            or one.text.icon is not None
            or one.text.buttons
            or one.campaign.id in framed
        )
        and not PUSH.isdisjoint(one.channels)
        and (one.campaign.id in framed or _may_be_large(one))
    )


def _may_be_large(one: EveryText) -> bool:
    text = one.text
    length = len(one.words) * _WIDEST + len(text.image or "") + len(text.icon or "")
    length += sum(len(button.link or "") for button in text.buttons)
    if one.certainty is Certainty.OPEN:
        if "{% for" in one.words or "{%- for" in one.words:
            return True
        length += _WIDEST * _length_of_values(one)
    return length + _ADDED > _SMALL


def _length_of_values(one: EveryText) -> int:
    samples = (variable.sample for variable in one.variant.template.variables.values())
    return sum(len(str(value)) for value in (*samples, *one.variant.values.values()))
