"""The checks of `pushform doctor`, each of which survives the failure of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.app.providers import provider_opener, read_secrets, unavailable_channels
from engine.app.session import HIDDEN, Session
from engine.app.state import has_state, hygiene_file, open_ledger
from engine.cli.check import Check
from engine.cli.examining_people import (
    count_ages,
    count_consents,
    count_people,
    count_refusals,
    find_missing_columns,
)
from engine.cli.vendors import say, used_by
from engine.dispatch.hygiene import count_dead
from engine.kernel.errors import ExitCode, PushformError
from engine.kernel.finding import Severity
from engine.model.channel import Channel
from engine.model.ports import Describing, Provider
from engine.model.vendor import VendorFacts
from engine.pipeline.deployed import from_state
from engine.pipeline.lint import lint_loaded


def examine(session: Session, heard: list[VendorFacts] | None = None) -> tuple[Check, ...]:
    """Run every check. What vendors say of their accounts is added to `heard`."""
    answers: list[VendorFacts] = [] if heard is None else heard

    def providers(session: Session) -> Iterator[Check]:
        yield from _providers(session, answers)

    checks: list[Check] = []
    for name, look in (
        ("files", _files),
        ("people", count_people),
        ("columns", find_missing_columns),
        ("consent", count_consents),
        ("ages", count_ages),
        ("refusals", count_refusals),
        ("state", _state),
        ("hygiene", _hygiene),
        ("providers", providers),
        ("git", _git),
    ):
        checks.extend(_guarded(name, look, session))
    return tuple(checks)


def _guarded(
    name: str, look: Callable[[Session], Iterator[Check]], session: Session
) -> Iterator[Check]:
    try:
        yield from look(session)
    except PushformError as error:
        yield Check(name=name, message=error.message, hint=error.hint, exit_code=error.exit_code)


def _files(session: Session) -> Iterator[Check]:
    findings = lint_loaded(
        session.loaded,
        root=session.root,
        as_of=session.opened_at,
        changed=frozenset(),
        tracked=session.tracked,
    )
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    yield Check(
        name="files",
        message=f"{len(session.loaded.campaigns)} campaigns, {errors} errors, "
        f"{len(findings) - errors} warnings",
        exit_code=ExitCode.FINDINGS if errors else ExitCode.OK,
        hint="pushform lint" if errors else None,
    )


def _state(session: Session) -> Iterator[Check]:
    if not has_state(session):
        lost = from_state(session.root, session.workspace, None).lost
        yield Check(
            name="state",
            message=lost or "none yet; the first apply makes it",
            exit_code=ExitCode.MISMATCH if lost else ExitCode.OK,
        )
        return
    with open_ledger(session, create=False) as (ledger, _, _):
        deployment = from_state(session.root, session.workspace, ledger)
        identity = ledger.identity()
        orders = ledger.stop_orders()
    yield Check(
        name="state",
        message=deployment.lost or f"{identity.lineage[:8]} #{identity.serial}, the key fits",
        exit_code=ExitCode.MISMATCH if deployment.lost else ExitCode.OK,
    )
    for order in orders:
        if not order.cancel:
            yield Check(
                name="state", message=f"halted: {order.scope} ({order.reason or 'no reason'})"
            )


def _hygiene(session: Session) -> Iterator[Check]:
    folder = hygiene_file(session, "_").parent
    dead = count_dead(folder)
    if dead:
        yield Check(
            name="hygiene",
            message=f"{dead:,} addresses are dead and skipped: {folder.relative_to(session.root)}/",
            hint="take them out of your tables; the files may be deleted then",
        )


def _providers(session: Session, heard: list[VendorFacts]) -> Iterator[Check]:
    missing = unavailable_channels(session)
    opener = provider_opener(session)
    used = {
        channel for campaign in session.loaded.resolved.values() for channel in campaign.channels
    }
    for channel in Channel:
        if channel in missing:
            yield Check(
                name="providers",
                message=f"{channel}: {missing[channel]}",
                exit_code=ExitCode.USAGE if channel in used else ExitCode.OK,
                hint="campaigns use this channel" if channel in used else None,
            )
            continue
        settings = session.workspace.channels[channel]
        try:
            read_secrets(session, channel)
            provider = opener(channel)
            # Whose quota it is can be told only with the keys: bad ones show here.
            account, named = provider.account, settings.provider
            if named == "webpush":
                # The public key, which a site's pages subscribe with.
                named = account.replace(":", ", public key ", 1)
            said = _describe(provider, session, heard)
            provider.close()
        except PushformError as error:
            yield Check(
                name="providers",
                message=f"{channel}: {error.message}",
                hint=error.hint,
                exit_code=error.exit_code,
            )
            continue
        yield Check(name="providers", message=f"{channel}: {named}")
        yield from said


def _describe(provider: Provider, session: Session, heard: list[VendorFacts]) -> tuple[Check, ...]:
    """Return what the vendor says of its account; nothing of one that cannot be asked."""
    if not isinstance(provider, Describing):
        return ()
    facts = provider.describe()
    heard.append(facts)
    return tuple(
        Check(
            name="vendor",
            message=said.message,
            hint=said.hint,
            exit_code=ExitCode.OK if said.fine else ExitCode.FINDINGS,
        )
        for said in say(facts, used_by(session.loaded.resolved.values()))
    )


def _git(session: Session) -> Iterator[Check]:
    if session.commit is None:
        yield Check(name="git", message="not a git repository, or no commit yet")
        return
    hidden = session.tracked(f"{HIDDEN}/key")
    yield Check(
        name="git",
        message=f"commit {session.commit[:12]}",
        exit_code=ExitCode.FINDINGS if hidden else ExitCode.OK,
        hint=f"`{HIDDEN}/key` is tracked by git: remove it and make a new state"
        if hidden
        else None,
    )
