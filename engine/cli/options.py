"""Options that commands share, with one meaning everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

directory = click.option(
    "-C",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The workspace: the folder of pushform.yaml, or one below it.",
)
environment = click.option(
    "-e",
    "environment",
    metavar="ENV",
    envvar="PUSHFORM_ENV",
    help="The environment; `sandbox` if none is named: nothing leaves this machine.",
)
as_of = click.option(
    "--as-of",
    metavar="INSTANT",
    help="Take this instant for now, e.g. 2026-09-24T01:00:00Z.",
)


def formats(*names: str) -> Callable[[F], F]:
    """Return the option `--format` with `names`, the first of which is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How the result is printed.",
    )


lang = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "ko"]),
    default="en",
    show_default=True,
    envvar="PUSHFORM_LANG",
    help="The language of messages.",
)


def workspace(function: F) -> F:
    """Add `-C`, `-e` and `--as-of`."""
    return directory(environment(as_of(function)))
