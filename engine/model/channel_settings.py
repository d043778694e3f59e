"""What a campaign sets per channel (`channels:`): devices, products, formats. Text is the template's."""

from __future__ import annotations

from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.model.kakao import Bubble


class Devices(StrEnum):
    """Which of a person's devices get an app or web push."""

    ALL = "all"
    LATEST = "latest"
    ONE_PER_PLATFORM = "one_per_platform"


class KakaoProduct(StrEnum):
    """AlimTalk is informational only; Brand Message carries advertisements."""

    BRAND = "brand"
    ALIMTALK = "alimtalk"


class SmsFormat(StrEnum):
    """`auto` picks SMS or LMS by cp949 bytes after rendering."""

    AUTO = "auto"
    SMS = "sms"
    LMS = "lms"
    MMS = "mms"


@frozen
class AppSettings:
    """`channels.app`."""

    devices: Devices = Devices.ALL
    android_channel_id: str | None = None
    ios_interruption_level: str = "active"
    ios_badge: int | None = None
    ios_sound: str | None = None
    ios_thread_id: str | None = None


@frozen
class WebSettings:
    """`channels.web`. `icon` and `badge` are URLs; `tag` replaces the campaign's own collapse key.

    A notification with the tag of an earlier one takes its place (Notifications API, §2.6).
    """

    devices: Devices = Devices.ALL
    urgency: str = "normal"
    icon: str | None = None
    badge: str | None = None
    tag: str | None = None


@frozen
class KakaoSettings:
    """`channels.kakao`."""

    product: KakaoProduct = KakaoProduct.BRAND
    bubble: Bubble = Bubble.TEXT
    profile: str = "main"
    targeting: str = "I"
    template_code: str | None = None


@frozen
class SmsSettings:
    """`channels.sms`. `from_` is the registered sending number, digits only."""

    from_: str | None = None
    format: SmsFormat = SmsFormat.AUTO


ChannelSettings = AppSettings | WebSettings | KakaoSettings | SmsSettings
