"""What rules see: the workspace, resolved, and the messages that it would send, composed once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.law.jurisdiction import KOREA
from engine.message.compose import Composer
from engine.model.audience import AttributeIs, Audience, parts
from engine.model.begun import Begun
from engine.model.campaign import Campaign
from engine.model.message import Composed
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template
from engine.model.vendor import SavedFacts
from engine.model.workspace import Workspace

T = TypeVar("T")
Sample = tuple[Composed, Origin]
Composing = Callable[[ResolvedCampaign, Collection[str]], Iterable[Sample]]


class Comment(Protocol):
    """A `# pushform: …` comment: its line (from 1) and its text, with or without the `#`."""

    @property
    def line(self) -> int: ...
    @property
    def text(self) -> str: ...


def compose_samples(campaign: ResolvedCampaign, jurisdictions: Collection[str]) -> Iterable[Sample]:
    """Return the sample messages of `campaign` as the composer makes them."""
    return Composer(campaign).sample_messages(jurisdictions)


def nothing_tracked(path: str) -> bool:
    """Stand in for git where nobody asked it: no file is tracked."""
    del path
    return False


@dataclass(frozen=True, kw_only=True, eq=False)
class LintContext:
    """One workspace at one instant.

    `campaigns` are those that are on and resolve, `set_aside` drafts and cancelled ones that do,
    `written` all of them. `changed` holds the ids that are new or changed against the base of
    comparison (None: unknown, so all of them), `touched` those of them that differ in their own
    file (None: all of `changed`). `reported` holds the ids with a report of this environment, `over`
    those that were really sent (None: the same, see `is_over`), `sizes` how many KakaoTalk messages
    campaigns come to, where that was counted: of a started one its report's.
    `begun` are the started ones on KakaoTalk whose reports say on which profile, file or no file.
    `tracked` tells whether git tracks a path (relative to the workspace). `vendor` is what vendors
    said of the accounts of each environment, when it was last saved.
    `sources` and `comments` place findings on lines and let comments answer them.
    """

    workspace: Workspace
    campaigns: Mapping[str, ResolvedCampaign]
    written: Mapping[str, Campaign]
    audiences: Mapping[str, Audience]
    templates: Mapping[str, Template]
    as_of: datetime
    changed: frozenset[str] | None = None
    touched: frozenset[str] | None = None
    reported: Container[str] = frozenset()
    over: Container[str] | None = None
    set_aside: Mapping[str, ResolvedCampaign] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    begun: Mapping[str, Begun] = field(default_factory=dict)
    texts: Composing = compose_samples
    tracked: Callable[[str], bool] = nothing_tracked
    vendor: Mapping[str, SavedFacts] = field(default_factory=dict)
    sources: SourceMap = field(default_factory=SourceMap)
    comments: Mapping[str, Sequence[Comment]] = field(default_factory=dict)
    _found: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def live(self) -> tuple[ResolvedCampaign, ...]:
        """Campaigns that are meant to be sent: neither drafts nor cancelled, by id."""
        return tuple(
            campaign for _, campaign in sorted(self.campaigns.items()) if is_live(campaign.written)
        )

    @cached_property
    def korean_ads(self) -> tuple[ResolvedCampaign, ...]:
        """Live advertisements that a Korean resident may get."""
        return tuple(
            campaign
            for campaign in self.live
            if campaign.advertising and KOREA in self.jurisdictions[campaign.id]
        )

    @cached_property
    def jurisdictions(self) -> Mapping[str, frozenset[str]]:
        """Per live campaign the countries whose people may get it."""
        return {campaign.id: jurisdictions_of(campaign) for campaign in self.live}

    def is_changed(self, campaign: str) -> bool:
        """Tell whether `campaign` is new or changed; it is, where nobody knows."""
        return self.changed is None or campaign in self.changed

    def is_over(self, campaign: str) -> bool:
        """Tell whether `campaign` is history: it was really started, so nothing can be mended.

        What was tried in a sandbox is not; a lint that runs as one goes by the reports of the others.
        Neither is one whose own file this change touches, whatever a report says: reports are files,
        too. A shared text or audience that changes does nothing to what was sent.
        """
        touched = self.changed if self.touched is None else self.touched
        over = self.reported if self.over is None else self.over
        return campaign not in (touched or ()) and campaign in over

    def once(self, build: Callable[[LintContext], T]) -> T:
        """Return `build(self)`, computed only the first time: what several rules look at."""
        if build not in self._found:
            self._found[build] = build(self)
        result: T = self._found[build]
        return result


def is_live(campaign: Campaign | None) -> bool:
    """Tell whether a written campaign is complete and not cancelled."""
    return campaign is None or not (campaign.draft or campaign.cancelled is not None)


def jurisdictions_of(campaign: ResolvedCampaign) -> frozenset[str]:
    """Return the countries whose people may get `campaign`, as far as its files say.

    The workspace's own, and every country that its audience names.
    """
    found = {campaign.country.upper()}
    for part in parts(campaign.audience):
        if isinstance(part, AttributeIs) and part.attribute == "country":
            for test in part.tests:
                values = test.value if isinstance(test.value, tuple) else (test.value,)
                found.update(value.upper() for value in values if isinstance(value, str))
    return frozenset(found)
