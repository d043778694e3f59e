"""Which columns of a file are ours: by our names, by the names that `columns:` gives them.

A column that must be there and is not, or one of suppression that nobody reads, is an error of the
source: what it would have said is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.audience.columns import missing_column
from engine.audience.files import RowFile
from engine.kernel.errors import UnavailableError

REQUIRED = {
    "users": ("user_id",),
    "devices": ("user_id", "platform"),
    "events": ("user_id", "name", "occurred_at"),
    "suppression": (),
}
IDENTIFYING = ("user_id", "phone", "token")
"""At least one of these must be a column of suppression: else nobody would be refused (§8.2)."""

_SUPPRESSION = (*IDENTIFYING, "channel", "since", "reason")


def names_of(file: RowFile, mapped: Mapping[str, str]) -> dict[str, str]:
    """Return our column names with the file's own.

    Raises UnavailableError where a column that must be there is missing, and for suppression where
    a column is not known.
    """
    names = aliased(file.types, mapped)
    for ours in REQUIRED[file.source]:
        if ours not in names:
            raise missing_column(file.source, file.shown, mapped.get(ours, ours), file.types)
    if file.source == "suppression" and not set(IDENTIFYING) & set(names):
        first, *others = (mapped.get(name, name) for name in IDENTIFYING)
        raise missing_column(file.source, file.shown, first, file.types, *others)
    if file.source == "suppression":
        _check_header(file, names, mapped)
    return names


def aliased(types: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return our column names with the source's: renamed ones first, the rest as they are."""
    names = {ours: theirs for ours, theirs in columns.items() if theirs in types}
    taken = {name.lower() for name in names}
    names.update({name: name for name in types if name.lower() not in taken})
    return names


def _check_header(file: RowFile, names: Mapping[str, str], mapped: Mapping[str, str]) -> None:
    """Raise UnavailableError for a column that nobody reads: it may say who refused."""
    known = {*_SUPPRESSION, *mapped}
    read = {theirs for ours, theirs in names.items() if ours in known}
    for theirs in file.types:
        if theirs not in read:
            raise UnavailableError(
                f"{file.label} has a column `{theirs}` that is not known, so whom it refuses is not"
                " known",
                f"map it under `sources.suppression`: `columns: {{phone: {theirs}}}` (or `user_id`,"
                f" `token`); a column of your own stays as `columns: {{{theirs}: {theirs}}}`",
            )
