"""A message that its vendor can never carry in this form."""

from __future__ import annotations

from engine.model.delivery import FailReason
from engine.model.outcome import NotActed, Refused


class UnfitError(Exception):
    """`code` says why. `systemic`: the fault is the campaign's, not one person's values.

    `setting` names the setting that is missing: with it the message could be carried.
    """

    def __init__(self, code: str, *, systemic: bool = True, setting: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.systemic = systemic
        self.setting = setting

    def outcome(self) -> Refused | NotActed:
        """Return what becomes of the message: it waits where a setting can be mended."""
        if self.setting is not None:
            return NotActed(code=self.code, systemic=True, setting=self.setting)
        return Refused(reason=FailReason.BAD_MESSAGE, code=self.code, systemic=self.systemic)
