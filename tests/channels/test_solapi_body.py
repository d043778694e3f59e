"""SOLAPI's messages, held against the models of its own Python SDK."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from solapi.model import Bms, KakaoOption, RequestMessage
from solapi.model.kakao import bms as sdk
from solapi.model.message_type import MessageType

from engine.channels.phone import Phone
from engine.channels.solapi_body import Facts, addressed, message_body, preview_body
from engine.channels.unfit import UnfitError
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
    KakaoIntro,
    KakaoItem,
    KakaoVideo,
)
from engine.model.message import Envelope, MessageButton
from tests.channels.making import a_message, an_envelope
from tests.servers.solapi import IMAGE, PROFILE, SENDER, TEMPLATE, check_message

PICTURE = "https://shop.example/송편.png"
FACTS = Facts(sender="1588-0000", images={PICTURE: IMAGE})
MINJI = Phone("82", "01012345678")
SALE = "https://shop.example/sale/chuseok"


def sms(**changes: Any) -> Envelope:
    return an_envelope(Channel.SMS, message=a_message(Channel.SMS, **changes))


def brand(bubble: Bubble, *, content: KakaoContent | None = None, **changes: Any) -> Envelope:
    message = a_message(Channel.KAKAO, title=None, kakao=content, **changes)
    return an_envelope(
        Channel.KAKAO, message=message, settings=KakaoSettings(bubble=bubble, targeting="M")
    )


def alimtalk(**changes: Any) -> Envelope:
    message = a_message(
        Channel.KAKAO, title=None, body="민지님, 주문하신 송편이 출발했습니다.", **changes
    )
    settings = KakaoSettings(product=KakaoProduct.ALIMTALK, template_code=TEMPLATE)
    return an_envelope(Channel.KAKAO, message=message, settings=settings, advertising=False)


def wire(envelope: Envelope) -> dict[str, Any]:
    """Return the message to 민지, after the loopback server's checks."""
    profile = PROFILE if isinstance(envelope.settings, KakaoSettings) else None
    message = addressed(message_body(envelope, FACTS), MINJI, "a" * 32, profile)
    check_message(message)
    return message


def sdk_message(**fields: Any) -> dict[str, Any]:
    """Return what SOLAPI's SDK sends for the same message."""
    message = RequestMessage(
        from_=SENDER,
        to="010-1234-5678",
        auto_type_detect=False,
        custom_fields={"reference": "a" * 32},
        **fields,
    )
    return message.model_dump(exclude_none=True, by_alias=True)


def sdk_bubble(bubble: str, **fields: Any) -> dict[str, Any]:
    bms = Bms(targeting="M", chat_bubble_type=bubble, adult=False, **fields)
    option = KakaoOption(pf_id=PROFILE, disable_sms=True, bms=bms)
    return sdk_message(type=MessageType.BMS_FREE, kakao_options=option)


def test_a_short_text_message() -> None:
    envelope = sms(title=None, body="(광고)샘플샵 송편 30%", sms_format=SmsFormat.SMS)
    assert wire(envelope) == sdk_message(type=MessageType.SMS, text="(광고)샘플샵 송편 30%")


def test_a_long_text_message_has_a_subject() -> None:
    message = sdk_message(
        type=MessageType.LMS, subject="추석 특가", text="송편을 30% 할인\n무료수신거부 080-000-0000"
    )
    envelope = sms(title="추석 특가", body="송편을 30% 할인\n무료수신거부 080-000-0000")
    assert wire(envelope) == message


def test_a_picture_message_has_the_picture_that_solapi_has() -> None:
    fields = {"title": "추석 특가", "body": "송편", "sms_format": SmsFormat.MMS}
    message = sdk_message(type=MessageType.MMS, subject="추석 특가", text="송편", image_id=IMAGE)
    assert wire(sms(**fields)) == message
    assert wire(sms(**fields, image=IMAGE)) == message


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"title": None, "body": "가" * 45}, "SMS"),
        ({"title": None, "body": "가" * 45 + "1"}, "LMS"),
        ({"title": "추석", "body": "송편"}, "LMS"),
    ],
)
def test_what_no_format_is_said_of_is_measured(fields: dict[str, Any], kind: str) -> None:
    for said in (None, SmsFormat.AUTO):
        assert wire(sms(**fields, sms_format=said))["type"] == kind


def test_a_short_message_has_no_subject() -> None:
    message = wire(sms(title="추석", body="송편", sms_format=SmsFormat.SMS))
    assert (message["text"], "subject" in message) == ("추석\n송편", False)


def test_the_campaigns_number_comes_before_the_workspaces() -> None:
    envelope = sms()
    assert wire(envelope)["from"] == SENDER
    own = replace(envelope, settings=SmsSettings(from_="02-1234-5678"))
    assert wire(own)["from"] == "0212345678"


