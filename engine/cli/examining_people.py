"""The checks of `pushform doctor` on people: rows, columns, consents, ages and refusals, in counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from engine.app.people import open_people_of
from engine.app.session import Session
from engine.audience.profiles import RefusalProfile
from engine.cli.check import Check
from engine.cli.consents import count_due
from engine.cli.planning import NO_KEY
from engine.kernel.errors import ExitCode
from engine.model.channel import Channel


def count_people(session: Session) -> Iterator[Check]:
    """Yield how many rows of users count, and how many do not."""
    profile = open_people_of(session, NO_KEY, None).row_profile()
    yield Check(
        name="people",
        message=f"{profile.users:,} people, {profile.repeated:,} repeated rows"
        + (" (the least answer of each person's rows counts)" if profile.repeated else "")
        + f", {profile.without_id:,} rows without user_id",
    )


def find_missing_columns(session: Session) -> Iterator[Check]:
    """Yield the columns that nobody wrote, and what that means."""
    for source, column, meaning in open_people_of(session, NO_KEY, None).missing_columns():
        yield Check(name="columns", message=f"{source} has no column `{column}`: {meaning}")


def count_consents(session: Session) -> Iterator[Check]:
    """Yield who agreed, per channel, and whom to ask again."""
    people = open_people_of(session, NO_KEY, None)
    counts = people.consent_profile()
    agreed = people.consents_by_day(session.opened_at)
    for channel in Channel:
        if channel in counts:
            answers = counts[channel]
            yield Check(
                name="consent",
                message=f"{channel}: yes {answers['yes']:,}, no {answers['no']:,}, "
                f"unknown {answers['unknown']:,} (unknown never gets an advertisement)",
            )
            yield from _ask_again(channel, agreed[channel].days, session)
        elif channel in session.workspace.channels:
            yield Check(
                name="consent",
                message=f"{channel}: no column is mapped, so nobody gets an advertisement there",
            )


def _ask_again(
    channel: Channel, days: Mapping[date | None, int], session: Session
) -> Iterator[Check]:
    overdue = count_due(days, session.opened_at).overdue
    if overdue:
        yield Check(
            name="consent",
            message=f"{channel}: {overdue:,} agreed over two years ago and were not asked again",
            hint="`pushform consent due` shows when, `pushform consent notices` drafts the question",
        )


def count_ages(session: Session) -> Iterator[Check]:
    """Yield how many days of birth cannot be read: they count as those of children."""
    profile = open_people_of(session, NO_KEY, None).birth_profile(session.opened_at)
    if profile is None:
        return
    yield Check(
        name="ages",
        message=f"{profile.written:,} days of birth, {profile.unreadable:,} of them unreadable"
        + (" (no advertisements without a guardian's consent)" if profile.unreadable else ""),
        hint="write them like `2012-03-01`" if profile.unreadable else None,
    )


def count_refusals(session: Session) -> Iterator[Check]:
    """Yield whom the workspace's own list holds back, and which of its rows cannot be read."""
    found = open_people_of(session, NO_KEY, None).refusal_profile(session.opened_at)
    if found is None:
        declared = session.workspace.sources.suppression_none
        said = "`suppression: none`: nobody has refused" if declared else "there is no list"
        yield Check(name="refusals", message=said)
        return
    held = ", ".join(f"{channel} {count:,}" for channel, count in found.people.items())
    more = (
        (found.devices, "devices"),
        (found.later, "rows not yet in force"),
    )
    yield Check(
        name="refusals",
        message=f"{found.rows:,} rows hold back people: {held}"
        + "".join(f"; {count:,} {what}" for count, what in more if count),
    )
    if found.phones:
        yield Check(
            name="refusals",
            message=f"{found.phones:,} rows have a phone that cannot be read beside who they name",
            hint="mend it, or whoever else has that number gets advertisements",
        )
    yield from _find_whom(found)
    if found.nobody:
        yield Check(
            name="refusals",
            message=f"{found.nobody:,} rows name nobody who can be found: {found.where}",
            hint="write a `user_id`, a `token` or a `phone` such as `010-1234-5678` there, or delete"
            " the row; until then advertisements are held",
            exit_code=ExitCode.UNAVAILABLE,
        )


def _find_whom(found: RefusalProfile) -> Iterator[Check]:
    """Yield the rows that hold nobody back: who has left, or somebody whose id is written otherwise."""
    if found.strangers:
        count = "1 row holds" if found.strangers == 1 else f"{found.strangers:,} rows hold"
        yield Check(
            name="refusals",
            message=f"{count} nobody back, no such person is in `users`: {found.strangers_where}",
            hint="leave it if they have left; else look for zeros that a spreadsheet has dropped"
            " (`7` for `007`), another kind of id, or a number of another country: until it is"
            " mended they get advertisements",
        )
    if found.alike:
        count = "1 of them names an id" if found.alike == 1 else f"{found.alike:,} of them name ids"
        yield Check(
            name="refusals",
            message=f"{count} that `users` has with other zeros in front or other capitals:"
            f" {found.alike_where}",
            hint="write the `user_id` as it stands in `users`; nobody is matched by guess",
        )
