"""What `pushform suppress` needs: the file behind the source, a refusal, counts, vendors' lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from engine.app.people import open_people_of
from engine.app.providers import provider_opener
from engine.app.session import Session
from engine.cli.planning import NO_KEY
from engine.kernel.errors import PushformError, UsageError
from engine.kernel.instant import find_zone, format_instant, parse_date, start_of_day
from engine.model.channel import Channel
from engine.model.ports import OptOuts
from engine.model.refusal import IDENTIFIERS, Refusal
from engine.workspace.refusal_rows import WrittenRefusal
from engine.workspace.refusals import RefusalFile, open_refusals

_NAMED = 20
"""So many lines are shown; the JSON names all."""


def refusal_file(session: Session) -> RefusalFile:
    """Return the session's suppression source. Raises UsageError where it is no CSV file."""
    from engine.audience.phone import normalise_phone

    workspace = session.workspace
    return open_refusals(
        workspace.sources.suppression,
        session.root,
        workspace.timezone,
        partial(normalise_phone, country=workspace.country),
        none=workspace.sources.suppression_none,
    )


def refusal_of(
    session: Session,
    *,
    user: str | None,
    phone: str | None,
    token: str | None,
    channel: str | None,
    reason: str | None,
) -> Refusal:
    """Return what was asked for, as of now. Raises UsageError for a number that is none."""
    from engine.audience.phone import normalise_phone

    number = normalise_phone(phone, session.workspace.country) if phone is not None else None
    if phone is not None and number is None:
        raise UsageError(
            f"`{phone}` is not a phone number", "write `010-1234-5678` or `+821012345678`"
        )
    pairs = zip(IDENTIFIERS, (user, number, token), strict=True)
    identifier, value = next((name, text) for name, text in pairs if text is not None)
    if not value.strip():
        raise UsageError(f"the {identifier} is empty", "name who refused")
    return Refusal(
        identifier=identifier,
        value=value,
        channel=Channel(channel) if channel else None,
        since=session.opened_at,
        reason=reason,
    )


def is_known(session: Session, refusal: Refusal) -> bool | None:
    """Tell whether the sources have such a person, number or token; None where nobody can say."""
    try:
        return open_people_of(session, NO_KEY, None).has(refusal.identifier, refusal.value)
    except PushformError:
        return None


def count_refusals(rows: Sequence[WrittenRefusal], now: datetime) -> dict[str, dict[str, int]]:
    """Count the rows per channel and kind; `all` are those of every channel, `later` not yet in force."""
    counts = {
        name: dict.fromkeys((*IDENTIFIERS, "later"), 0) for name in ("all", *map(str, Channel))
    }
    for row in rows:
        later = row.since is not None and row.since > now
        counts[row.channel or "all"]["later" if later else row.identifier] += 1
    return counts


def unreadable_line(lines: Sequence[int]) -> str:
    """Return how many rows cannot be read, and on which lines of the file the first ones begin."""
    named = ", ".join(str(line) for line in lines[:_NAMED])
    more = ", …" if len(lines) > _NAMED else ""
    return f"  {len(lines):,} unreadable (line{'s' if len(lines) > 1 else ''} {named}{more})"


def refusal_line(row: WrittenRefusal) -> str:
    """Return one row for a person at a terminal."""
    since = format_instant(row.since) if row.since else "always"
    reason = f"  {row.reason}" if row.reason else ""
    return f"  {row.identifier:<8} {row.value:<24} {row.channel or 'all':<6} {since}{reason}"


def first_day(session: Session, since: str | None) -> datetime | None:
    """Return when `--since` begins in the workspace's zone. Raises UsageError for what is no date."""
    if since is None:
        return None
    zone = find_zone(session.workspace.timezone)
    if zone is None:
        raise AssertionError(session.workspace.timezone)
    try:
        return start_of_day(parse_date(since), zone)
    except ValueError as error:
        raise UsageError(f"--since: {error}", "write for example 2026-09-24") from error


def ask_vendors(
    session: Session, channel: str | None, since: datetime | None
) -> Mapping[str, tuple[Refusal, ...]]:
    """Return, per provider that can list them, the numbers that opted out there.

    A number that called a 080 number refused text messages: the row names the channel `sms`. Raises
    UsageError where no provider of the environment (or not that of `channel`) lists opt-outs.
    """
    opener = provider_opener(session)
    found: dict[str, tuple[Refusal, ...]] = {}
    for name, settings in session.workspace.channels.items():
        if name is not Channel.SMS or channel not in (None, str(name)):
            continue
        provider = opener(name)
        try:
            if isinstance(provider, OptOuts):
                found[f"{name} ({settings.provider})"] = tuple(
                    Refusal(
                        identifier="phone",
                        value=one.phone,
                        channel=name,
                        since=one.at,
                        reason=None,
                    )
                    for one in provider.opted_out(since)
                )
        finally:
            provider.close()
    if not found:
        where = f"the provider of `{channel}`" if channel else "no provider"
        raise UsageError(
            f"{where} in `{session.workspace.environment}` "
            + ("lists no opt-outs" if channel else "lists opt-outs"),
            "name the environment with -e; NHN Cloud, NAVER SENS and SOLAPI keep such lists for sms",
        )
    return found
