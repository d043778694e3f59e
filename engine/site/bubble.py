"""What a KakaoTalk bubble shows beyond text, picture and buttons, cut into pieces for the page."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.frozen import frozen
from engine.message.kakao_limits import (
    ADDITIONAL,
    ALIMTALK_HEADER,
    CARD_BODY,
    EMPHASIS,
    HEADER,
    INTRO_BODY,
    ITEM_TITLE,
    MAIN_TITLE,
    PRODUCT,
    Length,
    Shape,
    shape_of,
)
from engine.message.kakao_price import is_digits
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
    KakaoItem,
    button_kind,
)
from engine.model.message import Message, MessageButton
from engine.site.pieces import Piece, pieces

Pieces = tuple[Piece, ...]
_CAROUSELS = frozenset({Bubble.CAROUSEL_FEED, Bubble.CAROUSEL_COMMERCE})


@frozen
class DrawnButton:
    """A button and where it leads; `kind` is a key of the words where it does something else."""

    name: Pieces
    link: Pieces
    kind: str | None = None


@frozen
class DrawnPrice:
    """A product. `regular` is struck through where `paid` is written; `off` is what is taken off."""

    title: Pieces
    regular: str
    paid: str | None
    off: str | None


@frozen
class DrawnCoupon:
    """A coupon at the foot of a bubble or card."""

    title: Pieces
    description: Pieces
    link: Pieces


@frozen
class DrawnRow:
    """A row of a list, or the card in front of a carousel (which has a `body`)."""

    title: Pieces
    image: Pieces
    link: Pieces
    body: Pieces = ()


@frozen
class DrawnCard:
    """A card of a carousel."""

    header: Pieces
    body: Pieces
    image: Pieces
    link: Pieces
    price: DrawnPrice | None
    additional: Pieces
    coupon: DrawnCoupon | None
    buttons: tuple[DrawnButton, ...]


@frozen
class DrawnBubble:
    """The parts of one bubble. `shape` is its name in the files, `wide` that it fills the screen."""

    shape: str
    wide: bool
    carousel: bool
    side_by_side: bool
    header: Pieces = ()
    emphasis: Pieces = ()
    additional: Pieces = ()
    image_link: Pieces = ()
    rows: tuple[DrawnRow, ...] = ()
    price: DrawnPrice | None = None
    video: Pieces = ()
    thumbnail: Pieces = ()
    coupon: DrawnCoupon | None = None
    intro: DrawnRow | None = None
    cards: tuple[DrawnCard, ...] = ()
    more: Pieces = ()
    variables: tuple[tuple[str, Pieces], ...] = ()


def drawn_bubble(message: Message, settings: KakaoSettings) -> DrawnBubble:
    """Return what `message` shows in the bubble of `settings`; what is over a limit is marked."""
    shape, content = shape_of(settings), message.kakao or KakaoContent()
    alimtalk = settings.product is KakaoProduct.ALIMTALK
    bubble = Bubble(settings.bubble)
    video, intro = content.video, content.intro
    return DrawnBubble(
        shape="alimtalk" if alimtalk else bubble.value,
        wide=not alimtalk and bubble not in (Bubble.TEXT, Bubble.IMAGE),
        carousel=not alimtalk and bubble in _CAROUSELS,
        side_by_side=shape.buttons == 2,
        header=_cut(content.header, ALIMTALK_HEADER if alimtalk else HEADER),
        emphasis=_cut(content.emphasis, EMPHASIS),
        additional=_cut(content.additional, ADDITIONAL),
        image_link=pieces(content.image_link or ""),
        rows=tuple(_row(item, first=not at) for at, item in enumerate(content.items)),
        price=_price(content.commerce),
        video=pieces(video.url) if video else (),
        thumbnail=pieces(video.thumbnail or "") if video else (),
        coupon=_coupon(content.coupon, shape),
        intro=None
        if intro is None
        else DrawnRow(
            title=_cut(intro.header, HEADER),
            body=_cut(intro.body, INTRO_BODY),
            image=pieces(intro.image),
            link=pieces(intro.link or ""),
        ),
        cards=tuple(_card(card, shape) for card in content.cards),
        more=pieces(content.more or ""),
        variables=tuple((name, pieces(text)) for name, text in content.variables.items()),
    )


def drawn_buttons(
    buttons: Iterable[MessageButton | KakaoButton], shape: Shape | None
) -> tuple[DrawnButton, ...]:
    """Return `buttons` with all their links; names are marked beyond what `shape` carries."""
    most = None if shape is None else Length(shape.button_name)
    return tuple(
        DrawnButton(
            name=_cut(button.name, most),
            link=pieces(_links(button)),
            kind=None
            if button_kind(button) in (ButtonKind.WEB, ButtonKind.APP)
            else f"kind_{button.kind}",
        )
        for button in buttons
    )


def _links(button: MessageButton | KakaoButton) -> str:
    others = (("PC", button.link_pc), ("Android", button.android), ("iOS", button.ios))
    written = [f"{name}: {link}" for name, link in others if link]
    return " · ".join([*([button.link] if button.link else []), *written])


def _card(card: KakaoCard, shape: Shape) -> DrawnCard:
    return DrawnCard(
        header=_cut(card.header, HEADER),
        body=_cut(card.body, CARD_BODY),
        image=pieces(card.image or ""),
        link=pieces(card.link or ""),
        price=_price(card.commerce),
        additional=_cut(card.additional, ADDITIONAL),
        coupon=_coupon(card.coupon, shape),
        buttons=drawn_buttons(card.buttons, shape),
    )


def _row(item: KakaoItem, *, first: bool) -> DrawnRow:
    return DrawnRow(
        title=_cut(item.title, MAIN_TITLE if first else ITEM_TITLE),
        image=pieces(item.image),
        link=pieces(item.link),
    )


def _price(commerce: KakaoCommerce | None) -> DrawnPrice | None:
    if commerce is None:
        return None
    off = None
    if commerce.discount_rate is not None:
        off = f"{commerce.discount_rate}%"
    elif commerce.discount_fixed is not None:
        off = _won(commerce.discount_fixed)
    paid = commerce.discount_price
    return DrawnPrice(
        title=_cut(commerce.title, PRODUCT),
        regular=_won(commerce.regular_price),
        paid=None if paid is None else _won(paid),
        off=off,
    )


def _won(digits: str) -> str:
    """Return an amount as KakaoTalk writes it; what is no number stays as it is."""
    return f"{int(digits):,}원" if is_digits(digits) else digits


def _coupon(coupon: KakaoCoupon | None, shape: Shape) -> DrawnCoupon | None:
    if coupon is None:
        return None
    links = [one for one in (coupon.link, coupon.android, coupon.ios) if one]
    return DrawnCoupon(
        title=pieces(coupon.title),
        description=_cut(coupon.description, Length(shape.coupon)),
        link=pieces(" · ".join(links)),
    )


def _cut(text: str | None, length: Length | None) -> Pieces:
    if not text:
        return ()
    return pieces(text, None, None if length is None else length.characters)
