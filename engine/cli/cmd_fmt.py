"""`pushform fmt`: write files the one way they are written."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_findings, note
from engine.kernel.errors import ExitCode, UsageError


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@options.directory
def command(paths: tuple[Path, ...], check: bool, diff: bool, directory: Path) -> int:
    """Format pushform.yaml and what PATHs name: order of keys, quotes, indentation, one modeline.

    Comments stay with their keys. What a file says never changes; a file that cannot be read is
    left alone and shown (exit 1).
    """
    from engine.app.session import find_root
    from engine.kernel.source import SourceMap
    from engine.workspace.fmt import difference, files_to_format, format_files, write_whole

    root = find_root(directory)
    wanted = [_inside(root, path) for path in paths]
    files = files_to_format(root, wanted)
    _refuse_strangers(paths, wanted, files)
    changed = broken = 0
    for formatted in format_files(root, files):
        if formatted.findings:
            broken += 1
            echo_findings(formatted.findings, SourceMap({formatted.path: formatted.source}))
        if formatted.left:
            note(f"{formatted.path}: {formatted.left}")
        if not formatted.changes:
            continue
        changed += 1
        if diff:
            click.echo(difference(formatted), nl=False)
        elif check:
            click.echo(f"would format {formatted.path}")
        else:
            write_whole(root / formatted.path, formatted.after)
            click.echo(f"formatted {formatted.path}")
    note(_summary(len(files), changed, broken, written=not (check or diff)))
    return int(ExitCode.FINDINGS if broken or (check and changed) else ExitCode.OK)


def _inside(root: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(root).as_posix()
    except ValueError:
        raise UsageError(
            f"`{path}` is not in the workspace `{root}`", "name files or folders below it"
        ) from None


def _refuse_strangers(paths: tuple[Path, ...], wanted: list[str], files: tuple[str, ...]) -> None:
    from engine.workspace.fmt import is_below

    for path, inside in zip(paths, wanted, strict=True):
        if not any(is_below(file, inside) for file in files):
            raise UsageError(
                f"`{path}` is no campaign, audience or template of this workspace",
                "name files or folders below campaigns/, audiences/ or templates/",
            )


def _summary(files: int, changed: int, broken: int, *, written: bool) -> str:
    verb = "formatted" if written else "to format"
    parts = [f"{changed} {verb}", f"{files - changed - broken} as they should be"]
    if broken:
        parts.append(f"{broken} cannot be read")
    return ", ".join(parts)
