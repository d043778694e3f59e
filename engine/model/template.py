"""Templates: typed variables, and texts per locale with their redefinition per channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Key, Origin
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.kakao import ButtonKind, KakaoContent, texts_in


class VariableType(StrEnum):
    """What a variable's value is turned into before a template sees it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


class OnMissing(StrEnum):
    """What happens to a person for whom the variable has no value."""

    ERROR = "error"
    SKIP = "skip"


@frozen
class Variable:
    """`source` is `user.*`, `derived.*`, `with.*` or `campaign.*`; `sample` is for lint and preview."""

    name: str
    type: VariableType
    source: str
    default: Scalar | None = None
    on_missing: OnMissing = OnMissing.ERROR
    sample: Scalar | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class Button:
    """A button under a message; its texts are Jinja source.

    `kind`, `link_pc`, `android` and `ios` are KakaoTalk's (see `KakaoButton`).
    """

    name: str
    link: str | None = None
    link_pc: str | None = None
    android: str | None = None
    ios: str | None = None
    kind: ButtonKind | None = None


@frozen
class ImageFacts:
    """What is known of a picture behind a URL, which the linter never fetches: size and pixels."""

    kilobytes: float | None = None
    width: int | None = None
    height: int | None = None


@frozen
class Text:
    """What one locale says: Jinja source, every field a template of its own.

    `kakao` is what only a KakaoTalk bubble shows; other channels have None.
    """

    title: str | None = None
    body: str | None = None
    image: str | None = None
    icon: str | None = None
    buttons: tuple[Button, ...] = ()
    kakao: KakaoContent | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    def sources(self) -> Iterator[tuple[tuple[Key, ...], str]]:
        """Return every template in it, with the way to it from `origin`: `("buttons", 0, "name")`.

        What only KakaoTalk shows is written beside the title, not under a key of its own.
        """
        for name in ("title", "body", "image", "icon"):
            source = getattr(self, name)
            if source is not None:
                yield (name,), source
        # Written out: linting ten thousand files asks for every button.
        for number, button in enumerate(self.buttons):
            yield ("buttons", number, "name"), button.name
            for name in ("link", "link_pc", "android", "ios"):
                source = getattr(button, name)
                if source is not None:
                    yield ("buttons", number, name), source
        if self.kakao is not None:
            yield from texts_in(self.kakao)


@frozen
class Redefinition:
    """What a channel says instead of the universal message.

    A locale that is not redefined keeps the universal text on app and web; on kakao and sms only
    with `universal: true`.
    """

    locales: Mapping[str, Text] = field(default_factory=dict)
    universal: bool = False
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class Template:
    """A template file as written. An inline message becomes one with the id of its campaign.

    `partials` holds the sources of the partial files that its texts import macros from, by the name
    that they are imported under (`_words.jinja`), and of those that these import. `images` says what
    is known of the pictures, by URL as written; nothing of it is sent.
    """

    id: str
    variables: Mapping[str, Variable] = field(default_factory=dict)
    locales: Mapping[str, Text] = field(default_factory=dict)
    redefine: Mapping[Channel, Redefinition] = field(default_factory=dict)
    title: str | None = None
    partials: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, ImageFacts] = field(default_factory=dict, compare=False)
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    def text(self, channel: Channel, locale: str) -> Text | None:
        """Return what `channel` says in exactly `locale`, or None where it says nothing."""
        redefinition = self.redefine.get(channel)
        own = redefinition.locales.get(locale) if redefinition else None
        universal = self.locales.get(locale)
        if channel in (Channel.APP, Channel.WEB):
            return own if own is not None else universal
        if own is None and redefinition is not None and redefinition.universal:
            return universal
        return own

    def locales_of(self, channel: Channel) -> tuple[str, ...]:
        """Return the locales in which `channel` says something, in the order they are written."""
        redefinition = self.redefine.get(channel)
        if redefinition is None:
            return tuple(self.locales) if channel in (Channel.APP, Channel.WEB) else ()
        written = [*self.locales, *redefinition.locales]
        return tuple(name for name in dict.fromkeys(written) if self.text(channel, name))


@frozen
class MessageUse:
    """`message:`: a template's id, or a template written inline, and the values of `with`."""

    template: str | Template
    values: Mapping[str, Scalar] = field(default_factory=dict)
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)
