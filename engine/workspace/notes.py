"""The findings of one file while it is built, and where they point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Key, Origin

T = TypeVar("T")


@dataclass(slots=True)
class Notes:
    """Collects findings about one file; `campaign` is its campaign's id, if it is one.

    `partial` says that values were taken out of the file: what is missing then is no new mistake.
    """

    campaign: str | None = None
    partial: bool = False
    findings: list[Finding] = field(default_factory=list)

    def add(
        self, rule: str, message: str, at: Origin, hint: str | None = None, *, key: bool = False
    ) -> None:
        """Note an error at `at`."""
        self.findings.append(
            Finding(
                rule=rule,
                severity=Severity.ERROR,
                message=message,
                at=at,
                hint=hint,
                key=key,
                campaign=self.campaign,
            )
        )

    def value(self, message: str, at: Origin, hint: str | None = None) -> None:
        """Note that a value has the right shape and means nothing."""
        self.add("value", message, at, hint)

    def parse(
        self, parse: Callable[[str], T], text: str, at: Origin, key: Key | None, instead: T
    ) -> T:
        """Return `parse(text)`, or `instead` with a note at `at / key` of what its error says."""
        try:
            return parse(text)
        except ValueError as error:
            # Places are made only here: they cost more than most of what is parsed.
            here = at if key is None else at / key
            self.value(f"`{name(here)}`: {error}", here)
            return instead


def name(at: Origin) -> str:
    """Return the path of `at` as people write it: `experiment.variants[1].weight`."""
    text = ""
    for key in at.path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.lstrip(".")
