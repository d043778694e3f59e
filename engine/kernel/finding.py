"""A finding: what is wrong, where, under which provision, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.language import Language
from engine.kernel.origin import Origin


class Severity(StrEnum):
    """An error stops the merge, the plan and the send; a warning is for people to weigh."""

    ERROR = "error"
    WARNING = "warning"


class Confidence(StrEnum):
    """How sure the source behind a rule is."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    PRACTICE = "practice"


@frozen
class Citation:
    """The provision or the page that a rule rests on."""

    id: str
    title: str
    confidence: Confidence
    title_ko: str | None = None

    def named(self, language: Language) -> str:
        """Return its title in `language`, as far as there is one."""
        return self.title_ko if language is Language.KO and self.title_ko else self.title


@frozen(kw_only=False)
class Korean:
    """A message and what to do about it, in Korean."""

    message: str
    hint: str | None = None


@frozen
class RuleCard:
    """What is said about a rule where its findings are shown."""

    id: str
    title: str
    citation: Citation
    page: str
    """The rule's page, as Markdown."""
    severity: Severity
    jurisdictions: frozenset[str]


@frozen
class Finding:
    """One mistake. `at` is the place of the value; `key` means its key is the mistake."""

    rule: str
    severity: Severity
    message: str
    at: Origin
    hint: str | None = None
    key: bool = False
    campaign: str | None = None
    locale: str | None = None
    channel: str | None = None
    jurisdiction: str | None = None
    citation: Citation | None = None
    flips_at: datetime | None = None
    line: int | None = None
    """Given only where no value has a position (a syntax error); columns likewise."""
    column: int | None = None
    korean: Korean | None = None

    def said(self, language: Language = Language.EN) -> tuple[str, str | None]:
        """Return message and hint in `language`, as far as there are words in it."""
        if language is Language.KO and self.korean is not None:
            return self.korean.message, self.korean.hint
        return self.message, self.hint


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any of them stops the run (exit 1)."""
    return any(finding.severity is Severity.ERROR for finding in findings)
