"""Whether the rows of an evidence pack make up the books of its report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from engine.kernel.digest import Plain
from engine.model.delivery import DeliveryState, SkipReason
from engine.report.evidence_rows import Tally

_DIMENSIONS = ("channel", "locale", "jurisdiction", "variant", "platform")
_PENDING = (DeliveryState.CLAIMED, DeliveryState.DEFERRED)


def contradiction(report: Mapping[str, Plain], tally: Tally) -> str | None:
    """Return where `report` (the JSON object) counts otherwise than `tally`; None where they agree.

    A cancelled campaign's report also counts those as `cancelled` who were never come to, so it may
    have more of them than there are rows. Pending deliveries need no rows either.
    """
    counted = _by_line(tally)
    for line in report["lines"]:
        where = tuple(line[name] for name in _DIMENSIONS)
        rows = counted.pop(where, Counter())
        cancelled = ("skipped", SkipReason.CANCELLED.value)
        said = _of_report(line)
        if said[cancelled] >= rows[cancelled]:
            said[cancelled] = rows[cancelled]
        if +said != +rows:
            return " · ".join(str(word) for word in where)
    return " · ".join(str(word) for word in min(counted, key=str)) if counted else None


def _by_line(tally: Tally) -> dict[tuple[str | None, ...], Counter[tuple[str, str]]]:
    found: dict[tuple[str | None, ...], Counter[tuple[str, str]]] = defaultdict(Counter)
    for (*where, state, reason), rows in tally.items():
        line = found[tuple(where)]
        if state in (DeliveryState.SKIPPED, DeliveryState.FAILED):
            line[str(state), reason or "unnamed"] += rows
        elif state not in _PENDING:
            line[str(state), ""] += rows
    return found


def _of_report(line: Mapping[str, Plain]) -> Counter[tuple[str, str]]:
    said = Counter({(state, ""): int(line[state]) for state in ("sent", "unknown", "held_out")})
    for state in ("skipped", "failed"):
        for reason, rows in line[state].items():
            said[state, str(reason)] += int(rows)
    return said
