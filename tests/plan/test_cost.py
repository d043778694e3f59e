"""What a plan says a send costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.model.channel import Channel, ProviderSettings
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsSettings
from engine.model.kakao import Bubble
from engine.plan.cost import costs_of
from tests.message.factories import a_campaign

SMS, KAKAO = Channel.SMS, Channel.KAKAO


def channels(channel: Channel, **options: Any) -> dict[Channel, ProviderSettings]:
    return {channel: ProviderSettings(provider="solapi", options=options)}


def samples(*formats: str) -> list[dict[str, Any]]:
    return [{"channel": "sms", "sms_format": one} for one in formats]


def test_a_text_message_costs_what_its_kind_costs() -> None:
    campaign = a_campaign(channels={SMS: SmsSettings(from_="15880000")})
    vendors = channels(SMS, prices={"sms": 8.4, "lms": 25.9})
    (cost,) = costs_of(campaign, {SMS: 62_000}, vendors, samples("sms", "sms"))
    assert (cost.kind, cost.total, cost.currency) == ("sms", Decimal("520800.0"), "KRW")
    assert not cost.at_most


def test_where_lengths_differ_the_dearest_counts() -> None:
    campaign = a_campaign(channels={SMS: SmsSettings(from_="15880000")})
    vendors = channels(SMS, prices={"sms": 8.4, "lms": 25.9}, currency="JPY")
    (cost,) = costs_of(campaign, {SMS: 10}, vendors, samples("sms", "lms"))
    assert (cost.kind, cost.total, cost.currency) == ("lms", Decimal("259.0"), "JPY")
    assert cost.at_most


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (KakaoSettings(), "brand"),
        (KakaoSettings(bubble=Bubble.CAROUSEL_FEED), "brand_carousel_feed"),
        (KakaoSettings(product=KakaoProduct.ALIMTALK, template_code="ORDER"), "alimtalk"),
    ],
)
def test_kakao_is_charged_by_product_and_bubble(settings: KakaoSettings, kind: str) -> None:
    prices = {"brand": 16, "brand_carousel_feed": 20, "alimtalk": 7}
    found = costs_of(
        a_campaign(channels={KAKAO: settings}), {KAKAO: 3}, channels(KAKAO, prices=prices), []
    )
    assert [(cost.kind, cost.total) for cost in found] == [(kind, Decimal(prices[kind]) * 3)]


def test_what_has_no_price_is_not_guessed() -> None:
    campaign = a_campaign(channels={SMS: SmsSettings(from_="15880000")})
    assert costs_of(campaign, {SMS: 5}, channels(SMS), samples("sms")) == ()
    lms_only = channels(SMS, prices={"lms": 25})
    assert costs_of(campaign, {SMS: 5}, lms_only, samples("sms")) == ()
    assert costs_of(campaign, {SMS: 0}, channels(SMS, prices={"sms": 8}), samples("sms")) == ()
