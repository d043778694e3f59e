"""A provider's own keys in `pushform.yaml`, read only when they are needed."""

from __future__ import annotations

from collections.abc import Callable

from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.model.channel import EnvironmentVariable, ProviderSettings

Resolve = Callable[[EnvironmentVariable], str]
"""Returns the value of `${NAME}`. Raises a PushformError that names file and line without one."""


@frozen(kw_only=False)
class Options:
    """The options of one channel's provider. `where` is their place in the file, for errors."""

    settings: ProviderSettings
    resolve: Resolve

    def text(self, name: str) -> str | None:
        """Return a text, or None where nothing is written. Raises UsageError on a list or map."""
        value = self.settings.options.get(name)
        if isinstance(value, EnvironmentVariable):
            return self.resolve(value)
        if value is None:
            return None
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        raise UsageError(f"`{self._place(name)}` must be a text", "write one value")

    def require(self, name: str) -> str:
        """Return a text that has to be there. Raises UsageError if it is not."""
        text = self.text(name)
        if not text:
            raise UsageError(f"`{self._place(name)}` is missing", f"add `{name}:` to the channel")
        return text

    def seconds(self, name: str, default: float) -> float:
        """Return a positive number of seconds. Raises UsageError on anything else."""
        text = self.text(name)
        if text is None:
            return default
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number < 3600:
            raise UsageError(
                f"`{self._place(name)}` is `{text}`, not a number of seconds", "write `10`"
            )
        return number

    def _place(self, name: str) -> str:
        return str(self.settings.origin / name)
