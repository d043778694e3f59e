"""Everything that is wrong with a rendered KakaoTalk message: what its bubble lacks or cannot show.

A pure function over one message. Lengths depend on a person's values, so the linter asks about
samples and the plan about the extremes of the audience.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields

from engine.kernel.origin import Key
from engine.message import kakao_limits as limits
from engine.message.kakao_buttons import button_problems, coupon_problems, link_problems
from engine.message.kakao_limits import Length, Shape, shape_of
from engine.message.kakao_price import price_problems
from engine.message.kakao_problem import KakaoProblem, KakaoProblemKind, written
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import KakaoCard, KakaoContent, bubble_text
from engine.model.message import Message

_Problems = Iterator[KakaoProblem]
_Path = tuple[Key, ...]
_KIND = KakaoProblemKind


def problems(message: Message, settings: KakaoSettings) -> tuple[KakaoProblem, ...]:
    """Return what is wrong with `message` in the bubble of `settings`; nothing on other channels."""
    if message.channel is not Channel.KAKAO:
        return ()
    shape, content = shape_of(settings), message.kakao or KakaoContent()
    # A template of the vendor's brings its own texts, and takes what fills them.
    templated = settings.template_code is not None
    needs = frozenset() if templated else shape.needs
    takes = shape.takes | {"variables"} if templated else shape.takes
    return (
        *_bubble(settings, shape),
        *_parts(_present(message, content), needs, takes, shape, ()),
        *_texts(message, content, settings, shape),
        *_items(content, shape),
        *_cards(content, settings, shape),
        *_media(message, content, shape),
        *price_problems(content.commerce, ("commerce",)),
        *coupon_problems(content.coupon, shape, ("coupon",)),
        *button_problems(
            message.buttons, shape, settings, ("buttons",), content.coupon is not None
        ),
    )


def _bubble(settings: KakaoSettings, shape: Shape) -> _Problems:
    friends = settings.bubble in limits.FRIENDS_ONLY and settings.targeting != "I"
    if friends and settings.product is KakaoProduct.BRAND:
        yield KakaoProblem(
            kind=_KIND.TARGETING,
            message=f"{shape.name} reaches channel friends only, and the targeting is "
            f"`{settings.targeting}`",
            hint="write `targeting: I`, or choose another bubble",
            sure=False,
        )


def _present(message: Message, content: KakaoContent) -> dict[str, bool]:
    there = {each.name: bool(getattr(content, each.name)) for each in fields(content)}
    there["body"] = bool(message.title or message.body)
    there["image"] = bool(message.image)
    there["buttons"] = bool(message.buttons)
    return there


def _parts(
    there: dict[str, bool],
    needs: Collection[str],
    takes: Collection[str],
    shape: Shape,
    path: _Path,
) -> _Problems:
    where = f"`{written(path)}` of {shape.name}" if path else shape.name
    for name, present in there.items():
        if present and name not in takes:
            shown = ", ".join(f"`{one}`" for one in sorted(takes))
            yield KakaoProblem(
                kind=_KIND.PART,
                message=f"{where} does not show `{name}`",
                path=(*path, name),
                hint=f"delete it, or choose another bubble; this one shows {shown}",
            )
        elif not present and name in needs:
            yield KakaoProblem(
                kind=_KIND.PART,
                message=f"{where} needs `{name}`",
                path=path,
                hint=f"write `{name}`, or choose another `bubble`",
            )


def _texts(
    message: Message, content: KakaoContent, settings: KakaoSettings, shape: Shape
) -> _Problems:
    alimtalk = settings.product is KakaoProduct.ALIMTALK
    if alimtalk and not (bubble_text(message) or content.variables):
        yield KakaoProblem(
            kind=_KIND.PART,
            message="an AlimTalk needs `body` or the `variables` of its template",
            hint="write the text as it was approved, or what fills it",
        )
    yield from length_problems(bubble_text(message), shape.body, ("body",), shape)
    header = limits.ALIMTALK_HEADER if alimtalk else limits.HEADER
    yield from length_problems(content.header, header, ("header",), shape)
    yield from length_problems(content.emphasis, limits.EMPHASIS, ("emphasis",), shape)
    yield from length_problems(content.additional, limits.ADDITIONAL, ("additional",), shape)
    if content.commerce is not None:
        title = content.commerce.title
        yield from length_problems(title, limits.PRODUCT, ("commerce", "title"), shape)
    if content.intro is not None:
        intro = content.intro
        yield from length_problems(intro.header, limits.HEADER, ("intro", "header"), shape)
        yield from length_problems(intro.body, limits.INTRO_BODY, ("intro", "body"), shape)


def _items(content: KakaoContent, shape: Shape) -> _Problems:
    if not content.items:
        return
    least, most = limits.ITEMS
    count = len(content.items)
    yield from _count(count, least, most, ("items",), shape)
    if count == least:
        yield KakaoProblem(
            kind=_KIND.COUNT,
            message=f"`items` has {count} rows; SOLAPI sends {most}",
            path=("items",),
            hint="add a row if your vendor is SOLAPI",
            sure=False,
        )
    for number, item in enumerate(content.items):
        path: _Path = ("items", number)
        if number and not item.title:
            yield _missing(path, "title", shape)
        for name in ("image", "link"):
            if not getattr(item, name):
                yield _missing(path, name, shape)
        length = limits.ITEM_TITLE if number else limits.MAIN_TITLE
        yield from length_problems(item.title, length, (*path, "title"), shape)
        yield from link_problems(item.image, (*path, "image"), shape)
        yield from link_problems(item.link, (*path, "link"), shape)


def _cards(content: KakaoContent, settings: KakaoSettings, shape: Shape) -> _Problems:
    if not content.cards or not shape.card_needs:
        return
    least, most = limits.CARDS_AFTER_INTRO if content.intro else limits.CARDS
    yield from _count(len(content.cards), least, most, ("cards",), shape)
    takes = shape.card_needs | shape.card_may
    for number, card in enumerate(content.cards):
        path: _Path = ("cards", number)
        there = {each.name: bool(getattr(card, each.name)) for each in fields(card)}
        yield from _parts(there, shape.card_needs, takes, shape, path)
        yield from _card_texts(card, path, shape)
        yield from price_problems(card.commerce, (*path, "commerce"))
        yield from coupon_problems(card.coupon, shape, (*path, "coupon"))
        coupon = card.coupon is not None
        yield from button_problems(card.buttons, shape, settings, (*path, "buttons"), coupon)


def _card_texts(card: KakaoCard, path: _Path, shape: Shape) -> _Problems:
    texts: Sequence[tuple[str, str | None, Length]] = (
        ("header", card.header, limits.HEADER),
        ("body", card.body, limits.CARD_BODY),
        ("additional", card.additional, limits.ADDITIONAL),
    )
    for name, text, length in texts:
        yield from length_problems(text, length, (*path, name), shape)
    if card.commerce is not None:
        title = (*path, "commerce", "title")
        yield from length_problems(card.commerce.title, limits.PRODUCT, title, shape)
    yield from link_problems(card.image, (*path, "image"), shape)
    yield from link_problems(card.link, (*path, "link"), shape)


def _media(message: Message, content: KakaoContent, shape: Shape) -> _Problems:
    yield from link_problems(message.image, ("image",), shape)
    yield from link_problems(content.image_link, ("image_link",), shape)
    yield from link_problems(content.more, ("more",), shape)
    if content.intro is not None:
        yield from link_problems(content.intro.image, ("intro", "image"), shape)
        yield from link_problems(content.intro.link, ("intro", "link"), shape)
    video = content.video
    if video is not None:
        yield from link_problems(video.thumbnail, ("video", "thumbnail"), shape)
        if not video.url.startswith("https://tv.kakao.com/"):
            yield KakaoProblem(
                kind=_KIND.LINK,
                message=f"`video.url` is `{video.url}`, but must start with `https://tv.kakao.com/`",
                path=("video", "url"),
                hint="upload the video to Kakao TV and write the address of its page",
            )


def length_problems(
    text: str | None, length: Length | None, path: _Path, shape: Shape
) -> _Problems:
    """Yield what of `text` is beyond `length`. Without a length the part itself is the problem."""
    if not text or length is None:
        return
    breaks = text.count("\n")
    for found, most, advised, unit in (
        (len(text), length.characters, length.advised, "characters"),
        (breaks, length.breaks, length.advised_breaks, "line breaks"),
    ):
        limit = most if found > most or advised is None else advised
        if found > limit:
            some = "" if limit == most else " with some vendors (NHN)"
            yield KakaoProblem(
                kind=_KIND.LENGTH,
                message=f"`{written(path)}` takes {found:,} {unit}; "
                f"{shape.name} carries {limit:,}{some}",
                path=path,
                hint="shorten it" if unit == "characters" else "join the lines",
                sure=limit == most,
            )


def _count(count: int, least: int, most: int, path: _Path, shape: Shape) -> _Problems:
    if not least <= count <= most:
        yield KakaoProblem(
            kind=_KIND.COUNT,
            message=f"`{written(path)}` has {count}; {shape.name} takes {least} to {most}",
            path=path,
            hint="add some" if count < least else "delete some",
        )


def _missing(path: _Path, name: str, shape: Shape) -> KakaoProblem:
    return KakaoProblem(
        kind=_KIND.PART,
        message=f"`{written(path)}` of {shape.name} needs `{name}`",
        path=path,
        hint=f"write `{name}`",
    )
