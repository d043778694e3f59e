"""The bubbles of a free-form Brand Message as NHN Cloud wants them.

NHN Cloud, KakaoTalk Bizmessage, Brand Message API v1.0 guide, `freestyle-messages`. The bubble stands
once in a request, for all its recipients. Pictures are addresses that NHN gave at their upload.
"""

from __future__ import annotations

from engine.channels.brand_form import BrandForm, Fields, fill_bubble, filled
from engine.channels.kakao_parts import ADD_CHANNEL, bubble_of, button_code, links_of
from engine.model.channel_settings import KakaoSettings
from engine.model.kakao import ButtonKind, KakaoButton, button_kind
from engine.model.message import Message, MessageButton

_LINKS = {"mobile": "linkMo", "pc": "linkPc", "android": "schemeAndroid", "ios": "schemeIos"}


def brand_bubble(message: Message, settings: KakaoSettings) -> Fields:
    """Return the fields of the bubble. Raises ValueError for a price that is no number."""
    kind = bubble_of(settings).value.upper()
    return {"chatBubbleType": kind} | fill_bubble(message, settings, _FORM)


def _button(button: MessageButton | KakaoButton, otherwise: str | None) -> Fields:
    kind = button_kind(button)
    fields: Fields = {
        "name": ADD_CHANNEL if kind is ButtonKind.CHANNEL_ADD else button.name,
        "type": button_code(kind),
    }
    if kind is ButtonKind.BUSINESS_FORM:
        return fields | filled({"bizFormKey": button.link})
    if kind in (ButtonKind.WEB, ButtonKind.APP):
        fields |= {_LINKS[name]: address for name, address in links_of(button, otherwise)}
    return fields


_FORM = BrandForm(
    image="imageUrl",
    thumbnail="thumbnailUrl",
    header="header",
    card_body="message",
    links=_LINKS,
    button=_button,
)
