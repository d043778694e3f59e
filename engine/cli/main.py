"""The command `pushform`: finds a command's file when it is called, turns errors into exit codes."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import traceback
from collections.abc import Sequence

import click

from engine import __version__
from engine.kernel.collection import no_collection
from engine.kernel.document import failure
from engine.kernel.errors import ExitCode, PushformError, UsageError

COMMANDS = {
    "init": "write a new workspace into an empty repository",
    "new": "write a first draft from five answers",
    "copy": "start a campaign by copying one",
    "fmt": "write files the one way they are written",
    "translations": "write and read texts for translators",
    "lint": "check shape and law, offline",
    "rule": "explain a rule",
    "preview": "show what people would read",
    "audience": "count an audience",
    "doctor": "look over sources, consent, state and providers",
    "plan": "show what would change and who would get what",
    "show": "print a plan file",
    "apply": "schedule what was approved",
    "dispatch": "send all that is due, then exit",
    "run": "stay and send whenever something falls due",
    "send-test": "send marked tests to testers",
    "status": "tell where every campaign is",
    "report": "rebuild and print a campaign's books",
    "verify": "prove an evidence pack",
    "suppress": "write down who refused",
    "consent": "ask again every two years, and draft the notices",
    "trace": "tell what one person got, or why not",
    "cancel": "stop a campaign for good",
    "halt": "stop sending until resumed",
    "resume": "go on after a halt",
    "site": "draw every message as pages that open without a server",
    "outbox": "show what the sandbox would have sent",
    "schema": "print a JSON Schema",
}
"""Every command with its one line, in the order in which they are needed."""


class Commands(click.Group):
    """Imports a command's module only when that command runs: `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        with no_collection():
            module = importlib.import_module(f"engine.cli.cmd_{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pushform")
def pushform() -> None:
    """Push-message campaigns as code."""


def main(words: Sequence[str] | None = None) -> None:
    """Run `pushform` and exit with its code."""
    code = run(sys.argv[1:] if words is None else words)
    # On its way out Python looks for cycles in all there is, several times: 40 ms for a lint. What
    # DuckDB made must be found, though: it reports the rest as leaked.
    if "duckdb" not in sys.modules:
        gc.freeze()
    sys.exit(code)


def run(words: Sequence[str]) -> int:
    """Run `pushform WORDS…` and return the exit code; nothing is raised."""
    try:
        result = pushform.main(args=list(words), prog_name="pushform", standalone_mode=False)
    except PushformError as error:
        return _fail(error, words)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return _print_failure(UsageError(error.format_message()), words)
    except (KeyboardInterrupt, click.Abort):
        click.echo("pushform: interrupted", err=True)
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return int(ExitCode.OK)
    except Exception:
        click.echo(
            f"pushform {__version__}: a bug. Please report it with the lines below.", err=True
        )
        click.echo(traceback.format_exc(), err=True)
        return int(ExitCode.BUG)
    return int(result) if isinstance(result, int) else int(ExitCode.OK)


def _fail(error: PushformError, words: Sequence[str]) -> int:
    click.echo(f"pushform: {error.message}", err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)
    return _print_failure(error, words)


def _print_failure(error: PushformError, words: Sequence[str]) -> int:
    """Print the object that stands for a failed command, where JSON was asked for."""
    if wants_json(words):
        document = failure(error, as_of=None, environment=None)
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))
    return int(error.exit_code)


def wants_json(words: Sequence[str]) -> bool:
    """Tell whether `--format json` was asked for: a failure is an object then, too."""
    pairs = zip(words, (*words[1:], ""), strict=False)
    return any(
        word == "--format=json" or (word == "--format" and after == "json") for word, after in pairs
    )
