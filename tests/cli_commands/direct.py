"""Running one command of `engine.cli` in process: exit code, stdout, stderr."""

from __future__ import annotations

import contextlib
import io
from importlib import import_module
from pathlib import Path

import click

from engine.kernel.errors import PushformError
from tests.cli_run import Result


def call(name: str, *words: str | Path) -> Result:
    """Run the command `name` with `words`; what it refuses stands on stderr as in the terminal."""
    command: click.Command = import_module(f"engine.cli.cmd_{name.replace('-', '_')}").command
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command.main(
                args=[str(word) for word in words], prog_name=name, standalone_mode=False
            )
        except PushformError as error:
            code = int(error.exit_code)
            print(f"pushform: {error.message}", file=err)
            if error.hint:
                print(f"  {error.hint}", file=err)
        except click.ClickException as error:
            code = 2
            print(error.format_message(), file=err)
    return Result(int(code or 0), out.getvalue(), err.getvalue())
