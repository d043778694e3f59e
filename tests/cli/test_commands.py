"""The command line itself: every command explains itself quickly, and every end has its code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from engine import __version__
from engine.cli import main, output
from engine.cli.main import COMMANDS, pushform, wants_json
from engine.kernel.errors import ExitCode, LockedError, UnavailableError
from tests import cli_run
from tests.cli_run import Result
from tests.end_to_end.small import Shop

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("duckdb", "sqlalchemy", "pyarrow", "firebase_admin", "jinja2", "pycurl", "httpx", "babel")


def run(*words: str | Path) -> Result:
    return cli_run.pushform(*words)


# what there is


def test_every_command_is_a_file() -> None:
    files = {path.stem.removeprefix("cmd_") for path in (ROOT / "engine/cli").glob("cmd_*.py")}

    assert {name.replace("-", "_") for name in COMMANDS} == files


def test_the_help_lists_every_command_with_its_line() -> None:
    shown = run("--help")

    assert (shown.code, shown.err) == (0, "")
    lines = [line.split(maxsplit=1) for line in shown.out.splitlines() if line.startswith("  ")]
    assert {words[0]: words[1] for words in lines if words[0] in COMMANDS} == COMMANDS


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    long, short = run(name, "--help"), run(name, "-h")

    assert (long.code, long.err) == (0, "")
    assert long.out == short.out
    assert long.out.startswith(f"Usage: pushform {name}")
    command = pushform.get_command(click.Context(pushform), name)
    assert command is not None
    assert command.help


def test_no_help_imports_anything_heavy() -> None:
    program = f"""
import contextlib, io, sys
from engine.cli.main import COMMANDS, run
for words in [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)]:
    with contextlib.redirect_stdout(io.StringIO()):
        assert run(words) == 0, words
    found = [name for name in {HEAVY!r} if name in sys.modules]
    assert not found, (words, found)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "engine", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"pushform, version {__version__}\n")


# words that are off


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plam"], "No such command 'plam'"),
        (["plan", "--formt", "json"], "No such option"),
        (["plan", "--format", "yaml"], "'yaml' is not one of"),
        (["preview"], "Missing argument 'CAMPAIGN'"),
        (
            ["rule", "schedule-pst"],
            "there is no rule `schedule-pst`; did you mean `schedule-past`?",
        ),
        (["rule", "없는규칙"], "there is no rule `없는규칙`; `pushform rule` lists them"),
    ],
)
def test_words_that_are_off_are_named(words: list[str], said: str) -> None:
    found = run(*words)

    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "Traceback" not in found.err


def test_there_is_no_workspace(tmp_path: Path) -> None:
    found = run("plan", "-C", tmp_path)

    assert (found.code, found.out) == (2, "")
    assert found.err == (
        f"pushform: there is no `pushform.yaml` in `{tmp_path}` or above it\n"
        "  change to your workspace, pass `-C DIR`, or start one with `pushform init`\n"
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(root=tmp_path_factory.mktemp("shop"), people=2)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(root=tmp_path_factory.mktemp("applied"), people=2)
    shop.apply()
    return shop


@pytest.mark.parametrize("name", ["preview", "report", "cancel"])
def test_a_campaign_that_is_not_there_is_named(applied: Shop, name: str) -> None:
    found = applied.run(name, "sael") if name != "cancel" else run(name, "sael", "-C", applied.root)

    assert found.code == 2
    assert "`sael`" in found.err


@pytest.mark.parametrize("name", ["plan", "status", "dispatch"])
def test_an_environment_that_is_not_there_is_named(shop: Shop, name: str) -> None:
    found = shop.run(name, "-e", "staging")

    assert found.code == 2
    assert "`staging`" in found.err


def test_the_clock_cannot_be_set_outside_a_sandbox(shop: Shop) -> None:
    for name in ("apply", "dispatch"):
        found = shop.run(name, "-e", "production", as_of="2026-09-20T00:00:00Z")
        assert found.code == 2
        assert f"`{name}` takes --as-of only in a sandbox environment" in found.err


def test_an_instant_needs_an_offset(shop: Shop) -> None:
    found = shop.run("plan", as_of="2026-09-20T00:00:00")

    assert found.code == 2
    assert found.err == (
        "pushform: --as-of: `2026-09-20T00:00:00` has no offset: add `Z` or `+09:00`\n"
        "  write for example 2026-09-24T01:00:00Z\n"
    )


def test_a_workspace_is_found_from_below(shop: Shop) -> None:
    assert run("lint", "-C", shop.root / "campaigns", "--as-of", "2026-09-20T00:00:00Z").code == 0


def test_nobody_can_be_asked_without_a_terminal(shop: Shop) -> None:
    found = shop.run("apply", as_of="2026-09-20T00:00:00Z")

    assert found.code == 7
    assert "1 change waits for an approval" in found.err


def test_auto_approval_is_for_sandboxes(shop: Shop) -> None:
    found = shop.run("apply", "-e", "production", "--auto-approve")

    assert found.code == 2
    assert "`--auto-approve` is for sandboxes; `production` is none" in found.err


# failures as objects


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "--format", "json"],
        ["status", "--format=json"],
        ["dispatch", "--format", "json"],
        ["apply", "--format", "json"],
        ["lint", "--format", "json"],
    ],
)
def test_a_failure_is_an_object_too(tmp_path: Path, words: list[str]) -> None:
    found = run(*words, "-C", tmp_path)

    plain = found.json()
    assert plain["kind"] == "error"
    assert (found.code, plain["exit_code"], plain["exit_name"]) == (2, 2, "usage")
    assert f"pushform: {plain['message']}\n  {plain['hint']}\n" == found.err


