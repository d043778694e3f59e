"""The texts of campaigns that go abroad, by campaign: looked up by several rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.lint.context import LintContext
from engine.lint.every_text import EveryText, every_text


def texts_by_campaign(context: LintContext) -> Mapping[str, tuple[EveryText, ...]]:
    """Return all texts by the id of their campaign. For `context.once`."""
    found: defaultdict[str, list[EveryText]] = defaultdict(list)
    for one in context.once(every_text):
        found[one.campaign.id].append(one)
    return {id_: tuple(texts) for id_, texts in found.items()}
