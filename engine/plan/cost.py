"""What a send costs at most, where the workspace says what its vendors charge."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from engine.kernel.digest import Plain
from engine.model.channel import Channel, ProviderSettings
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.plan import Cost
from engine.model.resolved import ResolvedCampaign

PRICES = "prices"
CURRENCY = "currency"
USUAL_CURRENCY = "KRW"
"""Options of a channel: a price per message by kind, and the currency of all of them."""


def costs_of(
    campaign: ResolvedCampaign,
    deliveries: Mapping[Channel, int],
    channels: Mapping[Channel, ProviderSettings],
    samples: Plain,
) -> tuple[Cost, ...]:
    """Return the cost of every channel of `campaign` that has a price for what it sends.

    `samples` are the rendered samples as they are stored: a text message's length decides its kind,
    and where samples differ the dearest counts. What an alternative may cost later is not in it: it
    depends on what the vendor refuses.
    """
    found: list[Cost] = []
    for channel, count in deliveries.items():
        settings = channels.get(channel)
        if settings is None or not count:
            continue
        prices = _prices(settings)
        priced = [(prices[kind], kind) for kind in _kinds(campaign, channel, samples, prices)]
        if not priced:
            continue
        price, kind = max(priced)
        found.append(
            Cost(
                channel=channel,
                kind=kind,
                messages=count,
                price=price,
                total=price * count,
                currency=str(settings.options.get(CURRENCY) or USUAL_CURRENCY),
                at_most=len(priced) > 1,
            )
        )
    return tuple(found)


def _prices(settings: ProviderSettings) -> dict[str, Decimal]:
    written = settings.options.get(PRICES)
    if not isinstance(written, Mapping):
        return {}
    found: dict[str, Decimal] = {}
    for kind, price in written.items():
        try:
            found[str(kind)] = Decimal(str(price))
        except InvalidOperation:
            continue  # the schema says that it is a number
    return found


def _kinds(
    campaign: ResolvedCampaign, channel: Channel, samples: Plain, prices: Mapping[str, Decimal]
) -> set[str]:
    """Return the kinds of message that may go out on `channel` and have a price."""
    wanted = {channel.value}
    if channel is Channel.SMS:
        wanted = {
            sample["sms_format"]
            for sample in samples or ()
            if sample.get("channel") == channel and sample.get("sms_format")
        }
    elif channel is Channel.KAKAO:
        settings = campaign.channels.get(channel)
        kakao = settings if isinstance(settings, KakaoSettings) else KakaoSettings()
        bubble = f"brand_{kakao.bubble}"
        wanted = {bubble if bubble in prices else "brand"}
        if kakao.product is KakaoProduct.ALIMTALK:
            wanted = {"alimtalk"}
    return {kind for kind in wanted if kind in prices}
