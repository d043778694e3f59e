"""Plans: what would change, in which categories, under which digest, and until when that holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from engine.kernel.digest import Plain
from engine.kernel.finding import Finding, Korean
from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.deployment import StateIdentity
from engine.model.facts import AudienceFacts, Membership


class Action(StrEnum):
    """What `apply` would do to a campaign."""

    CREATE = "create"
    UPDATE = "update"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    NONE = "none"


class Category(StrEnum):
    """What kind of thing changes for people, or for the law."""

    METADATA = "metadata"
    CONTENT = "content"
    AUDIENCE = "audience"
    TIMING = "timing"
    REACH = "reach"
    LAW = "law"
    CANCEL = "cancel"


@frozen
class TextDiff:
    """What changes in one message: lines as in a unified diff (`+ `, `- `, two blanks)."""

    channel: str
    locale: str
    jurisdiction: str
    variant: str
    lines: tuple[str, ...]


@frozen
class WavePart:
    """One channel's part of a wave: from its first message to its last, and its first closing.

    `zones` are the zones of the wave's recipients, those with the most messages first ('' where
    unknown). `closes_at` is None where no window binds.
    """

    channel: Channel
    zones: tuple[str, ...]
    due_at: datetime
    finish_at: datetime
    closes_at: datetime | None
    deliveries: int = 0
    going: int = 0
    """Of `deliveries`: those whose window is open at `due_at`, so that they are handed over."""
    no_night_consent: int = 0
    """Of the others: those that the person's consent to the night would let go."""


@frozen
class Timing:
    """When a campaign would send: `due_at` first and `finish_at` last, and until when windows hold."""

    due_at: datetime
    finish_at: datetime
    local: str
    """The due time as people write it: `2026-09-24 10:00 Asia/Seoul`, `… recipient`."""
    window_closes_at: datetime | None
    waves: int = 1
    missed_waves: int = 0
    closed_deliveries: int = 0
    """Deliveries whose recipients' window is closed at the time: they would be skipped."""
    no_night_consent: int = 0
    """How many of them are closed only because the person did not agree to the night."""
    tightest_finish_at: datetime | None = None
    """When the wave that `window_closes_at` belongs to is through: the one with the least slack."""
    at_night: int = 0
    """Informational deliveries in Korea that are due between 21:00 and 08:00: lawful, worth a look."""
    tightest: WavePart | None = None
    """The channel's part of a wave that `window_closes_at` and `tightest_finish_at` are of."""
    parts: tuple[WavePart, ...] = ()
    """Every wave that is not missed, channel by channel; empty where nobody was counted."""
    people: int | None = None
    """Who gets at least one message that is handed over; None where nobody was counted."""

    @property
    def going(self) -> Mapping[Channel, int] | None:
        """What would be handed over per channel; None where nobody was counted."""
        if not self.parts:
            return None
        counts: Counter[Channel] = Counter()
        for part in self.parts:
            counts[part.channel] += part.going
        return counts


@frozen
class Guard:
    """A limit that was looked at. `passed` is False where it stops an apply (exit 4)."""

    name: str
    passed: bool
    message: str
    hint: str | None = None
    path: str | None = None
    line: int | None = None
    column: int | None = None
    korean: Korean | None = None
    """Its words in Korean, where whoever wrote the limit gave some; else `plan` looks them up."""


@frozen
class Ignored:
    """A rule that a comment ignores in a campaign's files, why, and until the end of which day."""

    rule: str
    reason: str
    until: date


@frozen
class Cost:
    """What one channel's messages cost: `messages` × `price` of one message of `kind`.

    `at_most`: messages are of several kinds, and the dearest was taken for all.
    """

    channel: Channel
    kind: str
    messages: int
    price: Decimal
    total: Decimal
    currency: str
    at_most: bool = False


@frozen
class Change:
    """One campaign's change. `digest` is what an approval binds to.

    `stored` (plain) is what `apply` writes; None for a cancel. `before` is the digest of the deployed
    content it starts from. `not_after` is the last instant at which applying it is lawful. What stands
    below `observed` is never digested.
    """

    campaign: str
    action: Action
    categories: tuple[Category, ...]
    digest: str
    before: str | None
    content_digest: str | None
    stored: Plain
    not_after: datetime | None
    reason: str | None = None
    # observed
    title: str | None = None
    path: str | None = None
    differences: tuple[str, ...] = ()
    texts: tuple[TextDiff, ...] = ()
    timing: Timing | None = None
    facts: AudienceFacts | None = None
    membership: Membership | None = None
    costs: tuple[Cost, ...] = ()
    """Of the channels that have a price; empty where none has."""
    guards: tuple[Guard, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    """What comments ignore of it, by rule."""
    tested_at: str | None = None
    """When exactly these words last reached a tester (RFC 3339), None if they never did."""
    samples_equal: int | None = None
    """For a content change whose source differs but whose samples do not: how many were equal."""


@frozen
class Plan:
    """Desired × deployed. `digest` covers the environment and the digests of all changes."""

    environment: str
    as_of: datetime
    digest: str
    valid_until: datetime | None
    applyable: bool
    changes: tuple[Change, ...]
    """Every campaign, also those with action `none`, by id."""
    guards: tuple[Guard, ...] = ()
    findings: tuple[Finding, ...] = ()
    offline: bool = False
    """Committed reports stood in for the state, and nobody was counted."""
    state: StateIdentity | None = None
    """None with `--offline`, and where there is no state yet."""
    state_lost: str | None = None
    commit: str | None = None
    law: Plain = None
    """The law that the findings were judged by: rules, citations, rows in force. An apply keeps it."""

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes that `apply` would write."""
        return tuple(change for change in self.changes if change.action is not Action.NONE)


@frozen
class ApprovedChange:
    """A change as somebody approved it: from a plan file, or by its digest alone (`campaign` '')."""

    campaign: str
    action: str
    digest: str
    not_after: datetime | None
    local: str | None = None
    """The due time as it was shown; for saying what changed since."""
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The messages as they were shown: where, and their lines."""


@frozen
class Applied:
    """What an `apply` wrote, what it left because nobody approved it, and the state after it."""

    written: tuple[Change, ...]
    left: tuple[Change, ...]
    state: StateIdentity
