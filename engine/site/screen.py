"""One message on one screen: what is drawn where, what is hidden when folded, what is too long."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.law.label import is_labelled
from engine.message.kakao_limits import shape_of
from engine.message.limits import Measure
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsSettings
from engine.model.legal import LabelPosition
from engine.model.message import Message, MissingValue, RenderFailure
from engine.model.resolved import ResolvedCampaign
from engine.site.bubble import DrawnBubble, DrawnButton, drawn_bubble, drawn_buttons
from engine.site.case import Case, Person
from engine.site.pieces import Piece, Room, allowed_until, pieces


class Device(StrEnum):
    """The screens that a channel's messages are read on."""

    IPHONE = "iphone"
    ANDROID = "android"
    DESKTOP = "desktop"
    BUBBLE = "bubble"
    TEXT_MESSAGE = "text_message"


DEVICES: dict[Channel, tuple[Device, ...]] = {
    Channel.APP: (Device.IPHONE, Device.ANDROID),
    Channel.WEB: (Device.DESKTOP,),
    Channel.KAKAO: (Device.BUBBLE,),
    Channel.SMS: (Device.TEXT_MESSAGE,),
}

_ROOM: dict[Device, tuple[Room, Room]] = {
    Device.IPHONE: (Room(40, 1), Room(44, 4)),
    Device.ANDROID: (Room(40, 1), Room(44, 1)),
    Device.DESKTOP: (Room(44, 1), Room(46, 4)),
}
"""Title and body of a folded notification. Our own estimate: an iPhone 390 points wide gives the
text about 300, an Android phone 412 dp wide about 300 dp, Chrome's window 364 pixels; at the default
text size a Hangul syllable takes about 13. An iPhone's lock screen and Chrome fold after four lines,
Android after one. Braze advises 30 to 40 characters a line (its push best practices)."""


@frozen
class Screen:
    """What one made-up person sees on one device.

    `problem` is set where there is nothing to see: a key of the words and what goes into it.
    `caption` names whoever the system says it is from. `hidden` counts characters that a folded
    notification leaves out. `format` is SMS, LMS or MMS; `product` Kakao's product;
    `bubble` holds what only KakaoTalk shows.
    """

    device: Device
    person: str
    locale: str
    caption: tuple[Piece, ...] = ()
    title: tuple[Piece, ...] = ()
    body: tuple[Piece, ...] = ()
    image: tuple[Piece, ...] = ()
    icon: bool = False
    buttons: tuple[DrawnButton, ...] = ()
    system_label: bool = False
    format: str | None = None
    product: str | None = None
    bubble: DrawnBubble | None = None
    hidden: int = 0
    folds: bool = False
    problem: tuple[str, str] | None = None


def screens(
    campaign: ResolvedCampaign, case: Case, person: str | None = None
) -> tuple[Screen, ...]:
    """Return `case` on every device of its channel; `person` overrides whose the captions say."""
    whose = case.person.value if person is None else person
    return tuple(_screen(campaign, case, device, whose) for device in DEVICES[case.channel])


def problem_of(case: Case) -> tuple[str, str] | None:
    """Return why nothing is sent to this person (a key of the words, what goes into it), or None."""
    match case.composed:
        case MissingValue(variable=variable, skip=skip):
            return ("skipped" if skip else "fails"), variable
        case RenderFailure(reason=reason):
            return "failure", reason
        case _:
            return None


def is_trouble(case: Case) -> bool:
    """Tell whether somebody should do something: too long, or no message where there should be one.

    That people with a missing value are skipped was asked for; the sample has to be a message.
    """
    if any(measure.exceeded and measure.hard for measure in case.measures):
        return True
    match case.composed:
        case MissingValue(skip=skip):
            return case.person is Person.SAMPLE or not skip
        case RenderFailure():
            return True
        case _:
            return False


def _screen(campaign: ResolvedCampaign, case: Case, device: Device, person: str) -> Screen:
    message = case.composed
    if not isinstance(message, Message):
        return Screen(device=device, person=person, locale=case.locale, problem=problem_of(case))
    title_room, body_room = _ROOM.get(device, (None, None))
    title = _text(message.title, title_room, case.measures, "title")
    body = _text(message.body, body_room, case.measures, "body")
    kakao = _kakao(campaign) if device is Device.BUBBLE else None
    return Screen(
        device=device,
        person=person,
        locale=case.locale,
        caption=pieces(_caption(campaign, device)),
        title=title,
        body=body,
        image=pieces(message.image or ""),
        icon=message.icon is not None,
        buttons=drawn_buttons(message.buttons, None if kakao is None else shape_of(kakao)),
        system_label=kakao is not None and labelled_by_kakao(campaign),
        format=message.sms_format.upper() if message.sms_format else None,
        product=kakao.product.value if kakao else None,
        bubble=drawn_bubble(message, kakao) if kakao else None,
        hidden=sum(len(piece.text) for piece in (*title, *body) if piece.beyond),
        folds=device in _ROOM,
    )


def labelled_by_kakao(campaign: ResolvedCampaign) -> bool:
    """Tell whether KakaoTalk itself labels the message: a Brand Message that is an advertisement."""
    brand = _kakao(campaign).product is KakaoProduct.BRAND
    return campaign.advertising and brand and campaign.ad_label is LabelPosition.AUTO


def _kakao(campaign: ResolvedCampaign) -> KakaoSettings:
    settings = campaign.channels.get(Channel.KAKAO)
    return settings if isinstance(settings, KakaoSettings) else KakaoSettings()


def _caption(campaign: ResolvedCampaign, device: Device) -> str:
    settings = campaign.channels.get(Channel.SMS)
    if device is Device.TEXT_MESSAGE and isinstance(settings, SmsSettings) and settings.from_:
        return settings.from_
    return campaign.sender.name


def _text(
    text: str | None, room: Room | None, measures: Iterable[Measure], name: str
) -> tuple[Piece, ...]:
    if not text:
        return ()
    hard = [each for each in measures if each.name == name and each.hard]
    allowed = min((allowed_until(text, each.limit, each.unit) for each in hard), default=None)
    return pieces(text, room, allowed, labelled=is_labelled(text))
