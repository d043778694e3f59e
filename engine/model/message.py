"""What one person reads on one channel, after rendering and with everything the law adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import ChannelSettings, SmsFormat
from engine.model.kakao import ButtonKind, KakaoContent


@frozen
class MessageButton:
    """A rendered button; what is KakaoTalk's own stands in the last four (see `KakaoButton`)."""

    name: str
    link: str | None = None
    link_pc: str | None = None
    android: str | None = None
    ios: str | None = None
    kind: ButtonKind | None = None


@frozen
class Message:
    """A composed message: rendered text with label, sender and opt-out in place.

    `link` is where a click leads; on the platforms of `platform_links` the app is asked to open those
    instead, and follows `link` where it cannot. `sms_format` is set on sms only. `data` travels with
    app and web push so that opens can be matched: `message_id` (one per campaign and variant),
    `campaign`, `variant`.
    """

    channel: Channel
    locale: str
    jurisdiction: str
    variant: str
    title: str | None
    body: str | None
    image: str | None = None
    icon: str | None = None
    buttons: tuple[MessageButton, ...] = ()
    link: str | None = None
    sms_format: SmsFormat | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    platform_links: Mapping[Platform, str] = field(default_factory=dict)
    kakao: KakaoContent | None = None


@frozen
class MissingValue:
    """A variable has no value for this person: the message is not sent.

    `skip` says that the template asked for that (`on_missing: skip`); otherwise it is an error.
    """

    variable: str
    skip: bool


@frozen
class RenderFailure:
    """The template failed for this person's values; `reason` names no value."""

    reason: str


Composed = Message | MissingValue | RenderFailure


@frozen
class Address:
    """Where a delivery goes. `kind` is `fcm_token`, `fcm_fid`, `webpush` or `phone`.

    `value` is the token, the installation id, the endpoint or the number (E.164); `keys` holds
    `p256dh` and `auth` of a web push subscription.
    """

    kind: str
    value: str
    keys: Mapping[str, str] = field(default_factory=dict)


@frozen
class Envelope:
    """A message ready for a provider, still without an address.

    `collapse_key` is equal for every copy of the same campaign, so that a second copy replaces the
    first. After `expires_at` no phone may show it any more (None: the provider's own default).
    """

    message: Message
    settings: ChannelSettings
    platform: Platform
    advertising: bool
    collapse_key: str
    expires_at: datetime | None


@frozen
class Preview:
    """One message of `pushform preview`, with the body that its provider would be sent.

    `settings` are the campaign's for its channel, by which its sizes are judged.
    """

    message: Message
    request: Plain
    expires_at: datetime | None
    settings: ChannelSettings | None = None
