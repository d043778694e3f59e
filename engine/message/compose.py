"""From a resolved campaign and one person's values to what that person reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.message.layout import Layout
from engine.message.values import sources_of
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.experiment import Variant
from engine.model.message import Composed, RenderFailure
from engine.model.resolved import ResolvedCampaign

_Place = tuple[Channel, str, str, str]


@frozen
class Sample:
    """The message of the made-up person, and which of the campaign's messages it is."""

    channel: Channel
    locale: str
    jurisdiction: str
    variant: str
    composed: Composed
    origin: Origin


class Composer:
    """Composes the messages of one campaign. Everything that can be prepared is prepared once."""

    def __init__(self, campaign: ResolvedCampaign) -> None:
        self._campaign = campaign
        self._variants = {variant.id: variant for variant in campaign.variants}
        self._layouts: dict[_Place, Layout] = {}

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that the campaign uses, alternatives included."""
        used = {*self._campaign.channels, *self._campaign.alternative.values()}
        return tuple(channel for channel in Channel if channel in used)

    def locales(self, channel: Channel, variant: str) -> tuple[str, ...]:
        """Return the locales in which `variant` says something on `channel`, as written."""
        return self._variants[variant].template.locales_of(channel)

    def compose(
        self,
        channel: Channel,
        locale: str,
        jurisdiction: str,
        variant: str,
        target_values: Mapping[str, Scalar | None],
        zone: str | None = None,
    ) -> Composed:
        """Return what one person reads.

        `target_values` is a target's `values` (`user.name`, `derived.favourite`), `zone` the person's
        own IANA zone, in which dates and times are shown (None: the workspace's). A text message
        that does not fit is a failure: its end, which the law asks for, would be cut off. Raises
        KeyError for a variant that the campaign does not have.
        """
        place = (channel, locale, jurisdiction, variant)
        layout = self._layouts.get(place)
        if layout is None:
            found = self._layout(*place)
            if isinstance(found, RenderFailure):
                return found
            layout = found
        return layout.compose(target_values, zone)

    def compose_many(
        self,
        channel: Channel,
        locale: str,
        jurisdiction: str,
        variant: str,
        rows: Sequence[Mapping[str, Scalar | None]],
        zones: Sequence[str | None],
    ) -> list[Composed]:
        """Return what `compose` returns for each of `rows` (`target_values`) and `zones`, in order.

        Texts are rendered for all rows together, several times as fast as one by one; a row that
        cannot be rendered costs only itself. A thousand rows a call is plenty. Raises KeyError as
        `compose` does, and ValueError where `rows` and `zones` are not equally many.
        """
        if len(rows) != len(zones):
            raise ValueError(f"{len(rows)} rows and {len(zones)} zones")
        layout = self._layout(channel, locale, jurisdiction, variant)
        if isinstance(layout, RenderFailure):
            return [layout] * len(rows)
        return layout.compose_many(rows, zones)

    def sample(self, channel: Channel, locale: str, jurisdiction: str, variant: str) -> Composed:
        """Return the message of the made-up person of the samples, also when it is too long."""
        layout = self._layout(channel, locale, jurisdiction, variant)
        return layout if isinstance(layout, RenderFailure) else layout.sample()

    def samples(self, jurisdictions: Collection[str]) -> Iterator[Sample]:
        """Return the sample of every channel × locale × jurisdiction × variant that occurs."""
        for variant, channel, locale in self._texts():
            text = variant.template.text(channel, locale)
            if text is None:
                continue
            for jurisdiction in sorted(set(jurisdictions)):
                yield Sample(
                    channel=channel,
                    locale=locale,
                    jurisdiction=jurisdiction,
                    variant=variant.id,
                    composed=self.sample(channel, locale, jurisdiction, variant.id),
                    origin=text.origin,
                )

    def sample_messages(self, jurisdictions: Collection[str]) -> Iterator[tuple[Composed, Origin]]:
        """Return what `samples` returns, without its coordinates."""
        for sample in self.samples(jurisdictions):
            yield sample.composed, sample.origin

    def uses(self) -> frozenset[str]:
        """Return the sources that a snapshot must carry: `user.*`, `derived.*`.

        Only variables that some text or link reads count.
        """
        sources: set[str] = set()
        for variant, channel, locale in self._texts():
            layout = self._layout(channel, locale, self._campaign.country, variant.id)
            if isinstance(layout, RenderFailure):
                continue
            declared = variant.template.variables
            sources |= sources_of([declared[name] for name in layout.names if name in declared])
        return frozenset(sources)

    def _texts(self) -> Iterator[tuple[Variant, Channel, str]]:
        for variant in self._campaign.variants:
            for channel in self.channels:
                for locale in variant.template.locales_of(channel):
                    yield variant, channel, locale

    def _layout(
        self, channel: Channel, locale: str, jurisdiction: str, variant: str
    ) -> Layout | RenderFailure:
        place = (channel, locale, jurisdiction, variant)
        if place in self._layouts:
            return self._layouts[place]
        chosen = self._variants[variant]
        text = chosen.template.text(channel, locale)
        if text is None:
            return RenderFailure(reason=f"there is no text in `{locale}` for {channel}")
        layout = Layout(self._campaign, chosen, text, channel, locale, jurisdiction)
        self._layouts[place] = layout
        return layout
