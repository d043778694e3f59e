"""The checks of `pushform doctor`, each of which survives the failure of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.app import (
    HIDDEN,
    Session,
    has_state,
    hygiene_file,
    open_ledger,
    open_people_of,
    provider_opener,
    read_secrets,
    unavailable_channels,
)
from engine.cli.consents import count_due
from engine.cli.planning import NO_KEY
from engine.cli.vendors import say, used_by
from engine.dispatch.hygiene import count_dead
from engine.kernel.errors import ExitCode, PushformError
from engine.kernel.finding import Severity
from engine.model.channel import Channel
from engine.model.ports import Describing, Provider
from engine.model.vendor import VendorFacts
from engine.pipeline.deployed import from_state
from engine.pipeline.lint import lint_loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    message: str
    exit_code: ExitCode = ExitCode.OK
    hint: str | None = None


def examine(session: Session, heard: list[VendorFacts] | None = None) -> tuple[Check, ...]:
    """Run every check. What vendors say of their accounts is added to `heard`."""
    answers: list[VendorFacts] = [] if heard is None else heard

    def providers(session: Session) -> Iterator[Check]:
        yield from _providers(session, answers)

    checks: list[Check] = []
    for name, look in (
        ("files", _files),
        ("people", _people),
        ("columns", _columns),
        ("consent", _consent),
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


def _people(session: Session) -> Iterator[Check]:
    profile = open_people_of(session, NO_KEY, None).row_profile()
    yield Check(
        name="people",
        message=f"{profile.users:,} people, {profile.repeated:,} repeated rows, "
        f"{profile.without_id:,} rows without user_id",
    )


def _columns(session: Session) -> Iterator[Check]:
    for source, column, meaning in open_people_of(session, NO_KEY, None).missing_columns():
        yield Check(name="columns", message=f"{source} has no column `{column}`: {meaning}")


def _consent(session: Session) -> Iterator[Check]:
    people = open_people_of(session, NO_KEY, None)
    counts = people.consent_profile()
    agreed = people.consents_by_day(session.opened_at)
    for channel in Channel:
        if channel in counts:
            answers = counts[channel]
            yield Check(
                name="consent",
                message=f"{channel}: yes {answers['yes']:,}, no {answers['no']:,}, "
                f"unknown {answers['unknown']:,} (unknown never gets an advertisement)",
            )
            yield from _ask_again(channel, agreed.get(channel, {}), session)
        elif channel in session.workspace.channels:
            yield Check(
                name="consent",
                message=f"{channel}: no column is mapped, so nobody gets an advertisement there",
            )


def _ask_again(
    channel: Channel, days: Mapping[date | None, int], session: Session
) -> Iterator[Check]:
    overdue = count_due(days, session.opened_at).overdue
    if overdue:
        yield Check(
            name="consent",
            message=f"{channel}: {overdue:,} agreed over two years ago and were not asked again",
            hint="`pushform consent due` shows when, `pushform consent notices` drafts the question",
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
