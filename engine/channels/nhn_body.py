"""Requests of NHN Cloud: KakaoTalk Bizmessage (AlimTalk v2.3, Brand Message v1.0) and SMS v3.0.

NHN's newer door, the Notification Hub, serves all channels too (message API v1.0), but it fits less:
it answers a request with one id and no result for each recipient, sends AlimTalk by template only, and
wants OAuth tokens of a person's access key instead of the app key and secret of `pushform.yaml`.

What stands once in a request is `common`, what every recipient has of its own is `own`. Nothing asks
NHN to send later (`requestDate`) or to fall back to SMS: the console's default is to fall back, so
that it is refused for each recipient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.channels.kakao_parts import button_code, content_of, links_of
from engine.channels.nhn_brand import brand_bubble
from engine.channels.phone import Phone, only_digits
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant
from engine.law.jurisdiction import KOREA
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.kakao import button_kind
from engine.model.message import Envelope, Message

MAX_RECIPIENTS = 1000
"""Recipients of one request (all three guides: `recipientList`)."""

NO_FALLBACK: Mapping[str, Plain] = {"isResend": False}

ALIMTALK = "alimtalk"
BRAND = "brand-message"

PATHS: Mapping[str, str] = {
    ALIMTALK: "/alimtalk/v2.3/appkeys/{appkey}",
    BRAND: "/brand-message/v1.0/appkeys/{appkey}",
    "sms": "/sms/v3.0/appKeys/{appkey}/sender",
    "mms": "/sms/v3.0/appKeys/{appkey}/sender",
}
"""By product: what stands before `Draft.door`."""

LISTS: Mapping[str, Mapping[str, str]] = {
    "kakao": {product: f"{PATHS[product]}/messages" for product in (ALIMTALK, BRAND)},
    "sms": {product: f"{PATHS[product]}/{product}" for product in ("sms", "mms")},
}
"""By service and product: where sent messages are listed."""

_LINKS = {"mobile": "linkMo", "pc": "linkPc", "android": "schemeAndroid", "ios": "schemeIos"}


@frozen(kw_only=False)
class Draft:
    """A request but for credentials and recipients.

    `product` is `alimtalk`, `brand-message`, `sms` or `mms`; `door` the last part of the address;
    `profile` the workspace's name of the sending profile (kakao).
    """

    product: str
    door: str
    common: Mapping[str, Any]
    own: Mapping[str, Any]
    profile: str | None = None


def draft_of(
    envelope: Envelope, *, sender: str | None = None, unsubscribe: str | None = None
) -> Draft:
    """Return the request for `envelope`.

    `sender` is the number where the campaign names none; `unsubscribe` the 080 number that a Brand
    Message shows. Raises UnfitError for what NHN can never carry.
    """
    settings = envelope.settings
    if isinstance(settings, SmsSettings):
        return _sms(envelope, settings.from_ or sender)
    if not isinstance(settings, KakaoSettings):
        raise TypeError(f"NHN carries kakao and sms, not {type(settings).__name__}")
    if settings.product is KakaoProduct.ALIMTALK:
        return _alimtalk(envelope, settings)
    return _brand(envelope, settings, unsubscribe)


def preview_body(
    envelope: Envelope, *, sender: str | None = None, unsubscribe: str | None = None
) -> Plain:
    """Return the request before address and credentials; `unfit` where it can never be sent."""
    expires_at = envelope.expires_at
    plain: dict[str, Plain] = {"expires_at": format_instant(expires_at) if expires_at else None}
    try:
        draft = draft_of(envelope, sender=sender, unsubscribe=unsubscribe)
    except UnfitError as unfit:
        return plain | {"unfit": unfit.code, "text": envelope.message.body}
    if draft.profile:
        plain["profile"] = draft.profile
    request = {**draft.common, "recipientList": [dict(draft.own)]}
    return plain | {"product": draft.product, "request": draft.door, "message": request}


def kakao_recipient(phone: Phone) -> Mapping[str, str]:
    """Return `recipientNo`: a Korean number as it is dialled, others with their country (⚠ assumed)."""
    if phone.korean:
        return {"recipientNo": phone.national}
    return {"recipientNo": f"{phone.country}{phone.national}"}


def sms_recipient(phone: Phone) -> Mapping[str, str]:
    """Return the number with its country, as SMS v3.0 takes it."""
    if phone.korean:
        return {"recipientNo": phone.national, "countryCode": phone.country}
    return {"internationalRecipientNo": f"{phone.country}{phone.national}"}


def _sms(envelope: Envelope, sender: str | None) -> Draft:
    message = envelope.message
    if not sender:
        raise UnfitError("NO_SENDER", setting="senders")
    kind = message.sms_format or (SmsFormat.LMS if message.title else SmsFormat.SMS)
    common: dict[str, Any] = {"body": message.body or "", "sendNo": only_digits(sender)}
    product = "sms" if kind is SmsFormat.SMS else "mms"
    if product == "mms":
        common["title"] = message.title or ""
        if kind is SmsFormat.MMS and message.image:
            common["attachFileIdList"] = [_file_id(message.image)]
    # The door for advertisements wants 「(광고)」 and an 080 number in the body: Korea's form only.
    korean_ad = envelope.advertising and message.jurisdiction == KOREA
    door = f"ad-{product}" if korean_ad else product
    return Draft(product, door, common, {})


def _file_id(image: str) -> int:
    """Return the number that NHN gave a picture at its upload; an address cannot be attached."""
    if not (image.isascii() and image.isdigit()):
        raise UnfitError("MMS_IMAGE_NOT_UPLOADED")
    return int(image)


def _alimtalk(envelope: Envelope, settings: KakaoSettings) -> Draft:
    if envelope.advertising:
        raise UnfitError("ALIMTALK_ADVERTISING")
    if not settings.template_code:
        raise UnfitError("NO_TEMPLATE_CODE", setting="template_code")
    message = envelope.message
    content = content_of(message)
    common = {"templateCode": settings.template_code}
    own: dict[str, Any]
    if content.variables:
        own = {"templateParameter": dict(content.variables)}
        door = "messages"
    else:
        own = {"content": message.body or ""}
        heading = content.emphasis or message.title
        if heading:
            own["templateTitle"] = heading
        if content.header:
            own["templateHeader"] = content.header
        if message.buttons:
            own["buttons"] = _alimtalk_buttons(message)
        door = "raw-messages"
    own["resendParameter"] = dict(NO_FALLBACK)
    return Draft(ALIMTALK, door, common, own, settings.profile)


def _alimtalk_buttons(message: Message) -> list[dict[str, Any]]:
    buttons: list[dict[str, Any]] = []
    for ordering, button in enumerate(message.buttons, 1):
        code = button_code(button_kind(button))
        fields: dict[str, Any] = {"ordering": ordering, "type": code, "name": button.name}
        if code == "TN":
            fields["telNumber"] = (button.link or "").removeprefix("tel:")
        elif code in ("WL", "AL"):
            links = links_of(button, message.link)
            fields |= {_LINKS[name]: address for name, address in links}
        buttons.append(fields)
    return buttons


def _brand(envelope: Envelope, settings: KakaoSettings, unsubscribe: str | None) -> Draft:
    try:
        common: dict[str, Any] = brand_bubble(envelope.message, settings)
    except ValueError as error:
        raise UnfitError("NOT_A_NUMBER_OR_BUBBLE", systemic=False) from error
    if unsubscribe and envelope.advertising:
        common["unsubscribeNo"] = unsubscribe
    own = {"targeting": settings.targeting, "resendParameter": dict(NO_FALLBACK)}
    return Draft(BRAND, "freestyle-messages", common, own, settings.profile)
