"""The documents that are made from the program: `python -m engine.cli.manual` writes them into docs/.

With `--check` nothing is written; the documents that are out of date are named, and the exit code is 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import click

from engine.cli.main import COMMANDS, pushform
from engine.kernel.errors import ExitCode
from engine.lint.law_manual import law_manual
from engine.lint.manual import rules_manual

ROOT = Path(__file__).resolve().parents[2]
_WIDTH = 100
READER = "What the reader finds"

HEAD = """\
# Commands

<!-- Made by `make docs` (python -m engine.cli.manual) from engine/cli/. Edits here are lost. -->

What every command prints with `--help`. stdout is the result, stderr progress. Text is for people and may
change; JSON is stable, and its schemas are in `schemas/`.
"""


def cli_manual() -> str:
    """Return the help of every command as Markdown."""
    lines = [HEAD, ""]
    lines += [f"- [`pushform {name}`](#pushform-{name}): {what}" for name, what in COMMANDS.items()]
    lines += ["", "Exit codes, one meaning each:", "", "| code | name |", "| --- | --- |"]
    lines += [f"| {code.value} | {code.name.lower().replace('_', ' ')} |" for code in ExitCode]
    for name in COMMANDS:
        for words, command in _below(name, _command(name)):
            depth = "#" * (1 + len(words))
            context = click.Context(command, info_name=" ".join(words), parent=_program())
            lines += ["", f"{depth} pushform {' '.join(words)}", "", "```text"]
            lines += [*command.get_help(context).splitlines(), "```"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def all_rules_manual() -> str:
    """Return the rules of lint, and after them what the reader and the plan find."""
    from engine.plan.diff import IMMUTABLE_PAGE, IMMUTABLE_PAGE_KO
    from engine.workspace.pages import PAGES
    from engine.workspace.reader_page import render_reader_page

    lines = ["", f"## {READER}", "", "읽는 중에 찾는 것", ""]
    lines += ["Always errors, and no comment can ignore them.", ""]
    pages = [(render_reader_page(page), page.korean) for page in PAGES]
    pages.append((IMMUTABLE_PAGE, IMMUTABLE_PAGE_KO.rpartition(".\n\n")[2]))
    for english, korean in pages:
        what, passes, examples = english.partition("\n## Passes")
        text = re.sub(r"\nseverity .*\nrests on .*\n", "", what)
        text = re.sub(r"^## (.*)\n", r"**\1.** ", text, flags=re.MULTILINE)
        lines += [f"##{text}", "", f"**한국어.** {korean}", ""]
        if passes:
            lines += [f"Passes:{examples}".replace("\n## Fails\n", "\nFails:\n"), ""]
    contents = f"- [{READER}](#what-the-reader-finds) · 읽는 중에 찾는 것\n"
    head, chapter, rest = rules_manual().partition("\n## ")
    written = "\n".join(line.rstrip() for line in "\n".join(lines).splitlines())
    return f"{head}{contents}{chapter}{rest}{written}\n"


MANUALS: Mapping[str, Callable[[], str]] = {
    "docs/rules.md": all_rules_manual,
    "docs/law.md": law_manual,
    "docs/cli.md": cli_manual,
}
"""What is made, by its path in the repository."""


def out_of_date(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield the documents that differ from what the program says, with what they should be."""
    for name, make in MANUALS.items():
        path, text = root / name, make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield path, text


def main(words: list[str]) -> int:
    """Write what is out of date; with `--check`, only name it and return 1. Other words: 2."""
    if words not in ([], ["--check"]):
        click.echo("usage: python -m engine.cli.manual [--check]", err=True)
        return 2
    check = words == ["--check"]
    found = 0
    for path, text in out_of_date():
        found += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        click.echo(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
    return int(check and found > 0)


def _program() -> click.Context:
    """Return the context that commands run in: they take its names of `--help` and its width."""
    context = click.Context(pushform, info_name="pushform", **pushform.context_settings)
    context.terminal_width = context.max_content_width = _WIDTH
    return context


def _command(name: str) -> click.Command:
    module = import_module(f"engine.cli.cmd_{name.replace('-', '_')}")
    command: click.Command = module.command
    return command


def _below(name: str, command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command and those below it, with the words that call them."""
    yield (name,), command
    if isinstance(command, click.Group):
        for word, one in command.commands.items():
            for words, below in _below(word, one):
                yield (name, *words), below


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
