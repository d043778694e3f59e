"""`pushform send-test`: to testers only, marked, under every law that applies at that hour."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import options
from engine.cli.output import echo_findings, echo_json, note
from engine.kernel.document import document
from engine.kernel.errors import BlockedError, ExitCode, UsageError
from engine.kernel.speech import Speech
from engine.model.channel import Channel
from engine.model.delivery import ConsentBasis

if TYPE_CHECKING:
    from engine.app.session import Session
    from engine.dispatch.test_send import TestResult
    from engine.workspace.testers import Tester


_NO_PHONE = "a sandbox: no phone will ring; `pushform outbox` shows what would have been sent"


@click.command("send-test")
@click.argument("campaign")
@click.option("--to", "names", multiple=True, metavar="NAME", help="A tester; may be repeated.")
@click.option("--all", "everyone", is_flag=True, help="Every tester.")
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]))
@options.formats("text", "json")
@options.lang
@options.workspace
def command(
    campaign: str,
    names: tuple[str, ...],
    everyone: bool,
    channel: str | None,
    format_: str,
    language: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Send every message of CAMPAIGN to people of the testers' file, marked as a test.

    A test counts in no books, cap or experiment. Consent, refusals and windows hold for them, too.
    """
    from engine.app.providers import provider_opener
    from engine.app.session import only_sandbox_sets_the_clock, open_session
    from engine.cli.speaking import speech
    from engine.cli.tested import log_tests
    from engine.cli.testing import digest_of_words, find_campaign, targets_of
    from engine.dispatch.test_send import send_tests

    spoken = speech(language)
    session = open_session(directory, environment, as_of)
    only_sandbox_sets_the_clock(session, "send-test")
    if bool(names) == everyone:
        raise UsageError("name testers with --to, or take all of them with --all")
    found = find_campaign(session, campaign)
    testers = _testers(session, names, spoken, everyone=everyone)
    _refuse_errors(session, campaign, spoken)
    targets = list(
        targets_of(
            session,
            found,
            testers,
            key=secrets.token_bytes(32),
            channel=Channel(channel) if channel else None,
        )
    )
    if not targets:
        raise UsageError(
            f"none of these testers has an address on the channels of `{campaign}`",
            f"write their addresses into `{session.workspace.testers}`",
        )
    if session.workspace.sandbox:
        note(spoken.name(_NO_PHONE))
    digest = digest_of_words(session, found)
    results: list[TestResult] = []
    try:
        results.extend(
            send_tests(
                found,
                targets,
                clock=session.clock,
                open_provider=provider_opener(session),
                consent_max_age=session.workspace.safety.consent_max_age,
            )
        )
    finally:
        if results:
            log_tests(session, found, digest, results)
    code = _code(results)
    _show(session, campaign, digest, results, code, None if format_ == "json" else spoken)
    return int(code)


def _testers(
    session: Session, names: tuple[str, ...], spoken: Speech, *, everyone: bool
) -> Sequence[Tester]:
    from engine.kernel.source import SourceMap
    from engine.workspace.testers import choose_testers, read_testers

    path = session.workspace.testers
    if path is None:
        raise UsageError(
            "there is no list of testers",
            "write `testers: audiences/testers.yaml` in pushform.yaml",
        )
    if session.tracked(path):
        raise BlockedError(
            f"git tracks `{path}`, which holds people",
            f"add it to .gitignore and `git rm --cached {path}`",
        )
    read = read_testers(session.root, path)
    if read.findings:
        echo_findings(read.findings, SourceMap({path: read.source}), spoken.language)
        raise UsageError(f"`{path}` has mistakes", "nothing was sent")
    return choose_testers(read.people, names, everyone=everyone)


def _refuse_errors(session: Session, campaign: str, spoken: Speech) -> None:
    from engine.cli.testing import errors_of, find_campaign

    errors = errors_of(session, find_campaign(session, campaign))
    if errors:
        echo_findings(errors, session.loaded.sources, spoken.language)
        raise BlockedError(
            f"`{campaign}` has mistakes that a test would have as well ({len(errors)})",
            "what is wrong for everybody is wrong for testers: nothing was sent",
        )


def _code(results: Sequence[TestResult]) -> ExitCode:
    outcomes = {result.outcome for result in results}
    if outcomes & {"failed", "unknown"}:
        return ExitCode.PARTIAL
    return ExitCode.OK if "sent" in outcomes else ExitCode.BLOCKED


def _show(
    session: Session,
    campaign: str,
    digest: str,
    results: Sequence[TestResult],
    code: ExitCode,
    spoken: Speech | None,
) -> None:
    """Print the results, as JSON where nobody is spoken to."""
    from engine.kernel.instant import format_instant

    if spoken is None:
        plain = [
            {
                "tester": result.name,
                "channel": result.channel,
                "locale": result.locale or None,
                "variant": result.variant,
                "outcome": result.outcome,
                "reason": result.reason,
                "opens_at": format_instant(result.opens_at) if result.opens_at else None,
                "basis": result.basis,
            }
            for result in results
        ]
        body = {"campaign": campaign, "message_digest": digest, "messages": plain}
        echo_json(
            document(
                "send-test",
                as_of=session.opened_at,
                environment=session.workspace.environment,
                exit_code=code,
                body=body,
            )
        )
        return
    for result in results:
        click.echo(_line(result, spoken))
    sent = sum(result.outcome == "sent" for result in results)
    told = "{sent} of {count} test messages sent, tested {digest}"
    click.echo(spoken.say(told, sent=sent, count=len(results), digest=digest[:19]))


def _line(result: TestResult, spoken: Speech) -> str:
    from engine.kernel.instant import format_instant

    why = f" ({spoken.name(result.reason)})" if result.reason else ""
    if result.opens_at:
        why += spoken.say(", the window opens at {at}", at=format_instant(result.opens_at))
    if result.basis is ConsentBasis.EXCEPTION:
        why += spoken.name(", on a purchase of the last six months")
    where = f"{spoken.name(result.channel)}/{result.locale or '-'}/{result.variant}"
    return f"{result.name}  {where}  {spoken.name(result.outcome)}{why}"