@pytest.mark.parametrize("error", [LockedError("held by `ci`", "wait"), UnavailableError("gone")])
def test_any_failure_has_its_code_and_its_object(
    monkeypatch: pytest.MonkeyPatch, error: LockedError
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("engine.app.session.open_session", fail)

    found = run("plan", "--format", "json")

    assert found.code == error.exit_code
    assert found.json()["message"] == error.message
    assert found.json()["hint"] == error.hint


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["plan", "--format", "json"], True),
        (["plan", "--format=json"], True),
        (["plan", "--format", "text"], False),
        (["plan", "json"], False),
        (["plan", "--format"], False),
    ],
)
def test_when_an_object_is_wanted(words: list[str], wanted: bool) -> None:
    assert wants_json(words) is wanted


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> Result:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("engine.app.session.open_session", fail)
    return run("plan")


def test_a_bug_is_a_traceback_and_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    found = raising(KeyError("추석"), monkeypatch)

    assert found.code == ExitCode.BUG == 70
    assert f"pushform {__version__}: a bug. Please report it with the lines below." in found.err
    assert "KeyError: '추석'" in found.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupt_has_its_code(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    found = raising(error, monkeypatch)

    assert (found.code, found.out) == (130, "")
    assert found.err.strip() == "pushform: interrupted"


def test_a_reader_that_went_away_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert raising(BrokenPipeError(), monkeypatch).code == 0


def test_main_exits_with_the_code() -> None:
    with pytest.raises(SystemExit) as caught:
        main.main(["--version"])
    assert caught.value.code == 0


# show


def test_a_plan_file_is_shown(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    made = shop.run("plan", "--out", path, as_of="2026-09-20T00:00:00Z")
    assert made.code == 0
    assert f"wrote {path}; next: pushform apply {path}" in made.err

    text, plain = run("show", path), run("show", path, "--format", "json")

    assert (text.code, plain.code) == (0, 0)
    assert "plan for sandbox, made as of 2026-09-20T00:00:00Z" in text.out
    assert "create     sale [content, audience, timing, reach, law], 2 people" in text.out
    assert plain.json() == json.loads(path.read_text("utf-8"))
    assert run("show", tmp_path / "missing.json").code == 2


# progress


def test_progress_is_told_with_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr(output, "monotonic", lambda: now[0])
    line = output.ProgressLine()

    line.targeted("sale", 1_000)
    now[0] += 11
    line.settled("sale", 110)
    now[0] += 1
    line.settled("sale", 10)
    line.end()
    line.end()

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "sale: 110 of 1,000 (11%), 10/s, 89 s left",
        "sale: 120 of 1,000 (12%), 10/s, 88 s left",
    ]
