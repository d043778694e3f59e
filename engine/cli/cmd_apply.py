"""`pushform apply`: schedule what was approved. Nothing is sent here."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import options
from engine.cli.output import echo_findings, echo_json, note
from engine.kernel.document import document
from engine.kernel.errors import (
    ApprovalError,
    BlockedError,
    ExitCode,
    MismatchError,
    UsageError,
)
from engine.kernel.language import Language
from engine.kernel.speech import Speech, pad

if TYPE_CHECKING:
    from engine.model.plan import Applied, ApprovedChange, Change, Plan


@click.command("apply")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--digest", "digests", multiple=True, metavar="D", help="Approve one change.")
@click.option("--auto-approve", is_flag=True, help="Approve everything; sandbox only.")
@options.formats("text", "json")
@options.lang
@options.workspace
def command(
    file: Path | None,
    digests: tuple[str, ...],
    auto_approve: bool,
    format_: str,
    language: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write approved changes into the state: all those of the plan FILE, or none."""
    from engine.app.holders import is_dead, new_holder
    from engine.app.session import later, only_sandbox_sets_the_clock, open_session
    from engine.apply.select import everything
    from engine.cli.planning import fresh_plan
    from engine.cli.speaking import speech
    from engine.pipeline.apply import apply_approved
    from engine.plan.korean import in_korean

    spoken = speech(language)
    session = open_session(directory, environment, as_of)
    only_sandbox_sets_the_clock(session, "apply")
    if auto_approve and not session.workspace.sandbox:
        raise UsageError(
            f"`--auto-approve` is for sandboxes; `{session.workspace.environment}` is none",
            "plan, have the plan file reviewed, and apply that file",
        )
    given = _from_words(session.workspace.environment, file, digests, spoken)
    with ExitStack() as stack:
        fresh = fresh_plan(session, stack, create=True)
        errors = [f for f in in_korean(fresh.plan).findings if f.severity == "error"]
        echo_findings(errors, session.loaded.sources, spoken.language)
        approvals = given
        if approvals is None and (auto_approve or not fresh.plan.pending):
            approvals = everything(fresh.plan)
        if approvals is None:
            approvals = _ask(fresh.plan, session.workspace.timezone, spoken)
            # Whoever reads takes time: files, people and the clock may have moved meanwhile.
            fresh = fresh_plan(later(session), stack, create=True)
        if fresh.ledger is None:
            raise AssertionError("a state was asked for")
        with _speaking(spoken):
            applied, selection = apply_approved(
                fresh.plan,
                approvals,
                ledger=fresh.ledger,
                root=session.root,
                holder=new_holder(),
                is_dead=is_dead,
                now=session.clock.now,
                approved_by=_who(),
                timezone=session.workspace.timezone,
            )
    if format_ == "json":
        echo_json(
            document(
                "apply",
                as_of=fresh.plan.as_of,
                environment=fresh.plan.environment,
                exit_code=ExitCode.OK,
                body={
                    "written": [_plain(change) for change in applied.written],
                    "left": [_plain(change) for change in applied.left],
                    "already": list(selection.already),
                    "state": {"lineage": applied.state.lineage, "serial": applied.state.serial},
                },
            )
        )
        return 0
    _tell(applied, spoken)
    return 0


@contextmanager
def _speaking(spoken: Speech) -> Iterator[None]:
    """Let what refuses an apply speak the reader's language."""
    from engine.apply.select import RefusedError, named
    from engine.plan.korean import guard_in_korean

    try:
        yield
    except RefusedError as error:
        if spoken.language is not Language.KO:
            raise
        told = []
        for refusal in error.refusals:
            guard = guard_in_korean(refusal.guard)
            campaigns = named(refusal.campaigns, spoken.name(" and {count} more"))
            told.append(f"{guard.name}: {guard.message}" + (f" ({campaigns})" if campaigns else ""))
        hint = guard_in_korean(error.refusals[0].guard).hint
        raise BlockedError("; ".join(told), hint) from error


def _tell(applied: Applied, spoken: Speech) -> None:
    for change in applied.written:
        click.echo(f"{pad(spoken.name('applied'), 9)}{_named(change, spoken)}  {change.digest}")
    for change in applied.left:
        why = spoken.name("nobody approved it")
        click.echo(f"{pad(spoken.name('left'), 9)}{_named(change, spoken)}  ({why})")
    if not applied.written:
        click.echo(spoken.name("nothing to apply: everything approved is deployed already"))
    note(spoken.say("state #{serial}", serial=applied.state.serial))


def _named(change: Change, spoken: Speech) -> str:
    return f"{pad(spoken.name(change.action), 10)} {change.campaign}"


def _from_words(
    environment: str, file: Path | None, digests: Sequence[str], spoken: Speech
) -> tuple[ApprovedChange, ...] | None:
    from engine.apply.select import by_digests
    from engine.plan.plan_file import read_plan_file

    if file is not None and digests:
        raise click.UsageError("give a plan file or digests, not both")
    if digests:
        return by_digests(digests)
    if file is None:
        return None
    plan = read_plan_file(file)
    if plan.environment != environment:
        raise MismatchError(
            f"the plan is for `{plan.environment}`, not for `{environment}`",
            f"apply it with `-e {plan.environment}`",
        )
    if not plan.changes:
        note(spoken.name("the plan has no changes"))
    return plan.changes


def _ask(plan: Plan, timezone: str, spoken: Speech) -> tuple[ApprovedChange, ...]:
    """Ask at a terminal. Raises ApprovalError (exit 7) where nobody can be asked."""
    from engine.apply.select import everything
    from engine.plan.as_text import plan_text

    count = len(plan.pending)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ApprovalError(
            f"{count} changes wait for an approval"
            if count > 1
            else "1 change waits for an approval",
            "apply a reviewed plan file, or name single changes with --digest",
        )
    click.echo(plan_text(plan, timezone, spoken.language), nl=False)
    asked = spoken.say("Type `{environment}` to apply all of it", environment=plan.environment)
    answer = click.prompt(asked, default="")
    if answer != plan.environment:
        raise ApprovalError("nothing was applied: it was not confirmed")
    return everything(plan)


def _plain(change: object) -> dict[str, object]:
    return {
        name: getattr(change, name) for name in ("campaign", "action", "digest", "content_digest")
    }


def _who() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
