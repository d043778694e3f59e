"""Buttons, coupons and links of a KakaoTalk bubble: their kinds, numbers, names and shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.kernel.origin import Key
from engine.message.kakao_limits import FREE_ONLY, TEMPLATE_ONLY, Shape
from engine.message.kakao_problem import KakaoProblem, KakaoProblemKind, written
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import ButtonKind, KakaoButton, KakaoCoupon, button_kind
from engine.model.message import MessageButton

_Problems = Iterator[KakaoProblem]
_Path = tuple[Key, ...]
_KIND = KakaoProblemKind
_AnyButton = MessageButton | KakaoButton

_COUPONS = re.compile(
    r"[1-9][0-9]{0,7}원 할인 쿠폰|(?:[1-9][0-9]?|100)% 할인 쿠폰|배송비 할인 쿠폰"
    r"|\S{1,7} (?:무료|UP) 쿠폰",
    re.ASCII,
)
"""The five titles of Kakao's coupons (NHN Brand Message v1.0; SOLAPI bmsCoupon)."""
_PAGE = re.compile(r"https?://[^\s/?#.]+(?:\.[^\s/?#.]+)+(?:[/?#]\S*)?", re.IGNORECASE)
_APP = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", re.ASCII)


def button_problems(
    buttons: Sequence[_AnyButton], shape: Shape, settings: KakaoSettings, path: _Path, coupon: bool
) -> _Problems:
    """Yield what is wrong with the buttons at `path`; `coupon` says that one stands beside them."""
    if not buttons:
        return
    most = shape.buttons_with_coupon if coupon else shape.buttons
    if len(buttons) > most:
        beside = " beside a coupon" if coupon and most < shape.buttons else ""
        yield KakaoProblem(
            kind=_KIND.COUNT,
            message=f"`{written(path)}` has {len(buttons)}; {shape.name} takes {most}{beside}",
            path=path,
            hint="delete some",
        )
    for number, button in enumerate(buttons):
        here = (*path, number)
        yield from _name_problems(button, shape, here)
        yield from _kind_problems(button, shape, settings, here)
        yield from _target_problems(button, settings, here)
        for name in ("link", "link_pc"):
            yield from link_problems(getattr(button, name), (*here, name), shape)
        for name in ("android", "ios"):
            yield from app_link_problems(getattr(button, name), (*here, name), shape)


def _name_problems(button: _AnyButton, shape: Shape, path: _Path) -> _Problems:
    # Kakao writes the name of a button that adds the channel itself.
    if button_kind(button) is ButtonKind.CHANNEL_ADD:
        return
    if not button.name or len(button.name) > shape.button_name:
        size = f"{len(button.name)} characters" if button.name else "nothing"
        yield KakaoProblem(
            kind=_KIND.LENGTH,
            message=f"`{written(path)}.name` takes {size}; "
            f"{shape.name} carries {shape.button_name}",
            path=(*path, "name"),
            hint="shorten it" if button.name else "write the words on the button",
        )


def _kind_problems(
    button: _AnyButton, shape: Shape, settings: KakaoSettings, path: _Path
) -> _Problems:
    kind = button_kind(button)
    place = (*path, "kind") if button.kind is not None else path
    if kind not in shape.kinds:
        taken = ", ".join(f"`{one}`" for one in sorted(shape.kinds))
        yield KakaoProblem(
            kind=_KIND.BUTTON,
            message=f"`{written(path)}` is a button `{kind}`; {shape.name} takes {taken}",
            path=place,
            hint=f"write `kind: {min(shape.kinds & {ButtonKind.WEB, ButtonKind.APP})}` and a link",
        )
    elif settings.product is KakaoProduct.BRAND:
        template = settings.template_code is not None
        if kind in (FREE_ONLY if template else TEMPLATE_ONLY):
            other, way = ("a template", "free form") if template else ("free form", "a template")
            yield KakaoProblem(
                kind=_KIND.MODE,
                message=f"`{written(path)}` is a button `{kind}`, which {other} does not take "
                "with every vendor (NAVER Cloud SENS)",
                path=place,
                hint=f"write `kind: web` and a link, or send it as {way}",
                sure=template,
            )


def _target_problems(button: _AnyButton, settings: KakaoSettings, path: _Path) -> _Problems:
    """Yield the links that a web or app button lacks."""
    kind = button_kind(button)
    needed = None
    sure = True
    if kind is ButtonKind.WEB and not button.link:
        needed = "`link`"
    elif kind is ButtonKind.APP:
        given = [one for one in (button.link, button.android, button.ios) if one]
        if settings.product is KakaoProduct.ALIMTALK and not (button.android and button.ios):
            needed = "`android` and `ios`"
        elif len(given) < 2:
            needed, sure = "two of `link`, `android` and `ios`", not given
    if needed:
        yield KakaoProblem(
            kind=_KIND.BUTTON,
            message=f"`{written(path)}` is a button `{kind}` and needs {needed}",
            path=path,
            hint="write where it leads; `{{ link }}` is the campaign's action",
            sure=sure,
        )


def coupon_problems(coupon: KakaoCoupon | None, shape: Shape, path: _Path) -> _Problems:
    """Yield what is wrong with the coupon at `path`."""
    if coupon is None:
        return
    if not _COUPONS.fullmatch(coupon.title):
        yield KakaoProblem(
            kind=_KIND.COUPON,
            message=f"`{written(path)}.title` is `{coupon.title}`, which is no title of a coupon",
            path=(*path, "title"),
            hint="write `5000원 할인 쿠폰`, `30% 할인 쿠폰`, `배송비 할인 쿠폰`, `첫구매 무료 쿠폰` or "
            "`포인트 UP 쿠폰`",
        )
    size = len(coupon.description)
    if not coupon.description or size > shape.coupon:
        yield KakaoProblem(
            kind=_KIND.LENGTH,
            message=f"`{written(path)}.description` takes {size} characters; "
            f"{shape.name} carries {shape.coupon}",
            path=(*path, "description"),
            hint="shorten it" if size else "say what the coupon is for",
        )
    yield from link_problems(coupon.link, (*path, "link"), shape)
    yield from app_link_problems(coupon.android, (*path, "android"), shape)
    yield from app_link_problems(coupon.ios, (*path, "ios"), shape)


def link_problems(link: str | None, path: _Path, shape: Shape) -> _Problems:
    """Yield what is wrong with the address of a page or picture: http(s), a host with a dot, no blank."""
    if not link:
        return
    if not _PAGE.fullmatch(link):
        yield KakaoProblem(
            kind=_KIND.LINK,
            message=f"`{written(path)}` is `{link}`, which is no address that KakaoTalk opens",
            path=path,
            hint="write `https://`, a host with a dot and no blanks",
        )
    yield from _long_link(link, path, shape)


def app_link_problems(link: str | None, path: _Path, shape: Shape) -> _Problems:
    """Yield what is wrong with a link into an app: a scheme, no blank."""
    if not link:
        return
    if not _APP.fullmatch(link):
        yield KakaoProblem(
            kind=_KIND.LINK,
            message=f"`{written(path)}` is `{link}`, which is no link into an app",
            path=path,
            hint="write a scheme and no blanks, like `sampleshop://sale`",
        )
    yield from _long_link(link, path, shape)


def _long_link(link: str, path: _Path, shape: Shape) -> _Problems:
    if len(link) > shape.link:
        yield KakaoProblem(
            kind=_KIND.LENGTH,
            message=f"`{written(path)}` takes {len(link):,} characters; "
            f"{shape.name} carries {shape.link:,}",
            path=path,
            hint="shorten it",
        )
