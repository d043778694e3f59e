"""What a rule is: its card (`RuleMeta`), its examples, and what it reports (`Hit`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any, Protocol

from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Key, Origin
from engine.law.book import Provision, provision
from engine.lint.context import LintContext
from engine.model.channel import Channel


@frozen(kw_only=False)
class Cites:
    """A row of the law book: the rule rests on it, and takes its number from it.

    `channel` is given where the row is about one channel only.
    """

    name: str
    jurisdiction: str
    channel: Channel | None = None


@frozen
class RuleMeta:
    """A rule's card. `rests_on` is a row of the law book, or a citation of its own.

    `jurisdictions` names the countries whose law it is (empty: everywhere); `since` the version
    that brought it. The id never changes and is never used again. `by_words`: what the law forbids is
    told by words that lawful texts have as well, so that people must be able to answer it.
    """

    id: str
    title: str
    severity: Severity
    rests_on: Cites | Citation
    jurisdictions: frozenset[str] = frozenset()
    since: str = "0.1"
    title_ko: str | None = None
    by_words: bool = False

    def may_be_ignored(self, on: date) -> bool:
        """Tell whether a comment with a reason and an end may answer it: not what statute settles."""
        return self.by_words or self.confidence(on) is not Confidence.STATUTE

    def citation(self, on: date) -> Citation:
        """Return what the rule rests on, as it is in force on `on`."""
        if isinstance(self.rests_on, Citation):
            return self.rests_on
        return self._row(self.rests_on, on).citation

    def confidence(self, on: date) -> Confidence:
        """Return how sure that is."""
        return self.citation(on).confidence

    def period(self, on: date) -> tuple[date, date | None] | None:
        """Return since when and until when the cited row is in force; None without a row."""
        if isinstance(self.rests_on, Citation):
            return None
        row = self._row(self.rests_on, on)
        return row.since, row.until

    @staticmethod
    def _row(cites: Cites, on: date) -> Provision:
        return provision(cites.name, cites.jurisdiction, on, cites.channel)


@frozen
class Hit:
    """One violation, before it becomes a finding.

    `severity` and `citation` only where the card's are not meant: rules that read the rows of many
    countries cite the row. `korean` says the same to a marketer.
    """

    message: str
    at: Origin
    hint: str | None = None
    key: bool = False
    campaign: str | None = None
    locale: str | None = None
    channel: str | None = None
    jurisdiction: str | None = None
    flips_at: datetime | None = None
    severity: Severity | None = None
    korean: Korean | None = None
    citation: Citation | None = None


@frozen
class Setting:
    """What an example needs besides its YAML: the time, what is new, what the texts come to.

    `composed` replaces what the composer makes (for rules that watch the composer itself):
    `title`, `body`, `channel`, `locale`, `image`, `jurisdiction` of one message. `vendor` is what
    vendors said of production, as `reports/production/vendor.json` has it: `profiles`, `templates`,
    `senders`.
    """

    as_of: str = "2026-09-20T00:00:00Z"
    changed: bool = True
    reported: bool = False
    tracked: tuple[str, ...] = ()
    composed: Mapping[str, str] = field(default_factory=dict)
    vendor: Mapping[str, Any] = field(default_factory=dict)


@frozen(kw_only=False)
class Good:
    """A YAML fragment that passes. It is merged over a valid workspace; null takes a key away."""

    yaml: str
    setting: Setting = Setting()


@frozen(kw_only=False)
class Bad:
    """A YAML fragment that fails at `at` (file word, then the keys) with `says` in the message.

    `also` names other rules that the same fragment cannot help breaking.
    """

    yaml: str
    at: tuple[Key, ...]
    says: str
    setting: Setting = Setting()
    also: tuple[str, ...] = ()


Example = Good | Bad


class Rule(Protocol):
    """A module of `engine.lint.rules`."""

    @property
    def __doc__(self) -> str | None: ...  # type: ignore[override]
    @property
    def META(self) -> RuleMeta: ...  # noqa: N802 - a module's constant
    @property
    def EXAMPLES(self) -> tuple[Example, ...]: ...  # noqa: N802
    def check(self, context: LintContext) -> Iterator[Hit]:
        """Yield every violation in the workspace."""
        ...


def practice(
    id: str,  # noqa: A002 - the citation's own word
    title: str,
    *,
    title_ko: str | None = None,
) -> Citation:
    """Return a citation for what no law says but experience does."""
    return Citation(id=id, title=title, title_ko=title_ko, confidence=Confidence.PRACTICE)
