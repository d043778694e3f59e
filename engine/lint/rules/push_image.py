"""The picture of a push can be shown.

## What
`image` and `icon` of app and web pushes begin with `https://` and have a type that phones show (jpg,
png, gif, webp; what has no ending is believed). What `images:` of the template says of a picture is at most
1,024 KB. Nothing is fetched.

## Why
Android and iOS load no pictures over http. Android drops a picture above 1 MB without a word, and
the push comes without it (both from experience).

## Fix
Put the picture on https, compress it, and note its size under `images:`.

## 한국어
앱·웹 푸시의 `image`와 `icon`은 `https://`로 시작하고 휴대전화가 보여 줄 수 있는 형식(jpg, png, gif,
webp)이어야 하며, 템플릿의 `images:`에 적힌 크기는 1,024KB 이하여야 합니다. 그림을 내려받아 보지는
않습니다. 안드로이드와 iOS는 http 그림을 불러오지 않고, 안드로이드는 1MB가 넘는 그림을 조용히 버려
그림 없는 푸시가 도착합니다(경험에 따른 값). 고치려면 그림을 https에 두고 압축한 뒤 `images:`에
크기를 적으세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText, every_text
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import PUSH

META = RuleMeta(
    id="push-image",
    title="the picture of a push is https, small and of a known type",
    severity=Severity.WARNING,
    rests_on=practice(
        "push-picture",
        "a picture that a phone cannot load leaves a push without one",
        title_ko="휴대전화가 불러오지 못하는 그림은 푸시에 나오지 않습니다",
    ),
    title_ko="푸시의 그림은 https이고, 작고, 알려진 형식이어야 합니다",
)
EXAMPLES = (
    Good("template: {locales: {ko: {image: 'https://shop.example/banner.jpg'}}}"),
    Good("template: {locales: {ko: {image: 'https://shop.example/render?id=3'}}}"),
    Bad(
        "template: {locales: {ko: {image: 'http://shop.example/banner.png'}}}",
        ("template", "locales", "ko", "image"),
        "does not begin with `https://`",
    ),
    Bad(
        "template: {locales: {ko: {image: 'https://shop.example/big.png'}},"
        " images: {'https://shop.example/big.png': {kilobytes: 2355}}}",
        ("template", "locales", "ko", "image"),
        "2,355 KB",
    ),
    Bad(
        "template: {locales: {en: {image: 'https://shop.example/banner.svg'}}}",
        ("template", "locales", "en", "image"),
        "`.svg`",
    ),
)
_TYPES = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
_MOST_KILOBYTES = 1024
"""Android, from experience."""
_ENDING = re.compile(r"//[^/?#]+/[^?#]*\.(?P<type>[A-Za-z0-9]{2,5})(?:[?#]|$)")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield pictures that phones would not show."""
    for one in context.once(every_text):
        text = one.text
        if (text.image is None and text.icon is None) or PUSH.isdisjoint(one.channels):
            continue
        for field in ("image", "icon"):
            url = getattr(text, field)
            if url:
                yield from _judge(one, field, url.strip())


def _judge(one: EveryText, field: str, url: str) -> Iterator[Hit]:
    ending = _ENDING.search(url)
    facts = one.variant.template.images.get(url)
    if not url.startswith(("https://", "{")):
        short = url if len(url) <= 60 else f"{url[:57]}…"
        yield _hit(
            one,
            field,
            f"the {field} `{short}` does not begin with `https://`",
            "put it on https: phones load nothing else",
            Korean(
                f"`{field}`의 `{short}`{josa(short, '이/가')} `https://`로 시작하지 않습니다",
                "https에 두세요. 휴대전화는 다른 주소의 그림을 불러오지 않습니다",
            ),
        )
    elif ending is not None and ending["type"].lower() not in _TYPES:
        yield _hit(
            one,
            field,
            f"the {field} is a `.{ending['type']}`, which phones do not show",
            "save it as jpg or png",
            Korean(
                f"`{field}`의 `.{ending['type']}` 형식은 휴대전화가 보여 주지 못합니다",
                "jpg나 png로 저장하세요",
            ),
        )
    if facts is not None and facts.kilobytes is not None and facts.kilobytes > _MOST_KILOBYTES:
        size = f"{facts.kilobytes:,.0f}"
        yield _hit(
            one,
            field,
            f"the {field} has {size} KB; Android shows none above {_MOST_KILOBYTES:,}",
            "compress it, and note the new size under `images:`",
            Korean(
                f"`{field}`{josa(field, '이/가')}"
                f" {size}KB입니다. 안드로이드는 {_MOST_KILOBYTES:,}KB까지만 보여 줍니다",
                "압축한 뒤 `images:`에 새 크기를 적으세요",
            ),
        )


def _hit(one: EveryText, field: str, message: str, hint: str, korean: Korean) -> Hit:
    return Hit(
        message=message,
        at=one.origin / field,
        hint=hint,
        campaign=one.campaign.id,
        locale=one.locale,
        korean=korean,
    )
