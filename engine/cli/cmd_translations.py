"""`pushform translations`: texts out to a translator as PO, and back into the templates."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import note
from engine.kernel.errors import ExitCode, UsageError

_SOURCE = click.option("--from", "source", metavar="LOCALE", help="Translate from this locale.")


@click.group("translations")
def command() -> None:
    """Export texts for translators as PO, and import what they made of them."""


@command.command("export")
@click.argument("locale")
@click.option("--template", "only", multiple=True, metavar="ID", help="Only this template.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
@_SOURCE
@options.workspace
def export(
    locale: str,
    only: tuple[str, ...],
    out: Path | None,
    source: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write the texts of all templates as a PO file for LOCALE, with what it says already."""
    from engine.app.session import open_session
    from engine.message.catalog import write_catalog

    session = open_session(directory, environment, as_of)
    templates = session.loaded.templates
    for name in only:
        if name not in templates:
            raise UsageError(f"there is no template `{name}`", "templates/ holds them")
    chosen = [template for name, template in templates.items() if not only or name in only]
    spoken, project = source or session.workspace.locale, session.workspace.name
    raw = write_catalog(chosen, spoken, locale, project, session.opened_at)
    if out is None:
        click.echo(raw.decode(), nl=False)
    else:
        out.write_bytes(raw)
        note(f"wrote {out}")
    return int(ExitCode.OK)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if something is missing.")
@_SOURCE
@options.workspace
def import_(
    file: Path,
    check: bool,
    source: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write the translations of the PO file FILE into the templates.

    What breaks a placeholder, is no template, is unsure, or was translated from another text is
    left out and told (exit 1); all else is written.
    """
    from engine.app.session import open_session
    from engine.message.catalog import CatalogFault, read_catalog
    from engine.workspace.translate import NewText, write_translations

    session = open_session(directory, environment, as_of)
    spoken = source or session.workspace.locale
    templates = session.loaded.templates
    found = read_catalog(file.read_bytes(), templates.values(), spoken)
    missing = [one for one in found.problems if one.kind is CatalogFault.MISSING]
    for problem in found.problems:
        if problem.kind is CatalogFault.MISSING and not check:
            continue
        hint = f" ({problem.hint})" if problem.hint else ""
        click.echo(f"{problem.kind}: {problem.message}{hint}")
    if found.locale == spoken:
        raise UsageError(
            f"`{file}` translates `{spoken}` into itself", "name the other with --from"
        )
    texts = [
        NewText(
            template=place.template,
            channel=place.channel,
            path=place.path,
            text=text,
        )
        for place, text in found.texts.items()
    ]
    if not check and found.locale:
        for path in write_translations(session.loaded, session.root, spoken, found.locale, texts):
            click.echo(f"wrote {path}")
    refused = len(found.problems) - len(missing)
    note(
        f"{len(texts):,} texts in `{found.locale}`, {refused:,} not taken, "
        f"{len(missing):,} without a translation"
    )
    return int(ExitCode.FINDINGS if refused or (check and missing) else ExitCode.OK)
