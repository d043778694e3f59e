"""Locale chains: which of the written locales a person reads, and by which step."""

from __future__ import annotations

from collections.abc import Collection

EXACT, LANGUAGE, WORKSPACE = "exact", "language", "workspace"


def locale_chain(wanted: str | None, fallback: str) -> tuple[tuple[str, str], ...]:
    """Return (locale, step) to try in order: `ko-KR` → `ko` → the workspace's locale.

    `ko_KR` is read as `ko-KR`. An unknown locale (None or empty) goes to the workspace's at once.
    """
    chain: dict[str, str] = {}
    parts = (wanted or "").replace("_", "-").split("-")
    while parts and parts[0]:
        name = "-".join(parts)
        chain.setdefault(name, LANGUAGE if chain else EXACT)
        parts.pop()
    chain.setdefault(fallback, WORKSPACE)
    return tuple(chain.items())


def pick_locale(
    available: Collection[str], wanted: str | None, fallback: str
) -> tuple[str, str] | None:
    """Return the first (locale, step) of the chain that is in `available`, or None."""
    for locale, step in locale_chain(wanted, fallback):
        if locale in available:
            return locale, step
    return None
