"""Requests of NAVER SENS: SMS v2, AlimTalk v2, Brand Message v2 (api.ncloud-docs.com).

`common` stands once in a request, `own` is one recipient's. `reserveTime` is never written: what is
sent is due. SENS's own fallback to SMS is switched off for every recipient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.channels.kakao_parts import content_of
from engine.channels.phone import Phone, only_digits
from engine.channels.sens_brand import brand_bubble, button_fields, message_type
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.kakao import ButtonKind
from engine.model.message import Envelope, MessageButton

MAX_RECIPIENTS = 100
"""Messages of one request (all three pages: `messages`)."""


@frozen(kw_only=False)
class Draft:
    """`product` is `sms`, `alimtalk` or `brandmessage`; `profile` the workspace's (kakao)."""

    product: str
    common: Mapping[str, Any]
    own: Mapping[str, Any]
    profile: str | None = None


def draft_of(envelope: Envelope, *, sender: str | None = None) -> Draft:
    """Return the request for `envelope`; `sender` is the number where the campaign names none.

    Raises UnfitError for what SENS can never carry.
    """
    settings = envelope.settings
    if isinstance(settings, SmsSettings):
        return _sms(envelope, settings.from_ or sender)
    if not isinstance(settings, KakaoSettings):
        raise TypeError(f"SENS carries kakao and sms, not {type(settings).__name__}")
    if settings.product is KakaoProduct.ALIMTALK:
        return _alimtalk(envelope, settings)
    return _brand(envelope, settings)


def preview_body(envelope: Envelope, *, sender: str | None = None) -> Plain:
    """Return the request before numbers and credentials; `unfit` where it can never be sent."""
    expires_at = envelope.expires_at
    plain: dict[str, Plain] = {"expires_at": format_instant(expires_at) if expires_at else None}
    try:
        draft = draft_of(envelope, sender=sender)
    except UnfitError as unfit:
        return plain | {"unfit": unfit.code, "text": envelope.message.body}
    if draft.profile:
        plain["profile"] = draft.profile
    request = {**draft.common, "messages": [dict(draft.own)]}
    return plain | {"product": draft.product, "message": request}


def request_body(
    draft: Draft, phones: Sequence[Phone], owns: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the whole body. SMS says the country once, Kakao for each recipient."""
    body = dict(draft.common)
    if draft.product == "sms":
        body["countryCode"] = phones[0].country
        # SENS asks for one text for all, which each message's own replaces.
        body["content"] = owns[0]["content"]
        body["messages"] = [
            {"to": phone.national, **own} for phone, own in zip(phones, owns, strict=True)
        ]
    else:
        body["messages"] = [
            {"to": phone.national, "countryCode": phone.country, **own}
            for phone, own in zip(phones, owns, strict=True)
        ]
    return body


def _sms(envelope: Envelope, sender: str | None) -> Draft:
    message = envelope.message
    if not sender:
        raise UnfitError("NO_SENDER", setting="senders")
    if not message.body:
        raise UnfitError("NO_TEXT", systemic=False)
    kind = message.sms_format or (SmsFormat.LMS if message.title else SmsFormat.SMS)
    common: dict[str, Any] = {
        "type": kind.value.upper(),
        "contentType": "AD" if envelope.advertising else "COMM",
        "from": only_digits(sender),
    }
    own: dict[str, Any] = {"content": message.body}
    if kind is not SmsFormat.SMS and message.title:
        own["subject"] = message.title
    if kind is SmsFormat.MMS and message.image:
        if "://" in message.image:
            raise UnfitError("MMS_IMAGE_NOT_UPLOADED")
        common["files"] = [{"fileId": message.image}]
    return Draft("sms", common, own)


def _alimtalk(envelope: Envelope, settings: KakaoSettings) -> Draft:
    if envelope.advertising:
        raise UnfitError("ALIMTALK_ADVERTISING")
    if not settings.template_code:
        raise UnfitError("NO_TEMPLATE_CODE", setting="template_code")
    message = envelope.message
    if not message.body:
        # SENS fills no variables: it compares the finished text with the template.
        raise UnfitError("NO_TEXT", systemic=False)
    content = content_of(message)
    own: dict[str, Any] = {"content": message.body, "useSmsFailover": False}
    heading = content.emphasis or message.title
    if heading:
        own["title"] = heading
    if content.header:
        own["headerContent"] = content.header
    if message.buttons:
        own["buttons"] = [_alimtalk_button(one, message.link) for one in message.buttons]
    return Draft("alimtalk", {"templateCode": settings.template_code}, own, settings.profile)


def _alimtalk_button(button: MessageButton, otherwise: str | None) -> Mapping[str, Any]:
    if button.kind is ButtonKind.CHANNEL_ADD:
        return {"type": "AC", "name": "채널 추가"}
    fields = button_fields(button, otherwise)
    if fields["type"] == "WL" and "linkMobile" in fields:
        # Of AlimTalk's web links SENS wants both.
        fields.setdefault("linkPc", fields["linkMobile"])
    return fields


def _brand(envelope: Envelope, settings: KakaoSettings) -> Draft:
    try:
        own = brand_bubble(envelope.message, settings)
        common = {"messageType": message_type(settings), "targeting": settings.targeting}
    except ValueError as error:
        raise UnfitError("NOT_A_NUMBER_OR_BUBBLE", systemic=False) from error
    return Draft("brandmessage", common, {**own, "useSmsFailover": False}, settings.profile)
