"""`pushform init`: a workspace, sample people and workflows in an empty repository."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import note


@click.command("init")
@click.option("--name", help="The workspace's name; the folder's name if none is given.")
@click.option("--language", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
@options.directory
def command(name: str | None, language: str, directory: Path) -> int:
    """Write a first workspace; files that are there are never overwritten."""
    from engine.workspace.init import write_scaffold

    root = directory.resolve()
    for path in write_scaffold(root, name=name or _name(root), language=language):
        click.echo(path)
    note("next: pushform lint, then pushform plan")
    return 0


def _name(root: Path) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in root.name.lower())
    return "-".join(part for part in kept.split("-") if part) or "workspace"
