"""Where a click leads (`action:`), per channel, locale and variant."""

from __future__ import annotations

from engine.kernel.frozen import frozen


@frozen
class ActionLink:
    """Where a click leads: Jinja source, for every locale and variant or for one of them.

    `android` and `ios` are deep links into the app on that platform; `url` is what all others follow,
    and what an app falls back to that cannot open the deep link.
    """

    url: str
    locale: str | None = None
    variant: str | None = None
    android: str | None = None
    ios: str | None = None


def find_link(links: tuple[ActionLink, ...], locale: str, variant: str) -> ActionLink | None:
    """Return the most particular of `links` for a locale and a variant, or None."""
    fitting = [
        link for link in links if link.locale in (None, locale) and link.variant in (None, variant)
    ]
    return max(
        fitting, key=lambda link: (link.variant is not None, link.locale is not None), default=None
    )
