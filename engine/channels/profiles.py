"""`profiles:` of a Kakao channel: what a vendor calls each sending profile of the workspace."""

from __future__ import annotations

from collections.abc import Mapping

from engine.channels.options import Options
from engine.kernel.errors import UsageError
from engine.model.channel import EnvironmentVariable


def profile_names(options: Options) -> tuple[str, ...]:
    """Return the names of the profiles, in the order written."""
    return tuple(_profiles(options))


def profile_key(options: Options, profile: str, *names: str) -> str:
    """Return the first of `names` that `profile` has, `${NAME}` replaced by its value.

    Raises UsageError for an unknown profile and for one that has none of them.
    """
    known = _profiles(options)
    place = options.settings.origin / "profiles"
    written = known.get(profile)
    if not isinstance(written, Mapping):
        listed = ", ".join(f"`{name}`" for name in known) or "none"
        raise UsageError(
            f"`{place}` has no profile `{profile}`",
            f"write `profiles: {{{profile}: {{{names[0]}: …}}}}`; there are: {listed}",
        )
    for name in names:
        value = written.get(name)
        if isinstance(value, EnvironmentVariable):
            return options.resolve(value)
        if isinstance(value, str) and value:
            return value
    raise UsageError(
        f"`{place / profile}` has no `{names[0]}`", f"add `{names[0]}:` to the profile"
    )


def _profiles(options: Options) -> Mapping[str, object]:
    written = options.settings.options.get("profiles")
    return written if isinstance(written, Mapping) else {}
