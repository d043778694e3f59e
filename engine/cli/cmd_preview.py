"""`pushform preview`: what people would read, and what their provider would be sent."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from click.core import ParameterSource

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, UsageError
from engine.model.channel import Channel


@click.command("preview")
@click.argument("campaign")
@click.option("--locale", help="Only this locale.")
@click.option(
    "--channel",
    type=click.Choice([channel.value for channel in Channel]),
    help="Only this channel.",
)
@click.option("--user", help="A real person's messages; printed to a terminal only.")
@click.option(
    "--people",
    is_flag=True,
    help="With html: look at the audience and show its longest values, masked.",
)
@click.option("--against", metavar="REF", help="With html: show what changed since this revision.")
@options.formats("text", "json", "html")
@options.lang
@options.workspace
def command(
    campaign: str,
    locale: str | None,
    channel: str | None,
    user: str | None,
    people: bool,
    against: str | None,
    format_: str,
    language: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Show every message of CAMPAIGN over its samples, or for one person."""
    from engine.app.providers import provider_opener
    from engine.app.session import open_session
    from engine.cli.preview_text import preview_text
    from engine.cli.previewing import person_previews, preview_plain, sample_previews
    from engine.cli.speaking import speech

    if format_ != "html" and (people or against is not None):
        flag = "--people" if people else "--against"
        raise UsageError(f"`{flag}` is drawn on the sheet only", "add `--format html`")
    session = open_session(directory, environment, as_of)
    found = session.loaded.resolved.get(campaign) or session.loaded.set_aside.get(campaign)
    if found is None:
        known = ", ".join(sorted(session.loaded.resolved)) or "none"
        raise UsageError(
            f"there is no campaign `{campaign}` that could be previewed",
            f"there are: {known}; `pushform lint` shows what is wrong with others",
        )
    if format_ == "html":
        from engine.cli.contact_sheet import sheet_of

        page = sheet_of(session, found, against=against, language=_asked(language), people=people)
        click.echo(page)
        return 0
    opener = provider_opener(session)
    if user is not None:
        if not sys.stdout.isatty():
            raise UsageError(
                "a preview for a person prints to a terminal only", "leave --user out for a sample"
            )
        previews = person_previews(session, found, user, opener)
    else:
        previews = sample_previews(found, opener)
    shown = [
        preview
        for preview in previews
        if locale in (None, preview.message.locale) and channel in (None, preview.message.channel)
    ]
    if format_ == "json":
        echo_json(
            document(
                "preview",
                as_of=session.opened_at,
                environment=session.workspace.environment,
                exit_code=ExitCode.OK,
                body={
                    "campaign": campaign,
                    "messages": [preview_plain(preview) for preview in shown],
                },
            )
        )
        return 0
    spoken = speech(language)
    for preview in shown:
        click.echo(preview_text(preview, spoken))
    if not shown:
        click.echo(spoken.name("no message fits"))
    return 0


def _asked(language: str) -> str | None:
    """Return the language that was asked for, None for a default: a sheet has the workspace's."""
    source = click.get_current_context().get_parameter_source("language")
    return None if source is ParameterSource.DEFAULT else language
