"""The bubbles of a free-form Brand Message as NAVER SENS wants them.

api.ncloud-docs.com, `sens-brandmessage-send`. Every recipient has a bubble of its own. Pictures are ids
that SENS gave at their upload (console, or `POST …/images`). ⚠ The names of the fields inside a
carousel's head and cards are taken from Kakao's own (SENS's page of them could not be read in full).
"""

from __future__ import annotations

from engine.channels.brand_form import BrandForm, Fields, fill_bubble, filled
from engine.channels.kakao_parts import bubble_of, button_code, links_of
from engine.channels.unfit import UnfitError
from engine.model.channel_settings import KakaoSettings
from engine.model.kakao import Bubble, ButtonKind, KakaoButton, button_kind
from engine.model.message import Message, MessageButton

_LINKS = {
    "mobile": "linkMobile",
    "pc": "linkPc",
    "android": "schemeAndroid",
    "ios": "schemeIos",
}
_TYPES = {Bubble.WIDE: "WIDE_IMAGE"}


def message_type(settings: KakaoSettings) -> str:
    """Return `messageType`: Kakao's name of the bubble, but for the wide picture."""
    bubble = bubble_of(settings)
    return _TYPES.get(bubble, bubble.value.upper())


def brand_bubble(message: Message, settings: KakaoSettings) -> Fields:
    """Return the fields of one recipient's bubble.

    Raises ValueError for a price that is no number, UnfitError for what SENS never carries.
    """
    return fill_bubble(message, settings, _FORM)


def button_fields(button: MessageButton | KakaoButton, otherwise: str | None) -> Fields:
    """Return one button. Raises UnfitError for one that adds the channel: not in free form."""
    kind = button_kind(button)
    if kind is ButtonKind.CHANNEL_ADD:
        raise UnfitError("CHANNEL_ADD_BUTTON")
    fields: Fields = {"type": button_code(kind), "name": button.name}
    if kind is ButtonKind.BUSINESS_FORM:
        return fields | filled({"bizFormId": button.link})
    if kind in (ButtonKind.WEB, ButtonKind.APP):
        fields |= {_LINKS[name]: address for name, address in links_of(button, otherwise)}
    return fields


def _id(image: str) -> str:
    if "://" in image:
        raise UnfitError("IMAGE_NOT_UPLOADED")
    return image


_FORM = BrandForm(
    image="imageId",
    thumbnail="thumbnailId",
    header="headerContent",
    card_body="content",
    links=_LINKS,
    button=button_fields,
    picture=_id,
    price=str,
)
