"""What a KakaoTalk bubble holds besides title, body, image and buttons.

The same types serve a template, where every text is Jinja source, and a composed message, where it
is rendered. Which part a bubble takes, and how much of it, `engine.message.kakao_limits` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, fields, is_dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any, Protocol

from engine.kernel.frozen import frozen
from engine.kernel.origin import Key


class Bubble(StrEnum):
    """The chat bubbles of Brand Message (NHN Cloud Brand Message v1.0, SOLAPI bms)."""

    TEXT = "text"
    IMAGE = "image"
    WIDE = "wide"
    WIDE_ITEM_LIST = "wide_item_list"
    COMMERCE = "commerce"
    CAROUSEL_FEED = "carousel_feed"
    CAROUSEL_COMMERCE = "carousel_commerce"
    PREMIUM_VIDEO = "premium_video"


class ButtonKind(StrEnum):
    """What a Kakao button does. Without a kind: `app` where it has an app link, else `web`."""

    WEB = "web"
    APP = "app"
    CHANNEL_ADD = "channel_add"
    BOT_KEYWORD = "bot_keyword"
    MESSAGE = "message"
    CONSULT = "consult"
    BOT_SWITCH = "bot_switch"
    BUSINESS_FORM = "business_form"
    DELIVERY = "delivery"
    CALL = "call"


@frozen
class KakaoButton:
    """A button of a card. `link` opens on a phone, `link_pc` on a computer, the others in an app."""

    name: str
    link: str | None = None
    link_pc: str | None = None
    android: str | None = None
    ios: str | None = None
    kind: ButtonKind | None = None


class Worded(Protocol):
    """What has a title and a body: a message."""

    @property
    def title(self) -> str | None: ...
    @property
    def body(self) -> str | None: ...


class Pressed(Protocol):
    """What is a button: a message's, a card's, a template's."""

    @property
    def kind(self) -> ButtonKind | None: ...
    @property
    def android(self) -> str | None: ...
    @property
    def ios(self) -> str | None: ...


def bubble_text(message: Worded) -> str | None:
    """Return the text of a bubble: Kakao has no title, so that it is the first line."""
    return "\n".join(text for text in (message.title, message.body) if text) or None


def button_kind(button: Pressed) -> ButtonKind:
    """Return what a button does: where nothing is said, what its links ask for."""
    if button.kind is not None:
        return button.kind
    return ButtonKind.APP if button.android or button.ios else ButtonKind.WEB


@frozen
class KakaoItem:
    """A row of a wide item list; the first is the large one, which may go without a title."""

    title: str | None = None
    image: str
    link: str


@frozen
class KakaoCommerce:
    """A product and its price in won, as text of digits; `discount_rate` in percent."""

    title: str
    regular_price: str
    discount_price: str | None = None
    discount_rate: str | None = None
    discount_fixed: str | None = None


@frozen
class KakaoVideo:
    """A Kakao TV video: its page (`https://tv.kakao.com/v/…`) and a picture for before it plays."""

    url: str
    thumbnail: str | None = None


@frozen
class KakaoCoupon:
    """A coupon under the bubble. Kakao takes five shapes of titles only."""

    title: str
    description: str
    link: str | None = None
    android: str | None = None
    ios: str | None = None


@frozen
class KakaoCard:
    """One card of a carousel: of a feed (`header`, `body`) or of products (`commerce`)."""

    header: str | None = None
    body: str | None = None
    image: str | None = None
    link: str | None = None
    commerce: KakaoCommerce | None = None
    additional: str | None = None
    coupon: KakaoCoupon | None = None
    buttons: tuple[KakaoButton, ...] = ()


@frozen
class KakaoIntro:
    """The card in front of a carousel of products."""

    header: str
    body: str
    image: str
    link: str | None = None


@frozen
class KakaoContent:
    """Everything of one locale that only KakaoTalk shows.

    `variables` fills an AlimTalk template of the vendor: its `#{name}` by name. `more` is the link
    at the end of a carousel. `emphasis` is the large line above an AlimTalk's text (강조표기).
    """

    header: str | None = None
    items: tuple[KakaoItem, ...] = ()
    commerce: KakaoCommerce | None = None
    additional: str | None = None
    video: KakaoVideo | None = None
    coupon: KakaoCoupon | None = None
    intro: KakaoIntro | None = None
    cards: tuple[KakaoCard, ...] = ()
    more: str | None = None
    image_link: str | None = None
    emphasis: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


def texts_in(part: object, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], str]]:
    """Return every text of `part` (a dataclass, tuple, list or mapping of them), in the order written.

    Each comes with the way to it from `path` on, as the files name it: `("items", 0, "title")`.
    """
    if part is None or isinstance(part, Enum):
        return
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from texts_in(inner, (*path, number))
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from texts_in(inner, (*path, key))
    elif is_dataclass(part):
        kind: Any = type(part)
        for name in _names_of(kind):
            yield from texts_in(getattr(part, name), (*path, name))


@lru_cache(maxsize=64)
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def plain_part(part: object) -> Any:
    """Return `part` (a dataclass, tuple, mapping or text) as JSON values, without what is empty."""
    if isinstance(part, Enum) or part is None or isinstance(part, str):
        return part.value if isinstance(part, Enum) else part
    if isinstance(part, tuple):
        return [plain_part(inner) for inner in part]
    kind: Any = type(part)
    pairs = part.items() if isinstance(part, Mapping) else _pairs_of(part, kind)
    return {name: plain_part(inner) for name, inner in pairs if inner not in (None, (), {})}


def _pairs_of(part: object, kind: Any) -> Iterator[tuple[str, object]]:
    return ((name, getattr(part, name)) for name in _names_of(kind))
