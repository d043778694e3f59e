"""Counts about the sources themselves, for whoever keeps them: what is there and what cannot be read."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping

from engine.audience.session import Session
from engine.audience.sql import answer_of
from engine.model.channel import Channel

_OPTIONAL = (
    ("users", "birth_date", "nobody counts as a minor"),
    ("users", "timezone", "everybody is judged by the zones of their country"),
    ("users", "locale", "everybody reads the workspace's language"),
    ("users", "country", "everybody lives in the workspace's country"),
    ("devices", "enabled", "every device counts as switched on"),
)
"""Columns that may be missing, and what that means for everybody."""


def missing_columns(session: Session) -> tuple[tuple[str, str, str], ...]:
    """Return (source, column, what that means) for columns that are read where they exist."""
    session.tables.refresh()
    return tuple(
        (source, column, meaning)
        for source, column, meaning in _OPTIONAL
        if not session.tables.open(source).has(column)
    )


def profile_consent(session: Session) -> Mapping[Channel, Mapping[str, int]]:
    """Count yes, no and unknown per channel whose consent to advertising is mapped."""
    session.tables.refresh()
    users = session.tables.open("users")
    profile: dict[Channel, Mapping[str, int]] = {}
    for channel, columns in sorted(session.workspace.sources.consent.items()):
        if columns.ad is None:
            continue
        answer = answer_of(users.value("u", columns.ad).text)
        rows = session.rows(f"SELECT {answer}, count(*) FROM users u GROUP BY ALL")
        profile[channel] = {"yes": 0, "no": 0, "unknown": 0} | dict(rows)
    return profile
