"""A file's values against its schema: all mistakes, and what is left without them."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from engine.kernel.finding import Finding
from engine.kernel.frozen import frozen
from engine.kernel.origin import Key
from engine.workspace.document import Data
from engine.workspace.explain import as_finding, explain
from engine.workspace.schemas import Kind, is_valid

_ROUNDS = 50


@frozen(kw_only=False)
class Checked:
    """The part of a file that has the right shape (None: nothing), and what is wrong with the rest.

    Keys at the top may be missing even if they are required; nothing below the top is.
    """

    data: dict[str, Data] | None
    findings: tuple[Finding, ...]


def check_shape(kind: Kind, data: Data, file: str) -> Checked:
    """Judge `data` by the schema of `kind`.

    Wrong values are taken out, so that a file with ten mistakes gets ten findings in one run,
    whichever stage finds them.
    """
    if is_valid(kind, data):
        return Checked(data, ())
    mistakes = list(explain(kind, data, file))
    campaign = _campaign(kind, data)
    findings = tuple(as_finding(mistake, file, campaign) for mistake in mistakes)
    if not isinstance(data, dict):
        return Checked(None, findings)
    rest = deepcopy(data)
    for _ in range(_ROUNDS):
        drops = {mistake.drop for mistake in mistakes if mistake.drop}
        if not drops:
            return Checked(rest, findings)
        _take_out(rest, drops)
        mistakes = list(explain(kind, rest, file))
    return Checked(None, findings)


def _campaign(kind: Kind, data: Data) -> str | None:
    id = data.get("id") if isinstance(data, dict) else None  # noqa: A001 - the word of the format
    return id if kind is Kind.CAMPAIGN and isinstance(id, str) else None


def _take_out(data: Data, paths: Iterable[tuple[Key, ...]]) -> None:
    """Delete what stands at `paths`. A list with a wrong item goes whole: indices must not move."""
    for path in paths:
        short = path
        for length, key in enumerate(path):
            if isinstance(key, int):
                short = path[:length]
                break
        holder = data
        for key in short[:-1]:
            holder = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder.pop(short[-1], None)
