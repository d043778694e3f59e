"""What only a KakaoTalk bubble shows (`redefine.kakao`) → model types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from engine.model.kakao import (
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
from engine.model.template import Button

Raw = Mapping[str, Any]
_T = TypeVar("_T")
_OWN = frozenset(each.name for each in fields(KakaoContent))
_LINK_ONLY = frozenset({"name", "link"})
_PLAIN = ("header", "additional", "more", "image_link", "emphasis")


def build_kakao(raw: Raw) -> KakaoContent | None:
    """Return what `raw`, the text of one locale in the schema's shape, has for KakaoTalk only.

    None where it has nothing of that kind.
    """
    if _OWN.isdisjoint(raw):
        return None
    return KakaoContent(
        items=tuple(KakaoItem(**item) for item in raw.get("items", ())),
        commerce=_commerce(raw.get("commerce")),
        video=_part(KakaoVideo, raw.get("video")),
        coupon=_part(KakaoCoupon, raw.get("coupon")),
        intro=_part(KakaoIntro, raw.get("intro")),
        cards=tuple(_card(card) for card in raw.get("cards", ())),
        variables=dict(raw.get("variables", {})),
        **{key: raw[key] for key in _PLAIN if key in raw},
    )


def build_button(raw: Raw) -> Button:
    """Return the button of a message that `raw` describes."""
    if _LINK_ONLY.issuperset(raw):
        return Button(name=raw["name"], link=raw.get("link"))
    kind = raw.get("kind")
    return Button(
        name=raw["name"],
        link=raw.get("link"),
        link_pc=raw.get("link_pc"),
        android=raw.get("android"),
        ios=raw.get("ios"),
        kind=None if kind is None else ButtonKind(kind),
    )


def _card(raw: Raw) -> KakaoCard:
    return KakaoCard(
        header=raw.get("header"),
        body=raw.get("body"),
        image=raw.get("image"),
        link=raw.get("link"),
        commerce=_commerce(raw.get("commerce")),
        additional=raw.get("additional"),
        coupon=_part(KakaoCoupon, raw.get("coupon")),
        buttons=tuple(_card_button(button) for button in raw.get("buttons", ())),
    )


def _card_button(raw: Raw) -> KakaoButton:
    kind = raw.get("kind")
    return KakaoButton(**{**raw, "kind": None if kind is None else ButtonKind(kind)})


def _commerce(raw: Raw | None) -> KakaoCommerce | None:
    """Return a product; a price may be written as a number, and is a text from here on."""
    if raw is None:
        return None
    return KakaoCommerce(**{key: str(value) for key, value in raw.items()})


def _part(kind: type[_T], raw: Raw | None) -> _T | None:
    return None if raw is None else kind(**raw)
