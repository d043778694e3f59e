"""Variants, the people held out, and by what a campaign is measured: as written, and filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine.model.audience import Scalar
from engine.model.template import MessageUse, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVariant:
    """`experiment.variants[]`: without a message of its own it has the campaign's."""

    id: str
    weight: int
    message: MessageUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnerRule:
    """How the rest of the audience gets the better variant, registered before the send."""

    metric: str
    test_share: float
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """`experiment:` as written; shares are fractions of 1."""

    variants: tuple[WrittenVariant, ...] = ()
    holdout: float = 0.0
    winner: WinnerRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """What counts as success: an event in a stretch of time after the send."""

    event: str
    within: timedelta
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A variant with its template filled in."""

    id: str
    weight: int
    template: Template
    values: Mapping[str, Scalar] = field(default_factory=dict)
