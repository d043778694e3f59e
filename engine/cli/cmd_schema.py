"""`pushform schema`: the JSON Schemas of everything that is written and printed."""

from __future__ import annotations

import click

from engine.kernel.errors import UsageError


@click.command("schema")
@click.argument("kind", required=False)
def command(kind: str | None) -> int:
    """Print the schema of KIND, or list the kinds."""
    from engine.workspace.schemas import Kind, find_schema

    folder = find_schema(Kind.WORKSPACE).parent
    files = {file.name.removesuffix(".schema.json"): file for file in folder.glob("*.schema.json")}
    if kind is None:
        click.echo("\n".join(sorted(files)))
        return 0
    if kind not in files:
        raise UsageError(f"there is no schema `{kind}`", f"there are: {', '.join(sorted(files))}")
    click.echo(files[kind].read_text(encoding="utf-8"), nl=False)
    return 0
