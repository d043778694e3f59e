"""`pushform site`: every message of every campaign as pages that open without a server."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import note

FOLDER = "site"
"""Below `.pushform/`, where nothing is committed."""


@click.command("site")
@click.argument("campaigns", nargs=-1)
@click.option("--against", metavar="REF", help="Show what changed since this git revision.")
@click.option("--language", type=click.Choice(["ko", "en"]), help="The pages' own language.")
@click.option(
    "--people", is_flag=True, help="Look at the audience: show its longest values, masked."
)
@click.option("--png", is_flag=True, help="Also take pictures, with Chromium.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write there and not into .pushform/site/.",
)
@options.workspace
def command(
    campaigns: tuple[str, ...],
    against: str | None,
    language: str | None,
    people: bool,
    png: bool,
    out: Path | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Draw CAMPAIGNS, or all of them, as people will see them: one page each, and an index."""
    from engine.app.session import open_session
    from engine.cli.contact_sheet import INDEX, pages_of, remove_others, write_pages

    session = open_session(directory, environment, as_of)
    browser = None
    if png:
        from engine.site.pictures import find_browser

        browser = find_browser()
    pages = pages_of(session, campaigns, against=against, language=language, people=people)
    folder = out if out is not None else session.hidden(FOLDER)
    written = write_pages(pages, folder)
    if out is None:
        remove_others(folder, written)
    for id_ in pages.left_out:
        note(f"{id_}: not drawn, it has mistakes; `pushform lint` shows them")
    for row in pages.entries:
        if row.troubles:
            note(f"{row.id}: {row.troubles} of {row.messages} messages need a look")
    if browser is not None:
        from engine.site.pictures import take_pictures

        sheets = [path for path in written if path.parent != folder]
        for picture in take_pictures(sheets, browser):
            click.echo(str(picture))
    click.echo(str(folder / INDEX))
    return 0
