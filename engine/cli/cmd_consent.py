"""`pushform consent`: when consents are to be asked for again, and drafts of the notices."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json, note
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, UsageError

_CHANNELS = click.Choice(["app", "web", "kakao", "sms"])
_SHOWN = 24


@click.group("consent")
def command() -> None:
    """Ask again every two years, and tell what became of an answer (제50조제7항, 제8항)."""


@command.command("due")
@click.option("--within", default="30d", show_default=True, help="Who falls due until then.")
@options.formats("text", "json")
@options.workspace
def due(
    within: str, format_: str, directory: Path, environment: str | None, as_of: str | None
) -> int:
    """Count per channel and month whose consent is to be confirmed. Counts, never people."""
    from engine.app.people import open_people_of
    from engine.app.session import open_session
    from engine.cli.consents import count_due
    from engine.cli.planning import NO_KEY

    session = open_session(directory, environment, as_of)
    span = _span(within)
    with open_people_of(session, NO_KEY, None) as people:
        agreed = people.consents_by_day(session.opened_at)
    counted = {
        channel: count_due(one.days, session.opened_at, span) for channel, one in agreed.items()
    }
    if format_ == "json":
        body = {
            channel.value: {
                "people": one.people,
                "overdue": one.overdue,
                "due": one.due,
                "later": one.later,
                "unknown": one.unknown,
                "suppressed": agreed[channel].suppressed,
                "months": dict(one.months),
            }
            for channel, one in counted.items()
        }
        echo_json(
            document(
                "consent-due",
                as_of=session.opened_at,
                environment=session.workspace.environment,
                exit_code=ExitCode.OK,
                body={"within": within, "channels": body},
            )
        )
        return 0
    for channel, one in counted.items():
        click.echo(
            f"{channel:<6} {one.people:,} agreed: {one.overdue:,} overdue, "
            f"{one.due:,} due within {within}, {one.later:,} later, {one.unknown:,} without a day"
            + (f"; {left:,} more refused since" if (left := agreed[channel].suppressed) else "")
        )
        for month, count in list(one.months.items())[:_SHOWN]:
            click.echo(f"       {month}  {count:,}")
        if len(one.months) > _SHOWN:
            click.echo(f"       … and {len(one.months) - _SHOWN} more months (--format json)")
    if any(one.overdue or one.due for one in counted.values()):
        note("next: pushform consent notices recheck; until then everybody may be sent to")
    return 0


@command.command("notices")
@click.argument("kind", type=click.Choice(["recheck", "result"]))
@click.option("--channel", type=_CHANNELS, help="This channel's consent; every one if left out.")
@click.option(
    "--within", default="30d", show_default=True, help="recheck: who falls due until then."
)
@click.option(
    "--answer",
    type=click.Choice(["yes", "no"]),
    default="yes",
    show_default=True,
    help="result: who agreed, or who refused or withdrew.",
)
@click.option("--at", metavar="LOCAL", help="When; tomorrow at 10:00 if left out.")
@options.workspace
def notices(
    kind: str,
    channel: str | None,
    within: str,
    answer: str,
    at: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write drafts of the notices that the law asks for: campaign, template and audience.

    recheck: to whoever's consent is to be confirmed. result: to whoever said something in the last 14
    days. Delete `draft: true` when you have read them.
    """
    from engine.app.session import open_session
    from engine.workspace.notices import NoticeAnswers, write_notices

    session = open_session(directory, environment, as_of)
    answers = NoticeAnswers(
        kind=kind, channel=channel, within=_span(within), agreed=answer == "yes", at=at
    )
    for path in write_notices(session.root, session.loaded, answers, session.opened_at):
        click.echo(path)
    note("next: read them, delete the line `draft: true`, then `pushform lint` and `pushform plan`")
    return 0


def _span(written: str) -> timedelta:
    from engine.kernel.instant import parse_duration

    try:
        return parse_duration(written)
    except ValueError as error:
        raise UsageError(f"--within: {error}", "write for example 30d") from error
