"""What each chat bubble of KakaoTalk takes, and how much of it.

Read on 2026-11-23: SOLAPI's bms constraints (github.com/solapi/solapi-nodejs, bmsConstraints and its
neighbours), NHN Cloud Brand Message v1.0, infobip.com/docs/kakaotalk (Brand Message, AlimTalk),
developers.solapi.dev (brand templates), developers.fingerpush.com (free form). Where they differ the
hard limit is the widest, and the narrower one is a `Length.advised`.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel.frozen import frozen
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import Bubble, ButtonKind


@frozen(kw_only=False)
class Length:
    """How long a text may be: characters with blanks, and line breaks.

    `advised` is what the strictest vendor takes, where they differ.
    """

    characters: int
    breaks: int = 0
    advised: int | None = None
    advised_breaks: int | None = None


@frozen
class Shape:
    """A bubble: its name for people, the parts that it must have and those it may have.

    Parts are fields of `Message` and `KakaoContent`. `buttons` is the most of
    them (`buttons_with_coupon` beside a coupon); of a carousel, on every card.
    """

    name: str
    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    body: Length | None = None
    coupon: int = 12
    buttons: int = 2
    buttons_with_coupon: int = 2
    button_name: int = 8
    kinds: frozenset[ButtonKind]
    link: int = 1_000
    card_needs: frozenset[str] = frozenset()
    card_may: frozenset[str] = frozenset()

    @property
    def takes(self) -> frozenset[str]:
        """All parts that the bubble shows."""
        return self.needs | self.may


LINKS = frozenset({ButtonKind.WEB, ButtonKind.APP})
"""The only buttons of products and cards (SOLAPI)."""
TEMPLATE_ONLY = frozenset({ButtonKind.CHANNEL_ADD})
FREE_ONLY = frozenset({ButtonKind.CONSULT, ButtonKind.BOT_SWITCH})
"""Free form takes no `channel_add`, a template no `consult` and `bot_switch` (NAVER Cloud SENS; NHN and
SOLAPI list `channel_add` for free form as well)."""
_BRAND = LINKS | TEMPLATE_ONLY | FREE_ONLY
_BRAND |= {ButtonKind.BOT_KEYWORD, ButtonKind.MESSAGE, ButtonKind.BUSINESS_FORM}

FRIENDS_ONLY = frozenset({Bubble.WIDE_ITEM_LIST, Bubble.COMMERCE, Bubble.CAROUSEL_COMMERCE})
"""Bubbles that only channel friends get: targeting `I` (developers.solapi.dev, brand templates)."""

HEADER = Length(20)
ITEMS = (3, 4)
"""Rows of a wide item list, the large one counted: SOLAPI wants three beside it, others two."""
MAIN_TITLE, ITEM_TITLE = Length(25, 1), Length(30, 1)
PRODUCT = Length(30)
ADDITIONAL = Length(34, 1)
CARD_BODY = Length(180, 2)
INTRO_BODY = Length(50, 2)
CARDS, CARDS_AFTER_INTRO = (2, 6), (1, 5)
DIGITS = 8
"""Digits of a price (NHN; from memory)."""

ALIMTALK_CHARACTERS = 1_000
"""With blanks (infobip.com/docs/kakaotalk/alim-talk); NHN v2.3 says 1,300: the lower is taken."""
EMPHASIS, ALIMTALK_HEADER = Length(50, 1), Length(16)
"""NHN AlimTalk v2.3: templateTitle and templateHeader."""

ALIMTALK = Shape(
    name="an AlimTalk",
    needs=frozenset(),
    may=frozenset({"body", "header", "emphasis", "buttons", "variables"}),
    body=Length(ALIMTALK_CHARACTERS, ALIMTALK_CHARACTERS),
    buttons=5,
    buttons_with_coupon=5,
    button_name=14,
    kinds=frozenset(ButtonKind),
    link=500,
)

_SHORT = Length(76, 1)
_CARD = frozenset({"image", "buttons"})
BUBBLES: Mapping[Bubble, Shape] = {
    Bubble.TEXT: Shape(
        name="the bubble `text`",
        needs=frozenset({"body"}),
        may=frozenset({"buttons", "coupon"}),
        body=Length(1_300, 99),
        buttons=5,
        buttons_with_coupon=4,
        button_name=14,
        kinds=_BRAND,
    ),
    Bubble.IMAGE: Shape(
        name="the bubble `image`",
        needs=frozenset({"body", "image"}),
        may=frozenset({"image_link", "buttons", "coupon"}),
        body=Length(1_300, 99, 400, 29),
        buttons=5,
        buttons_with_coupon=4,
        button_name=14,
        kinds=_BRAND,
    ),
    Bubble.WIDE: Shape(
        name="the bubble `wide`",
        needs=frozenset({"body", "image"}),
        may=frozenset({"image_link", "buttons", "coupon"}),
        body=_SHORT,
        coupon=18,
        kinds=_BRAND,
    ),
    Bubble.WIDE_ITEM_LIST: Shape(
        name="the bubble `wide_item_list`",
        needs=frozenset({"header", "items"}),
        may=frozenset({"buttons", "coupon"}),
        coupon=18,
        kinds=_BRAND,
    ),
    Bubble.COMMERCE: Shape(
        name="the bubble `commerce`",
        needs=frozenset({"image", "commerce", "buttons"}),
        may=frozenset({"image_link", "additional", "coupon"}),
        kinds=LINKS,
    ),
    Bubble.CAROUSEL_FEED: Shape(
        name="the bubble `carousel_feed`",
        needs=frozenset({"cards"}),
        may=frozenset({"more"}),
        kinds=LINKS,
        card_needs=_CARD | {"header", "body"},
        card_may=frozenset({"link", "coupon"}),
    ),
    Bubble.CAROUSEL_COMMERCE: Shape(
        name="the bubble `carousel_commerce`",
        needs=frozenset({"cards"}),
        may=frozenset({"intro", "more"}),
        kinds=LINKS,
        card_needs=_CARD | {"commerce"},
        card_may=frozenset({"link", "additional", "coupon"}),
    ),
    Bubble.PREMIUM_VIDEO: Shape(
        name="the bubble `premium_video`",
        needs=frozenset({"video"}),
        may=frozenset({"header", "body", "buttons", "coupon"}),
        body=_SHORT,
        buttons=1,
        buttons_with_coupon=1,
        kinds=_BRAND,
    ),
}


def shape_of(settings: KakaoSettings) -> Shape:
    """Return what the product and the bubble of `settings` take."""
    if settings.product is KakaoProduct.ALIMTALK:
        return ALIMTALK
    return BUBBLES[Bubble(settings.bubble)]
