"""Variants, the people held out, and by what a campaign is measured: as written, and filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from engine.kernel.frozen import frozen
from engine.model.audience import Scalar
from engine.model.template import MessageUse, Template


@frozen
class WrittenVariant:
    """`experiment.variants[]`: without a message of its own it has the campaign's."""

    id: str
    weight: int
    message: MessageUse | None = None


@frozen
class WinnerRule:
    """How the rest of the audience gets the better variant, registered before the send."""

    metric: str
    test_share: float
    after: timedelta


@frozen
class Experiment:
    """`experiment:` as written; shares are fractions of 1."""

    variants: tuple[WrittenVariant, ...] = ()
    holdout: float = 0.0
    winner: WinnerRule | None = None


@frozen
class Kpi:
    """What counts as success: an event in a stretch of time after the send."""

    event: str
    within: timedelta
    value: str | None = None


@frozen
class Variant:
    """A variant with its template filled in."""

    id: str
    weight: int
    template: Template
    values: Mapping[str, Scalar] = field(default_factory=dict)
