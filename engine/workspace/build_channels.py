"""`channels:` and `action:` of a campaign → model types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.kernel.instant import parse_duration
from engine.kernel.origin import Origin
from engine.model.chain import FALLBACK_AFTER
from engine.model.channel import Channel
from engine.model.channel_settings import (
    AppSettings,
    ChannelSettings,
    Devices,
    KakaoProduct,
    KakaoSettings,
    SmsFormat,
    SmsSettings,
    WebSettings,
)
from engine.model.kakao import Bubble
from engine.model.link import ActionLink
from engine.workspace.notes import Notes, name
from engine.workspace.suggest import did_you_mean
from engine.workspace.values import parse_phone

Raw = Mapping[str, Any]


def build_channels(raw: Raw, at: Origin, notes: Notes) -> dict[Channel, ChannelSettings]:
    """Return the settings of every channel that is listed; an empty entry means all defaults."""
    return {
        channel: _settings(channel, raw[channel] or {}, at, notes)
        for channel in Channel
        if channel in raw
    }


def build_alternative(
    raw: Raw, channels: Collection[Channel], at: Origin, notes: Notes
) -> dict[Channel, Channel]:
    """Return which channel stands in for which. Both must be listed, with no way in a circle.

    `at` is the campaign's own place.
    """
    found: dict[Channel, Channel] = {}
    for word, other in raw.items():
        first, second = Channel(word), Channel(other)
        here = at / "alternative" / word
        for channel in (first, second):
            if channel not in channels and not notes.partial:
                notes.add(
                    "reference",
                    f"`{name(here)}`: the campaign does not use the channel `{channel}`",
                    here,
                    f"add `{channel}:` to `channels`",
                )
        step: Channel | None = second
        while step is not None and step != first:
            step = found.get(step)
        if step == first:
            notes.value(f"`{name(here)}`: `{first}` would stand in for itself", here)
            continue
        found[first] = second
    return found


def build_fallback_after(raw: str | None, at: Origin, notes: Notes) -> timedelta:
    """Return how long an alternative waits: 1m to 24h. `at` is the campaign's own place."""
    if raw is None:
        return FALLBACK_AFTER
    span = notes.parse(parse_duration, raw, at, "fallback_after", FALLBACK_AFTER)
    if not timedelta(minutes=1) <= span <= timedelta(hours=24):
        here = at / "fallback_after"
        notes.value(f"`{name(here)}` is `{raw}`, but must be between `1m` and `24h`", here)
        return FALLBACK_AFTER
    return span


def build_action(
    raw: Raw, variants: Collection[str], at: Origin, notes: Notes
) -> dict[Channel, tuple[ActionLink, ...]]:
    """Return the links of every channel. A key that is a variant's id means that variant."""
    return {
        Channel(word): _links(one, variants, at / word, notes, app=word == Channel.APP)
        for word, one in raw.items()
    }


def _links(
    raw: str | Raw, variants: Collection[str], at: Origin, notes: Notes, *, app: bool
) -> tuple[ActionLink, ...]:
    """Return the links of one channel. Only those of the app can differ by platform."""
    if link := _one_link(raw, at, notes, app=app):
        return (link,)
    found: list[ActionLink] = []
    for word, one in _inside(raw):
        here = at / word
        single = _one_link(one, here, notes, app=app)
        if word in variants:
            found.extend(
                [replace(single, variant=word)]
                if single
                else _links_of_variant(word, one, here, notes, app=app)
            )
        elif single is None:
            _no_variant(word, variants, here, notes)
        elif _is_locale(word, variants, here, notes):
            found.append(replace(single, locale=word))
    return tuple(found)


def _links_of_variant(
    variant: str, raw: str | Raw, at: Origin, notes: Notes, *, app: bool
) -> list[ActionLink]:
    found: list[ActionLink] = []
    for locale, one in _inside(raw):
        if not _is_locale(locale, (), at / locale, notes):
            continue
        if link := _one_link(one, at / locale, notes, app=app):
            found.append(replace(link, locale=locale, variant=variant))
        else:
            notes.value(f"`{name(at / locale)}` must be a link", at / locale, "write it in quotes")
    return found


def _inside(raw: str | Raw) -> tuple[tuple[str, Any], ...]:
    return tuple(raw.items()) if isinstance(raw, Mapping) else ()


def _one_link(raw: str | Raw, at: Origin, notes: Notes, *, app: bool) -> ActionLink | None:
    """Return a link that is written out: as text, or per platform with a `fallback` for the rest."""
    if isinstance(raw, str):
        return ActionLink(url=raw)
    if not app or not ({"android", "fallback"} & raw.keys()):
        return None
    strange = sorted(raw.keys() - {"android", "ios", "fallback"})
    fallback = raw.get("fallback")
    if strange or not isinstance(fallback, str):
        notes.value(
            f"`{name(at)}` needs a `fallback` beside `android` and `ios`, and nothing else",
            at,
            "write `{android: sampleshop://sale, ios: sampleshop://sale, "
            'fallback: "https://shop.example/sale"}`',
        )
    elif not fallback.startswith(("https://", "{")):
        hint = "a page that opens where the app is not installed"
        notes.value(
            f"`{name(at / 'fallback')}` is `{fallback}`, but must start with `https://`",
            at / "fallback",
            hint,
        )
    return ActionLink(url=str(fallback or ""), android=raw.get("android"), ios=raw.get("ios"))


def _is_locale(word: str, variants: Collection[str], at: Origin, notes: Notes) -> bool:
    head, *rest = word.split("-")
    plain = 2 <= len(head) <= 3 and head.isascii() and head.isalpha() and head.islower()
    if plain and all(part.isascii() and part.isalnum() for part in rest):
        return True
    _no_variant(word, variants, at, notes)
    return False


def _no_variant(word: str, variants: Collection[str], at: Origin, notes: Notes) -> None:
    what = "a locale or a variant" if variants else "a locale"
    message = f"`{name(at)}`: `{word}` is not {what} of this campaign"
    notes.add("reference", message, at, did_you_mean(word, variants), key=True)


def _settings(channel: Channel, raw: Raw, at: Origin, notes: Notes) -> ChannelSettings:
    match channel:
        case Channel.APP:
            ios = raw.get("ios", {})
            return AppSettings(
                devices=Devices(raw.get("devices", "all")),
                android_channel_id=raw.get("android", {}).get("channel_id"),
                ios_interruption_level=ios.get("interruption_level", "active"),
                ios_badge=ios.get("badge"),
                ios_sound=ios.get("sound"),
                ios_thread_id=ios.get("thread_id"),
            )
        case Channel.WEB:
            return WebSettings(
                devices=Devices(raw.get("devices", "all")),
                urgency=raw.get("urgency", "normal"),
                icon=raw.get("icon"),
                badge=raw.get("badge"),
                tag=raw.get("tag"),
            )
        case Channel.KAKAO:
            return KakaoSettings(
                product=KakaoProduct(raw.get("product", "brand")),
                bubble=Bubble(raw.get("bubble", "text")),
                profile=raw.get("profile", "main"),
                targeting=raw.get("targeting", "I"),
                template_code=raw.get("template_code"),
            )
        case Channel.SMS:
            number = raw.get("from")
            return SmsSettings(
                from_=notes.parse(parse_phone, number, at / channel, "from", "")
                if number
                else None,
                format=SmsFormat(raw.get("format", "auto")),
            )
