"""`images:` of a channel: what a vendor calls the pictures of templates that were uploaded to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.channels.options import Options
from engine.model.kakao import KakaoContent
from engine.model.message import Envelope


def uploaded(options: Options) -> Mapping[str, str]:
    """Return the vendor's ids or addresses by the addresses that templates have."""
    images = options.settings.options.get("images")
    if not isinstance(images, Mapping):
        return {}
    return {address: str(name) for address, name in images.items()}


def with_uploaded(envelope: Envelope, images: Mapping[str, str]) -> Envelope:
    """Return `envelope` with every picture of `images` under the vendor's name; others stay."""
    if not images:
        return envelope
    message = envelope.message

    def named(picture: str | None) -> str | None:
        return images.get(picture, picture) if picture is not None else None

    content = None if message.kakao is None else _content(message.kakao, images)
    return replace(envelope, message=replace(message, image=named(message.image), kakao=content))


def _content(content: KakaoContent, images: Mapping[str, str]) -> KakaoContent:
    intro, video = content.intro, content.video
    if intro is not None:
        intro = replace(intro, image=images.get(intro.image, intro.image))
    if video is not None and video.thumbnail is not None:
        video = replace(video, thumbnail=images.get(video.thumbnail, video.thumbnail))
    return replace(
        content,
        intro=intro,
        video=video,
        items=tuple(
            replace(item, image=images.get(item.image, item.image)) for item in content.items
        ),
        cards=tuple(
            replace(card, image=images.get(card.image, card.image)) if card.image else card
            for card in content.cards
        ),
    )
