"""What NAVER SENS is asked to send, against the fields that its pages document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine.channels.phone import Phone
from engine.channels.sens_auth import Signer
from engine.channels.sens_body import draft_of, preview_body, request_body
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
from tests.servers.sens import BUBBLES
from tests.servers.shape import problems_in

PAGE = "https://shop.example/sale/chuseok"
PICTURE = "5b19970c-송편"
SALE = KakaoCommerce(title="햅쌀 송편", regular_price="32,000", discount_price="22400")
COUPON = KakaoCoupon(title="30% 할인 쿠폰", description="추석 특가 전용", link=PAGE)
BUY = KakaoButton(name="보러 가기", link=PAGE)
CARD = KakaoCard(header="햅쌀 송편", body="갓 빚었어요", image=PICTURE, buttons=(BUY,))


def kakao(bubble: Bubble, content: KakaoContent | None = None, **changes: Any) -> Envelope:
    changes = {"title": None, "body": "추석 특가가 열렸어요", "image": None, **changes}
    return an_envelope(
        Channel.KAKAO,
        message=a_message(Channel.KAKAO, kakao=content, **changes),
        settings=KakaoSettings(bubble=bubble),
    )


BUBBLE_CASES = [
    kakao(Bubble.TEXT, KakaoContent(coupon=COUPON), buttons=(MessageButton(name="보러 가기"),)),
    kakao(Bubble.IMAGE, image=PICTURE),
    kakao(Bubble.WIDE, image=PICTURE),
    kakao(
        Bubble.WIDE_ITEM_LIST,
        KakaoContent(
            header="추석 선물", items=(KakaoItem(title="송편", image=PICTURE, link=PAGE),) * 4
        ),
    ),
    kakao(
        Bubble.COMMERCE,
        KakaoContent(commerce=SALE, additional="무료 배송"),
        image=PICTURE,
        buttons=(MessageButton(name="구매"),),
    ),
    kakao(Bubble.CAROUSEL_FEED, KakaoContent(cards=(CARD, CARD), more=PAGE)),
    kakao(
        Bubble.CAROUSEL_COMMERCE,
        KakaoContent(
            intro=KakaoIntro(header="선물전", body="담아 두세요", image=PICTURE, link=PAGE),
            cards=(KakaoCard(commerce=SALE, image=PICTURE, buttons=(BUY,), coupon=COUPON),),
        ),
    ),
    kakao(
        Bubble.PREMIUM_VIDEO,
        KakaoContent(header="송편", video=KakaoVideo(url="https://tv.kakao.com/v/1")),
    ),
]


@pytest.mark.parametrize("envelope", BUBBLE_CASES, ids=list(Bubble))
def test_every_bubble_has_the_documented_fields(envelope: Envelope) -> None:
    draft = draft_of(envelope)
    assert draft.product == "brandmessage"
    own = dict(draft.own)
    assert own.pop("useSmsFailover") is False
    assert list(problems_in(own, BUBBLES[draft.common["messageType"]])) == []
    assert draft.common["targeting"] == "I"


def test_prices_are_texts_and_pictures_are_ids() -> None:
    own = draft_of(BUBBLE_CASES[4]).own
    assert own["commerce"]["regularPrice"] == "32000"
    assert own["image"] == {"imageId": PICTURE, "imageLink": PAGE}


@pytest.mark.parametrize(
    ("envelope", "code", "systemic"),
    [
        (kakao(Bubble.IMAGE, image="https://shop.example/a.png"), "IMAGE_NOT_UPLOADED", True),
        (
            kakao(Bubble.TEXT, buttons=(MessageButton(name="+", kind=ButtonKind.CHANNEL_ADD),)),
            "CHANNEL_ADD_BUTTON",
            True,
        ),
        (
            kakao(Bubble.COMMERCE, KakaoContent(commerce=replace(SALE, regular_price="삼만"))),
            "NOT_A_NUMBER_OR_BUBBLE",
            False,
        ),
        (
            an_envelope(Channel.SMS, message=a_message(Channel.SMS, sms_format=SmsFormat.MMS)),
            "MMS_IMAGE_NOT_UPLOADED",
            True,
        ),
        (an_envelope(Channel.SMS, settings=SmsSettings()), "NO_SENDER", True),
    ],
)
def test_what_sens_can_never_carry(envelope: Envelope, code: str, systemic: bool) -> None:
    with pytest.raises(UnfitError) as caught:
        draft_of(envelope)
    assert (caught.value.code, caught.value.systemic) == (code, systemic)
    assert preview_body(envelope)["unfit"] == code


def alimtalk(**changes: Any) -> Envelope:
    settings = {"product": KakaoProduct.ALIMTALK, "template_code": "ship-01", **changes}
    return replace(
        kakao(
            Bubble.TEXT,
            KakaoContent(emphasis="배송 출발"),
            body="민지님, 송편이 출발했어요",
            buttons=(MessageButton(name="주문 보기", link=PAGE),),
        ),
        settings=KakaoSettings(**settings),
        advertising=False,
    )


def test_alimtalk_has_the_finished_text_and_both_links() -> None:
    draft = draft_of(alimtalk())
    assert draft.common == {"templateCode": "ship-01"}
    assert draft.own == {
        "content": "민지님, 송편이 출발했어요",
        "title": "배송 출발",
        "useSmsFailover": False,
        "buttons": [{"type": "WL", "name": "주문 보기", "linkMobile": PAGE, "linkPc": PAGE}],
    }


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        (alimtalk(template_code=None), "NO_TEMPLATE_CODE"),
        (replace(alimtalk(), advertising=True), "ALIMTALK_ADVERTISING"),
    ],
)
def test_alimtalk_wants_a_template_and_no_advertising(envelope: Envelope, code: str) -> None:
    with pytest.raises(UnfitError, match=code):
        draft_of(envelope)


@pytest.mark.parametrize(("advertising", "kind"), [(True, "AD"), (False, "COMM")])
def test_an_sms_says_whether_it_is_advertising(advertising: bool, kind: str) -> None:
    envelope = replace(an_envelope(Channel.SMS), advertising=advertising)
    draft = draft_of(envelope)
    assert draft.common == {"type": "LMS", "contentType": kind, "from": "15880000"}
    assert draft.own["subject"] == "(광고) 민지님, 추석 특가"
    body = request_body(draft, [Phone("82", "01012345678")], [draft.own])
    assert body["countryCode"] == "82"
    assert body["messages"] == [{"to": "01012345678", **draft.own}]


def test_a_preview_is_plain() -> None:
    preview = preview_body(an_envelope(Channel.SMS))
    assert orjson.loads(orjson.dumps(preview)) == preview
    assert preview["product"] == "sms"


def test_the_signature_is_naver_clouds() -> None:
    # Computed with openssl: printf 'POST /sms/v2/services/s/messages\n1790211600000\nkey' |
    # openssl dgst -sha256 -hmac secret -binary | base64
    headers = Signer("key", "secret").headers(
        "POST", "/sms/v2/services/s/messages", datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
    )
    assert headers["x-ncp-apigw-timestamp"] == "1790211600000"
    assert headers["x-ncp-apigw-signature-v2"] == "clQbMH3uZ1ZnLxfTIQcdH5RVz9AHyit8kE/UjmfIQas="


def test_a_mark_names_a_number_only_to_whoever_has_the_key() -> None:
    mark = Signer("key", "secret").mark("01012345678")
    assert mark == Signer("other", "secret").mark("01012345678")
    assert mark != Signer("key", "secret-2").mark("01012345678")
    assert (len(mark), "01012345678" in mark) == (16, False)
    assert "secret" not in repr(Signer("key", "secret"))