def test_a_number_abroad_keeps_its_country() -> None:
    message = addressed(message_body(sms(), FACTS), Phone("81", "9012345678"), "b", None)
    assert (message["country"], message["to"]) == ("81", "9012345678")


def test_alimtalk_with_variables_leaves_the_text_to_the_template() -> None:
    content = KakaoContent(variables={"이름": "민지", "상품": "송편"})
    option = KakaoOption(
        pf_id=PROFILE,
        template_id=TEMPLATE,
        disable_sms=True,
        variables={"이름": "민지", "상품": "송편"},
    )
    assert wire(alimtalk(kakao=content)) == sdk_message(type=MessageType.ATA, kakao_options=option)


def test_alimtalk_without_variables_has_the_text() -> None:
    option = KakaoOption(pf_id=PROFILE, template_id=TEMPLATE, disable_sms=True)
    expected = sdk_message(
        type=MessageType.ATA, kakao_options=option, text="민지님, 주문하신 송편이 출발했습니다."
    )
    # The SDK writes an empty `variables` nowhere, and neither do we.
    assert wire(alimtalk()) == expected


COUPON = KakaoCoupon(title="10% 할인 쿠폰", description="추석 선물", link="https://shop.example/c")
SDK_COUPON = sdk.BmsCoupon(
    title="10% 할인 쿠폰", description="추석 선물", link_mobile="https://shop.example/c"
)
BUY = KakaoButton(name="구매하기", link="https://shop.example/b", link_pc="https://shop.example/p")
SDK_BUY = sdk.BmsWebButton(
    name="구매하기", link_mobile="https://shop.example/b", link_pc="https://shop.example/p"
)
PRICE = KakaoCommerce(
    title="송편 세트", regular_price="12,900", discount_price="9900", discount_rate="23"
)
SDK_PRICE = sdk.BmsCommerce(
    title="송편 세트", regular_price=12900, discount_price=9900, discount_rate=23
)
BUTTONS = (
    MessageButton(name="보러 가기", link="https://shop.example/a"),
    MessageButton(name="앱에서 보기", android="sampleshop://sale", ios="sampleshop://sale"),
    MessageButton(name="아무 이름", kind=ButtonKind.CHANNEL_ADD),
    MessageButton(name="문의", kind=ButtonKind.BOT_KEYWORD),
    MessageButton(name="상담", kind=ButtonKind.CONSULT),
)
SDK_BUTTONS = [
    sdk.BmsWebButton(name="보러 가기", link_mobile="https://shop.example/a"),
    sdk.BmsAppButton(
        name="앱에서 보기", link_android="sampleshop://sale", link_ios="sampleshop://sale"
    ),
    sdk.BmsChannelAddButton(),
    sdk.BmsBotKeywordButton(name="문의"),
    sdk.BmsConsultButton(name="상담"),
]


def test_a_text_bubble() -> None:
    envelope = brand(
        Bubble.TEXT, body="송편 30%", buttons=BUTTONS, content=KakaoContent(coupon=COUPON)
    )
    assert wire(envelope) == sdk_bubble(
        "TEXT", content="송편 30%", buttons=SDK_BUTTONS, coupon=SDK_COUPON
    )


@pytest.mark.parametrize("bubble", [Bubble.IMAGE, Bubble.WIDE])
def test_a_bubble_with_a_picture(bubble: Bubble) -> None:
    assert wire(brand(bubble, body="송편 30%")) == sdk_bubble(
        bubble.value.upper(), content="송편 30%", image_id=IMAGE, image_link=SALE
    )


def test_a_wide_item_list() -> None:
    items = tuple(
        KakaoItem(title=f"송편 {n}", image=PICTURE, link=f"https://shop.example/{n}")
        for n in range(4)
    )
    rows = [
        {"title": f"송편 {n}", "image_id": IMAGE, "link_mobile": f"https://shop.example/{n}"}
        for n in range(4)
    ]
    envelope = brand(Bubble.WIDE_ITEM_LIST, content=KakaoContent(header="추석 상차림", items=items))
    assert wire(envelope) == sdk_bubble(
        "WIDE_ITEM_LIST",
        header="추석 상차림",
        main_wide_item=sdk.BmsMainWideItem(**rows[0]),
        sub_wide_item_list=[sdk.BmsSubWideItem(**row) for row in rows[1:]],
    )


def test_a_product() -> None:
    content = KakaoContent(commerce=PRICE, additional="오늘 출발", image_link=SALE)
    envelope = brand(
        Bubble.COMMERCE,
        content=content,
        buttons=(MessageButton(name="구매하기", link="https://shop.example/b"),),
    )
    assert wire(envelope) == sdk_bubble(
        "COMMERCE",
        image_id=IMAGE,
        image_link=SALE,
        commerce=SDK_PRICE,
        additional_content="오늘 출발",
        buttons=[sdk.BmsWebButton(name="구매하기", link_mobile="https://shop.example/b")],
    )


