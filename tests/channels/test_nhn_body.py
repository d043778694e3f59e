"""What NHN Cloud is asked to send, against the fields that its guides document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from engine.channels.nhn_body import (
    Draft,
    draft_of,
    kakao_recipient,
    preview_body,
    sms_recipient,
)
from engine.channels.phone import Phone
from engine.channels.pictures import with_uploaded
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
from tests.servers.nhn import BUBBLES
from tests.servers.shape import problems_in

PICTURE = "https://mud-kage.kakao.com/dn/송편.jpg"
PAGE = "https://shop.example/sale/chuseok"
SALE = KakaoCommerce(
    title="햅쌀 송편 2kg", regular_price="32,000", discount_price="22400", discount_rate="30"
)
COUPON = KakaoCoupon(title="30% 할인 쿠폰", description="추석 특가 전용", link=PAGE)
BUY = KakaoButton(name="보러 가기", link=PAGE)


def kakao(bubble: Bubble, content: KakaoContent | None = None, **changes: Any) -> Envelope:
    changes = {"title": None, "body": "추석 특가가 열렸어요", "image": None, **changes}
    return an_envelope(
        Channel.KAKAO,
        message=a_message(Channel.KAKAO, kakao=content, **changes),
        settings=KakaoSettings(bubble=bubble),
    )


def brand(*parts: Any, **changes: Any) -> dict[str, Any]:
    draft = draft_of(kakao(*parts, **changes))
    assert (draft.product, draft.door) == ("brand-message", "freestyle-messages")
    fields = dict(draft.common)
    assert list(problems_in(fields, {"chatBubbleType!": str, **BUBBLES[parts[0].upper()]})) == []
    return fields


def test_a_text_bubble_says_title_and_body_and_takes_every_button() -> None:
    buttons = (
        MessageButton(name="보러 가기"),
        MessageButton(name="앱에서 보기", android="shop://sale", ios="shop://sale", link=PAGE),
        MessageButton(name="채널추가", kind=ButtonKind.CHANNEL_ADD),
        MessageButton(name="설문", link="form-7", kind=ButtonKind.BUSINESS_FORM),
        MessageButton(name="문의", kind=ButtonKind.BOT_KEYWORD),
    )
    fields = brand(
        Bubble.TEXT, KakaoContent(coupon=COUPON), title="민지님, 추석 특가", buttons=buttons
    )
    assert fields["content"] == "민지님, 추석 특가\n추석 특가가 열렸어요"
    assert fields["buttons"] == [
        {"name": "보러 가기", "type": "WL", "linkMo": PAGE},
        {
            "name": "앱에서 보기",
            "type": "AL",
            "linkMo": PAGE,
            "schemeAndroid": "shop://sale",
            "schemeIos": "shop://sale",
        },
        {"name": "채널 추가", "type": "AC"},
        {"name": "설문", "type": "BF", "bizFormKey": "form-7"},
        {"name": "문의", "type": "BK"},
    ]
    assert fields["coupon"] == {
        "title": "30% 할인 쿠폰",
        "description": "추석 특가 전용",
        "linkMo": PAGE,
    }


@pytest.mark.parametrize("bubble", [Bubble.IMAGE, Bubble.WIDE])
def test_a_picture_leads_where_it_says_or_where_the_message_does(bubble: Bubble) -> None:
    fields = brand(bubble, None, image=PICTURE)
    assert fields["image"] == {"imageUrl": PICTURE, "imageLink": PAGE}
    fields = brand(bubble, KakaoContent(image_link="https://shop.example/사진"), image=PICTURE)
    assert fields["image"]["imageLink"] == "https://shop.example/사진"


def test_a_wide_item_list() -> None:
    items = tuple(KakaoItem(title=f"송편 {n}호", image=PICTURE, link=PAGE) for n in range(1, 5))
    fields = brand(Bubble.WIDE_ITEM_LIST, KakaoContent(header="추석 선물", items=items))
    assert fields["header"] == "추석 선물"
    assert fields["item"]["list"][3] == {"title": "송편 4호", "imageUrl": PICTURE, "linkMo": PAGE}


def test_commerce_has_prices_as_numbers() -> None:
    content = KakaoContent(commerce=SALE, additional="오늘만 무료 배송")
    fields = brand(Bubble.COMMERCE, content, image=PICTURE, buttons=(MessageButton(name="구매"),))
    assert fields["commerce"] == {
        "title": "햅쌀 송편 2kg",
        "regularPrice": 32000,
        "discountPrice": 22400,
        "discountRate": 30,
    }
    assert fields["additionalContent"] == "오늘만 무료 배송"
    assert "content" not in fields


def test_a_price_that_is_no_number_is_this_persons_misfortune() -> None:
    content = KakaoContent(commerce=replace(SALE, regular_price="약 3만"))
    with pytest.raises(UnfitError) as caught:
        draft_of(kakao(Bubble.COMMERCE, content, image=PICTURE))
    assert not caught.value.systemic


def test_a_carousel_of_a_feed() -> None:
    card = KakaoCard(
        header="햅쌀 송편", body="갓 빚었어요", image=PICTURE, link=PAGE, buttons=(BUY,)
    )
    fields = brand(
        Bubble.CAROUSEL_FEED, KakaoContent(cards=(card, replace(card, coupon=COUPON)), more=PAGE)
    )
    first, second = fields["carousel"]["list"]
    assert first == {
        "header": "햅쌀 송편",
        "message": "갓 빚었어요",
        "imageUrl": PICTURE,
        "imageLink": PAGE,
        "buttons": [{"name": "보러 가기", "type": "WL", "linkMo": PAGE}],
    }
    assert second["coupon"]["title"] == "30% 할인 쿠폰"
    assert fields["carousel"]["tail"] == {"linkMo": PAGE}


def test_a_carousel_of_products_with_an_intro() -> None:
    card = KakaoCard(commerce=SALE, additional="무료 배송", image=PICTURE, buttons=(BUY,))
    intro = KakaoIntro(header="추석 선물전", body="미리 담아 두세요", image=PICTURE, link=PAGE)
    fields = brand(Bubble.CAROUSEL_COMMERCE, KakaoContent(intro=intro, cards=(card,)))
    assert fields["carousel"]["head"] == {
        "header": "추석 선물전",
        "content": "미리 담아 두세요",
        "imageUrl": PICTURE,
        "linkMo": PAGE,
    }
    assert fields["carousel"]["list"][0]["commerce"]["discountPrice"] == 22400


def test_a_video() -> None:
    video = KakaoVideo(url="https://tv.kakao.com/v/123", thumbnail=PICTURE)
    fields = brand(Bubble.PREMIUM_VIDEO, KakaoContent(header="송편 빚는 날", video=video))
    assert fields["video"] == {"videoUrl": "https://tv.kakao.com/v/123", "thumbnailUrl": PICTURE}


def test_the_vendors_fallback_is_off_and_nothing_is_booked_for_later() -> None:
    for envelope in (kakao(Bubble.TEXT), alimtalk(), alimtalk({"이름": "민지"})):
        draft = draft_of(envelope)
        assert draft.own["resendParameter"] == {"isResend": False}
        assert "requestDate" not in draft.common


def test_the_080_number_stands_in_advertising_only() -> None:
    envelope = kakao(Bubble.TEXT)
    draft = draft_of(envelope, unsubscribe="080-123-4567")
    assert draft.common["unsubscribeNo"] == "080-123-4567"
    draft = draft_of(replace(envelope, advertising=False), unsubscribe="080-123-4567")
    assert "unsubscribeNo" not in draft.common


@pytest.mark.parametrize("targeting", ["I", "M", "N"])
def test_targeting_is_said_for_each_recipient(targeting: str) -> None:
    envelope = replace(kakao(Bubble.TEXT), settings=KakaoSettings(targeting=targeting))
    assert draft_of(envelope).own["targeting"] == targeting


def alimtalk(variables: dict[str, str] | None = None, **changes: Any) -> Envelope:
    content = KakaoContent(variables=variables or {}, emphasis="배송 출발", header="주문 안내")
    settings = {"product": KakaoProduct.ALIMTALK, "template_code": "ship-01", **changes}
    return replace(
        kakao(
            Bubble.TEXT,
            content,
            body="민지님, 송편이 출발했어요",
            buttons=(
                MessageButton(name="배송 조회", kind=ButtonKind.DELIVERY),
                MessageButton(name="주문 보기", link=PAGE, link_pc=PAGE),
                MessageButton(name="전화 연결", kind=ButtonKind.CALL, link="tel:1588-0000"),
            ),
        ),
        settings=KakaoSettings(**settings),
        advertising=False,
    )


def test_alimtalk_sends_the_variables_where_there_are_some() -> None:
    draft = draft_of(alimtalk({"이름": "민지", "상품": "송편"}))
    assert (draft.product, draft.door) == ("alimtalk", "messages")
    assert draft.common == {"templateCode": "ship-01"}
    assert draft.own["templateParameter"] == {"이름": "민지", "상품": "송편"}
    assert "content" not in draft.own


def test_alimtalk_sends_the_whole_text_where_there_are_none() -> None:
    draft = draft_of(alimtalk())
    assert draft.door == "raw-messages"
    assert draft.own["content"] == "민지님, 송편이 출발했어요"
    assert (draft.own["templateTitle"], draft.own["templateHeader"]) == ("배송 출발", "주문 안내")
    assert draft.own["buttons"] == [
        {"ordering": 1, "type": "DS", "name": "배송 조회"},
        {"ordering": 2, "type": "WL", "name": "주문 보기", "linkMo": PAGE, "linkPc": PAGE},
        {"ordering": 3, "type": "TN", "name": "전화 연결", "telNumber": "1588-0000"},
    ]


def sms(kind: SmsFormat, **changes: Any) -> Envelope:
    return an_envelope(Channel.SMS, message=a_message(Channel.SMS, sms_format=kind, **changes))


@pytest.mark.parametrize(
    ("kind", "advertising", "door"),
    [
        (SmsFormat.SMS, True, "ad-sms"),
        (SmsFormat.SMS, False, "sms"),
        (SmsFormat.LMS, True, "ad-mms"),
        (SmsFormat.LMS, False, "mms"),
        (SmsFormat.MMS, True, "ad-mms"),
    ],
)
def test_the_door_says_the_type_and_whether_it_is_advertising(
    kind: SmsFormat, advertising: bool, door: str
) -> None:
    envelope = replace(sms(kind, image="4711"), advertising=advertising)
    draft = draft_of(envelope)
    assert draft.door == door
    assert draft.common["sendNo"] == "15880000"
    assert ("title" in draft.common) == (kind is not SmsFormat.SMS)
    assert draft.common.get("attachFileIdList") == ([4711] if kind is SmsFormat.MMS else None)


def test_an_advertisement_to_another_country_has_no_korean_label_and_takes_the_plain_door() -> None:
    envelope = sms(SmsFormat.SMS, jurisdiction="JP", body="송편 30% OFF")
    assert draft_of(envelope).door == "sms"


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        (sms(SmsFormat.MMS), "MMS_IMAGE_NOT_UPLOADED"),
        (replace(sms(SmsFormat.SMS), settings=SmsSettings()), "NO_SENDER"),
        (alimtalk(template_code=None), "NO_TEMPLATE_CODE"),
        (replace(alimtalk(), advertising=True), "ALIMTALK_ADVERTISING"),
    ],
)
def test_what_nhn_can_never_carry_is_said_before_anybody_asks(
    envelope: Envelope, code: str
) -> None:
    with pytest.raises(UnfitError) as caught:
        draft_of(envelope)
    assert (caught.value.code, caught.value.systemic) == (code, True)
    assert preview_body(envelope)["unfit"] == code


def test_a_preview_is_plain_and_says_what_it_is() -> None:
    preview = preview_body(sms(SmsFormat.LMS))
    assert orjson.loads(orjson.dumps(preview)) == preview
    assert (preview["product"], preview["request"]) == ("mms", "ad-mms")
    assert preview["expires_at"] == "2026-09-24T12:00:00Z"


def test_numbers_are_written_as_they_are_dialled() -> None:
    korean, abroad = Phone("82", "01012345678"), Phone("1", "4155550100")
    assert sms_recipient(korean) == {"recipientNo": "01012345678", "countryCode": "82"}
    assert sms_recipient(abroad) == {"internationalRecipientNo": "14155550100"}
    assert kakao_recipient(korean) == {"recipientNo": "01012345678"}
    assert kakao_recipient(abroad) == {"recipientNo": "14155550100"}


def test_a_draft_knows_no_credential_and_no_recipient() -> None:
    draft = draft_of(kakao(Bubble.TEXT))
    assert isinstance(draft, Draft)
    assert draft.profile == "main"
    assert not {"senderKey", "recipientNo"} & {*draft.common, *draft.own}


def test_every_picture_is_named_by_what_the_vendor_calls_it() -> None:
    here, there = "https://shop.example/송편.png", PICTURE
    card = KakaoCard(header="송편", body="갓 빚었어요", image=here)
    content = KakaoContent(
        items=(KakaoItem(image=here, link=PAGE),),
        cards=(card, KakaoCard(header="글만")),
        intro=KakaoIntro(header="선물전", body="담아 두세요", image=here),
        video=KakaoVideo(url="https://tv.kakao.com/v/1", thumbnail=here),
    )
    envelope = kakao(Bubble.TEXT, content, image=here)
    swapped = with_uploaded(envelope, {here: there})
    assert here not in str(swapped)
    assert str(swapped).count(there) == str(envelope).count(here) == 5
    assert with_uploaded(envelope, {}) is envelope
    assert with_uploaded(sms(SmsFormat.MMS), {}).message.kakao is None
