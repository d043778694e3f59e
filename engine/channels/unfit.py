"""A message that its vendor can never carry in this form."""

from __future__ import annotations


class UnfitError(Exception):
    """`code` says why. `systemic`: the fault is the campaign's, not one person's values."""

    def __init__(self, code: str, *, systemic: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.systemic = systemic
