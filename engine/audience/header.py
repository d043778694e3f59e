"""Which columns of a file are ours: by our names, by the names that `columns:` gives them.

Our own names are found however a spreadsheet or a database writes them: in capitals, with blanks
around, with Korean letters taken apart (NFD). A column that must be there and is not, or one of
suppression that nobody reads, is an error of the source: what it would have said is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from unicodedata import normalize

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
_OURS = {
    "users": (
        "user_id", "country", "region", "locale", "timezone", "phone", "birth_date",
        "guardian_consent", "preferred_channel",
    ),
    "devices": (
        "device_id", "user_id", "platform", "token", "fid", "enabled", "last_seen_at", "endpoint",
        "p256dh", "auth",
    ),
    "events": ("event_id", "user_id", "name", "occurred_at", "properties", "message_id"),
    "suppression": _SUPPRESSION,
}  # fmt: skip
"""The columns that are read where a file has them. One that goes unseen says nothing: a day of birth
of nobody, a device that is switched on."""


def names_of(file: RowFile, mapped: Mapping[str, str]) -> dict[str, str]:
    """Return our column names with the file's own.

    Raises UnavailableError where a column that must be there or that `mapped` names is missing, and
    for suppression where a column is not known.
    """
    for ours, theirs in mapped.items():
        if _find(theirs, file.types) is None:
            raise _unmapped(file, ours, theirs)
    names = aliased(file, mapped)
    for ours in REQUIRED[file.source]:
        if ours not in names:
            raise missing_column(file.source, file.shown, ours, file.types)
    if file.source == "suppression":
        if not set(IDENTIFYING) & set(names):
            first, *others = IDENTIFYING
            raise missing_column(file.source, file.shown, first, file.types, *others)
        _check_header(file, names, mapped)
    return names


def aliased(file: RowFile, mapped: Mapping[str, str]) -> dict[str, str]:
    """Return our column names with the source's: renamed ones first, the rest as they are.

    What `mapped` names and the file has not is left out.
    """
    found = {ours: _find(theirs, file.types) for ours, theirs in mapped.items()}
    names = {ours: theirs for ours, theirs in found.items() if theirs is not None}
    taken = {name.lower() for name in names}
    ours = {name for name in _OURS[file.source] if name not in taken}
    for theirs in file.types:
        plain = normalize("NFC", theirs)
        own = plain.strip().lower()
        # A file that has both `phone` and `PHONE` says which is ours.
        name = own if own in ours and own not in file.types else plain
        if name.lower() not in taken:
            names[name] = theirs
            taken.add(name.lower())
    return names


def _find(wanted: str, columns: Iterable[str]) -> str | None:
    """Return the column that is called `wanted`, whichever way its letters are put together."""
    plain = normalize("NFC", wanted)
    return next((name for name in columns if normalize("NFC", name) == plain), None)


def _unmapped(file: RowFile, ours: str, theirs: str) -> UnavailableError:
    """Return the error for a mapped column that is not there: another may not stand in for it."""
    there = ", ".join(f"`{name}`" for name in list(file.types)[:20])
    return UnavailableError(
        f"{file.label} has no column `{theirs}`, which `columns: {{{ours}: {theirs}}}` names",
        f"correct `sources.{file.source}.columns` in `pushform.yaml`; the file has {there}",
    )


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
