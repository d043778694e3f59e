"""Targeted = held out + skipped + sent + failed + unknown + pending: by delivery and by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.model.delivery import DeliveryState, SkipReason
from engine.model.deployment import LedgerCount, UserCount
from engine.model.facts import Snapshot
from engine.model.report import Books, BooksLine

_Dimensions = tuple[str, str, str, str, str]
_OPEN = (DeliveryState.CLAIMED, DeliveryState.DEFERRED)


def device_lines(
    snapshot: Snapshot | None, counts: Sequence[LedgerCount], alternatives: Collection[str]
) -> tuple[BooksLine, ...]:
    """Return the books per channel × locale × jurisdiction × variant × platform.

    Targets of an alternative channel (`alternatives`) are counted only once they were tried.
    """
    targeted: dict[_Dimensions, int] = defaultdict(int)
    for count in snapshot.counts if snapshot else ():
        if count.channel not in alternatives:
            key = (
                str(count.channel),
                count.locale,
                count.jurisdiction,
                count.variant,
                count.platform,
            )
            targeted[key] += count.targets
    rows: dict[_Dimensions, list[LedgerCount]] = defaultdict(list)
    for row in counts:
        key = (row.channel, row.locale, row.jurisdiction, row.variant, row.platform)
        rows[key].append(row)
        if row.channel in alternatives:
            targeted[key] += row.rows
    return tuple(
        BooksLine(
            channel=key[0],
            locale=key[1],
            jurisdiction=key[2],
            variant=key[3],
            platform=key[4],
            books=_books(targeted[key], [(r.state, r.reason, r.rows) for r in rows[key]]),
        )
        for key in sorted({*targeted, *rows})
    )


def user_books(snapshot: Snapshot | None, counts: Sequence[UserCount]) -> Books:
    """Return the books per person: each in the best state that any of their deliveries reached."""
    if snapshot is None:
        return Books()
    found = [(count.state, count.reason, count.users) for count in counts]
    found.append((DeliveryState.SKIPPED, SkipReason.NO_ADDRESS, snapshot.users_without_address))
    return _books(snapshot.users, found)


def settle_cancelled(books: Books) -> Books:
    """Return the books of a cancelled campaign: whoever was not reached by then was cancelled.

    Their shards may be gone, so not all of them have rows.
    """
    if books.pending <= 0:
        return books
    cancelled = books.skipped.get(SkipReason.CANCELLED, 0) + books.pending
    return replace(
        books,
        skipped=dict(sorted({**books.skipped, SkipReason.CANCELLED.value: cancelled}.items())),
        pending=0,
    )


def add_books(lines: Sequence[BooksLine]) -> Books:
    """Return the sum of several books."""
    skipped: dict[str, int] = defaultdict(int)
    failed: dict[str, int] = defaultdict(int)
    for line in lines:
        for reason, n in line.books.skipped.items():
            skipped[reason] += n
        for reason, n in line.books.failed.items():
            failed[reason] += n
    return Books(
        targeted=sum(line.books.targeted for line in lines),
        held_out=sum(line.books.held_out for line in lines),
        skipped=dict(sorted(skipped.items())),
        sent=sum(line.books.sent for line in lines),
        failed=dict(sorted(failed.items())),
        unknown=sum(line.books.unknown for line in lines),
        pending=sum(line.books.pending for line in lines),
    )


def _books(targeted: int, rows: Sequence[tuple[str, str | None, int]]) -> Books:
    skipped: dict[str, int] = defaultdict(int)
    failed: dict[str, int] = defaultdict(int)
    sums: dict[str, int] = defaultdict(int)
    for state, reason, n in rows:
        if n == 0 or state in _OPEN:
            continue
        if state == DeliveryState.SKIPPED:
            skipped[reason or "unnamed"] += n
        elif state == DeliveryState.FAILED:
            failed[reason or "unnamed"] += n
        else:
            sums[state] += n
    settled = sum(sums.values()) + sum(skipped.values()) + sum(failed.values())
    return Books(
        targeted=targeted,
        held_out=sums[DeliveryState.HELD_OUT],
        skipped=dict(sorted(skipped.items())),
        sent=sums[DeliveryState.SENT],
        failed=dict(sorted(failed.items())),
        unknown=sums[DeliveryState.UNKNOWN],
        pending=targeted - settled,
    )
