"""`pushform suppress`: nobody is sent an advertisement against their word, from now on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json, note
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, UsageError

_CHANNELS = click.Choice(["app", "web", "kakao", "sms"])


@click.group("suppress")
def command() -> None:
    """Write down who refused; it counts for what is being sent, too."""


@command.command("add")
@click.argument("user", required=False)
@click.option("--phone", metavar="NUMBER", help="The person with this number, whoever it is.")
@click.option("--token", help="This device or subscription only.")
@click.option("--channel", type=_CHANNELS, help="This channel only; all of them if left out.")
@click.option("--reason", help="Why; kept in the column `reason`.")
@options.workspace
def add(
    user: str | None,
    phone: str | None,
    token: str | None,
    channel: str | None,
    reason: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Add USER, a number or a token to the suppression source: no advertisements any more."""
    from engine.app.session import only_sandbox_sets_the_clock, open_session
    from engine.cli.refusing import is_known, refusal_file, refusal_of

    if sum(one is not None for one in (user, phone, token)) != 1:
        raise click.UsageError("name one: a user, --phone or --token")
    session = open_session(directory, environment, as_of)
    only_sandbox_sets_the_clock(session, "suppress add")
    refusal = refusal_of(
        session, user=user, phone=phone, token=token, channel=channel, reason=reason
    )
    file = refusal_file(session)
    added = file.add([refusal])
    click.echo(f"{file.shown}: {'1 row added' if added else 'was there already, nothing added'}")
    if is_known(session, refusal) is False:
        note(f"nobody in the sources has this {refusal.identifier} now: is it spelt right?")
    note(
        "it counts from the next reading, within "
        f"{int(session.workspace.safety.consent_max_age.total_seconds() // 60)} min also for what "
        "is being sent; commit the file if it is in git"
    )
    return 0


@command.command("list")
@click.option("--people", is_flag=True, help="Show who, not only how many; at a terminal only.")
@options.formats("text", "json")
@options.workspace
def list_(
    people: bool,
    format_: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Count who is suppressed, per channel."""
    from engine.app.session import open_session
    from engine.cli.refusing import count_refusals, refusal_file, refusal_line, unreadable_line

    if people and (format_ == "json" or not sys.stdout.isatty()):
        raise UsageError(
            "--people shows people, so it prints text to a terminal only",
            "leave it out: counts go anywhere",
        )
    session = open_session(directory, environment, as_of)
    file = refusal_file(session)
    written = file.rows()
    rows = written.refusals
    counts = count_refusals(rows, session.opened_at)
    if format_ == "json":
        echo_json(
            document(
                "suppress-list",
                as_of=session.opened_at,
                environment=session.workspace.environment,
                exit_code=ExitCode.OK,
                body={
                    "path": file.shown,
                    "rows": len(rows),
                    "unreadable": list(written.unreadable),
                    "channels": counts,
                },
            )
        )
        return 0
    click.echo(f"{file.shown}: {len(rows):,} rows")
    for channel, by in counts.items():
        click.echo(
            f"  {channel:<6} {by['user_id']:,} people, {by['phone']:,} numbers, "
            f"{by['token']:,} tokens" + (f", {by['later']:,} later" if by["later"] else "")
        )
    if written.unreadable:
        click.echo(unreadable_line(written.unreadable))
        note(
            "advertisements are held for rows that name nobody: `pushform doctor` tells them apart"
        )
    if people:
        for row in rows:
            click.echo(refusal_line(row))
    return 0


@command.command("pull")
@click.option("--channel", type=_CHANNELS, help="Ask this channel's provider only.")
@click.option("--since", metavar="DATE", help="Only those since this day; all if left out.")
@options.workspace
def pull(
    channel: str | None,
    since: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Fetch who refused at the vendors (by calling the 080 number) and add them."""
    from engine.app.session import only_sandbox_sets_the_clock, open_session
    from engine.cli.refusing import ask_vendors, first_day, refusal_file

    session = open_session(directory, environment, as_of)
    only_sandbox_sets_the_clock(session, "suppress pull")
    begins = first_day(session, since)
    file = refusal_file(session)
    asked = ask_vendors(session, channel, begins)
    for name, refusals in asked.items():
        added = file.add(refusals)
        click.echo(f"{name}: {len(refusals):,} opted out there, {added:,} added to {file.shown}")
    return 0
