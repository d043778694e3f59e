"""One message as SOLAPI wants it: an element of `messages` of `POST /messages/v4/send-many/detail`.

Names are those of docs.solapi.com (messages) and of SOLAPI's Python SDK 5.0. The type is always said
(`autoTypeDetect: false`), so that SOLAPI cannot turn a text of 91 bytes into a dearer LMS; and its
own fallback from KakaoTalk to SMS, which is on by default, is always off (`disableSms: true`): whom
an alternative message reaches is decided here, and nobody gets both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.channels.kakao_parts import content_of
from engine.channels.phone import Phone, only_digits
from engine.channels.solapi_brand import brand_bubble
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.kakao import bubble_text
from engine.model.message import Envelope, Message

REFERENCE = "reference"
"""The custom field that carries our own name of a hand-over (names ≤ 30 characters, values ≤ 100)."""

SMS_BYTES = 90
"""cp949 bytes of an SMS (SOLAPI status 1031)."""

Fields = dict[str, Any]


@frozen(kw_only=False)
class Facts:
    """What `pushform.yaml` says: the sending number where a campaign names none, and uploaded pictures.

    `images` maps a picture's address to the id that SOLAPI gave it. A picture that is no address is
    taken for such an id.
    """

    sender: str | None
    images: Mapping[str, str]

    def image_id(self, picture: str) -> str:
        """Return SOLAPI's id of a picture. Raises UnfitError for one that was not uploaded."""
        found = self.images.get(picture)
        if found:
            return found
        if "://" in picture:
            raise UnfitError("IMAGE_NOT_UPLOADED")
        return picture


def message_body(envelope: Envelope, facts: Facts) -> Fields:
    """Return the message without recipient, reference and profile.

    Raises UnfitError for what SOLAPI can never carry.
    """
    return _body(envelope, facts.sender, facts.image_id)


def preview_body(envelope: Envelope, facts: Facts) -> Plain:
    """Return what a preview shows: the message, `expires_at`, and `unfit` where it cannot be sent.

    SOLAPI has no life time of messages, so that `expires_at` decides at the door only.
    """
    expires_at = envelope.expires_at
    plain: dict[str, Plain] = {"expires_at": format_instant(expires_at) if expires_at else None}
    if isinstance(envelope.settings, KakaoSettings):
        plain["profile"] = envelope.settings.profile
    try:
        return plain | {"message": message_body(envelope, facts)}
    except UnfitError as unfit:
        return plain | {"unfit": unfit.code, "text": bubble_text(envelope.message)}


def addressed(body: Fields, phone: Phone, reference: str, profile: str | None) -> Fields:
    """Return `body` for one recipient. `profile` is SOLAPI's id of the KakaoTalk channel (`pfId`)."""
    message = {
        "to": phone.national,
        "country": phone.country,
        **body,
        "customFields": {REFERENCE: reference},
    }
    if profile is not None:
        message["kakaoOptions"] = {"pfId": profile, **body["kakaoOptions"]}
    return message


def _body(envelope: Envelope, sender: str | None, image_id: Callable[[str], str]) -> Fields:
    settings, message = envelope.settings, envelope.message
    if isinstance(settings, SmsSettings):
        return _text_message(message, settings.from_ or sender, image_id)
    if not isinstance(settings, KakaoSettings):
        raise TypeError(f"SOLAPI carries kakao and sms, not {type(settings).__name__}")
    if settings.product is KakaoProduct.ALIMTALK:
        body = _alimtalk(envelope, settings)
    else:
        bubble = brand_bubble(message, settings, image_id)
        body = {"type": "BMS_FREE", "kakaoOptions": {"disableSms": True, "bms": bubble}}
    if sender:
        body["from"] = only_digits(sender)
    return body | {"autoTypeDetect": False}


def _text_message(message: Message, sender: str | None, image_id: Callable[[str], str]) -> Fields:
    if not sender:
        raise UnfitError("NO_SENDER", setting="senders")
    kind = _format(message)
    fields: Fields = {
        "from": only_digits(sender),
        "type": kind.value.upper(),
        "autoTypeDetect": False,
    }
    if kind is SmsFormat.SMS:
        # A subject is refused (status 1013).
        return fields | {"text": bubble_text(message) or ""}
    if message.title:
        fields["subject"] = message.title
    if kind is SmsFormat.MMS:
        if message.image is None:
            raise UnfitError("NO_IMAGE")
        fields["imageId"] = image_id(message.image)
    return fields | {"text": message.body or ""}


def _format(message: Message) -> SmsFormat:
    if message.sms_format not in (None, SmsFormat.AUTO):
        return message.sms_format
    long = len((message.body or "").encode("cp949", "replace")) > SMS_BYTES
    return SmsFormat.LMS if long or message.title else SmsFormat.SMS


def _alimtalk(envelope: Envelope, settings: KakaoSettings) -> Fields:
    if envelope.advertising:
        raise UnfitError("ALIMTALK_ADVERTISING")
    if not settings.template_code:
        raise UnfitError("NO_TEMPLATE_CODE", setting="template_code")
    message = envelope.message
    variables = content_of(message).variables
    options: Fields = {"templateId": settings.template_code, "disableSms": True}
    fields: Fields = {"type": "ATA", "kakaoOptions": options}
    if variables:
        # SOLAPI writes the text, the buttons and the large line of the template by itself.
        options["variables"] = {f"#{{{name}}}": value for name, value in variables.items()}
        return fields
    return fields | {"text": message.body or ""}