def test_a_carousel_of_cards() -> None:
    card = KakaoCard(
        header="송편", body="햅쌀로", image=PICTURE, link=SALE, coupon=COUPON, buttons=(BUY,)
    )
    envelope = brand(Bubble.CAROUSEL_FEED, content=KakaoContent(cards=(card, card), more=SALE))
    item = sdk.BmsCarouselFeedItem(
        header="송편",
        content="햅쌀로",
        image_id=IMAGE,
        image_link=SALE,
        buttons=[SDK_BUY],
        coupon=SDK_COUPON,
    )
    carousel = sdk.BmsCarouselFeedSchema(
        items=[item, item], tail=sdk.BmsCarouselTail(link_mobile=SALE)
    )
    assert wire(envelope) == sdk_bubble("CAROUSEL_FEED", carousel=carousel)


def test_a_carousel_of_products() -> None:
    card = KakaoCard(commerce=PRICE, additional="무료배송", image=PICTURE, buttons=(BUY,))
    intro = KakaoIntro(header="민지님께", body="추석 선물을 모았어요", image=PICTURE, link=SALE)
    envelope = brand(Bubble.CAROUSEL_COMMERCE, content=KakaoContent(intro=intro, cards=(card,)))
    item = sdk.BmsCarouselCommerceItem(
        commerce=SDK_PRICE, additional_content="무료배송", image_id=IMAGE, buttons=[SDK_BUY]
    )
    head = sdk.BmsCarouselHead(
        header="민지님께", content="추석 선물을 모았어요", image_id=IMAGE, link_mobile=SALE
    )
    carousel = sdk.BmsCarouselCommerceSchema(head=head, items=[item])
    assert wire(envelope) == sdk_bubble("CAROUSEL_COMMERCE", carousel=carousel)


def test_a_video() -> None:
    video = KakaoVideo(url="https://tv.kakao.com/v/460734285", thumbnail=PICTURE)
    content = KakaoContent(header="추석 풍경", video=video)
    assert wire(brand(Bubble.PREMIUM_VIDEO, body="보름달", content=content)) == sdk_bubble(
        "PREMIUM_VIDEO",
        header="추석 풍경",
        content="보름달",
        video=sdk.BmsVideo(video_url="https://tv.kakao.com/v/460734285", image_id=IMAGE),
    )


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        (brand(Bubble.IMAGE, image="https://shop.example/없는.png"), "IMAGE_NOT_UPLOADED"),
        (brand(Bubble.WIDE, image=None), "NO_IMAGE"),
        (brand(Bubble.PREMIUM_VIDEO), "NO_VIDEO"),
        (
            brand(Bubble.TEXT, buttons=(MessageButton(name="배송", kind=ButtonKind.DELIVERY),)),
            "NO_BUTTON_DS",
        ),
        (sms(sms_format=SmsFormat.MMS, image=None), "NO_IMAGE"),
        (replace(alimtalk(), advertising=True), "ALIMTALK_ADVERTISING"),
        (
            replace(alimtalk(), settings=KakaoSettings(product=KakaoProduct.ALIMTALK)),
            "NO_TEMPLATE_CODE",
        ),
    ],
)
def test_what_solapi_cannot_carry(envelope: Envelope, code: str) -> None:
    with pytest.raises(UnfitError) as unfit:
        message_body(envelope, FACTS)
    assert (unfit.value.code, unfit.value.systemic) == (code, True)
    preview = preview_body(envelope, FACTS)
    assert isinstance(preview, dict)
    assert preview["unfit"] == code


def test_a_price_that_is_no_number_is_one_persons_fault() -> None:
    content = KakaoContent(commerce=KakaoCommerce(title="송편", regular_price="만 원"))
    with pytest.raises(UnfitError) as unfit:
        message_body(brand(Bubble.COMMERCE, content=content), FACTS)
    assert (unfit.value.code, unfit.value.systemic) == ("NOT_A_NUMBER_OR_BUBBLE", False)


def test_without_a_sender_nothing_is_sent() -> None:
    envelope = replace(sms(), settings=SmsSettings())
    with pytest.raises(UnfitError, match="NO_SENDER"):
        message_body(envelope, Facts(sender=None, images={}))


def test_solapis_own_fallback_is_always_off() -> None:
    for envelope in (alimtalk(), brand(Bubble.TEXT)):
        assert wire(envelope)["kakaoOptions"]["disableSms"] is True


def test_the_preview_is_the_message_without_its_recipient() -> None:
    envelope = brand(Bubble.TEXT, body="송편 30%")
    preview = preview_body(envelope, FACTS)
    sent = wire(envelope)
    assert preview == {
        "expires_at": "2026-09-24T12:00:00Z",
        "profile": "main",
        "message": {
            name: value
            for name, value in sent.items()
            if name not in ("to", "country", "customFields")
        }
        | {"kakaoOptions": {k: v for k, v in sent["kakaoOptions"].items() if k != "pfId"}},
    }
