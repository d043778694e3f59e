"""The transition table as triggers: not even a stray statement can move a delivery backwards.

The ledger's own statements compare and swap, so the triggers never fire; they are there for the
script that somebody runs against the database by hand, and for the mistake that we make next year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.delivery import TRANSITIONS, DeliveryState

_KEY = ("environment", "campaign", "channel", "address_hash")


def sqlite_triggers(
    transitions: Mapping[DeliveryState | None, frozenset[DeliveryState]] = TRANSITIONS,
) -> tuple[str, ...]:
    """Return the CREATE TRIGGER statements that hold table `delivery` to `transitions`."""
    misplaced = " ".join(
        f"WHEN '{before}' THEN {_none_of(after)}"
        for before, after in transitions.items()
        if before is not None
    )
    begins = "NEW.state = 'claimed' AND OLD.state <> 'claimed'"
    moved_key = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _KEY)
    return (
        _trigger(
            "delivery_begins",
            "INSERT",
            _none_of(transitions[None]),
            "a delivery cannot begin in this state",
        ),
        _trigger(
            "delivery_moves",
            "UPDATE OF state",
            f"CASE OLD.state {misplaced} ELSE TRUE END",
            "a delivery cannot move between these states",
        ),
        _trigger(
            "delivery_stays",
            f"UPDATE OF attempt, {', '.join(_KEY)}",
            f"NEW.attempt <> OLD.attempt + ({begins}) OR {moved_key}",
            "only a claim counts an attempt, and a key never changes",
        ),
        _trigger("delivery_is_kept", "DELETE", "TRUE", "a delivery is never deleted"),
    )


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON delivery WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _none_of(states: Iterable[DeliveryState]) -> str:
    return " AND ".join(f"NEW.state <> '{state}'" for state in sorted(states)) or "TRUE"
