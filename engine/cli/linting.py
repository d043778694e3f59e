"""Linting from files to findings: in two processes where there are many, and not twice the same.

A workspace of a few hundred files is linted here and now. A larger one is shared out to two processes,
and what depends on its bytes and on the law of the day is kept in `.pushform/cache/`; clock, git and
reports are always looked at again. All ways lead to the same findings in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.app.session import HIDDEN, Session
from engine.cli.begun import OnKakao, Reports, Sizes
from engine.kernel.collection import no_collection
from engine.kernel.errors import UnavailableError
from engine.kernel.finding import Finding
from engine.kernel.frozen import frozen
from engine.kernel.source import SourceFile, SourceMap
from engine.law.consent import korean_day
from engine.law.shelf import last_turn
from engine.lint.catalog import ALWAYS
from engine.lint.context import LintContext, nothing_tracked
from engine.lint.parts import Part, examine, files_to_judge, merge, places
from engine.lint.run import conclude, find, in_order
from engine.lint.vendor import has_quota
from engine.model.vendor import SavedFacts
from engine.model.workspace import Workspace
from engine.workspace.decode import decode
from engine.workspace.files import Tree, is_partial
from engine.workspace.held import HeldTree, shares
from engine.workspace.positions import read_positions
from engine.workspace.read import Loaded, hold_workspace, read_share

MANY = 400
"""From this many files on a second process and a kept result cost less than they save."""

SHARE, MOST_SHARES = 1500, 4
"""About how many files are read at a time. Every share reads all audiences anew, so there are few."""


@frozen
class Linted:
    """All findings in the order of files and lines, and the texts to show them with."""

    findings: tuple[Finding, ...]
    sources: SourceMap
    environment: str | None


def lint_against(session: Session, revision: str) -> Linted:
    """Lint the session's files; only campaigns that differ from `revision` count as new.

    Raises UsageError for an unknown revision.
    """
    from engine.pipeline.wanted import changed_since, touched_since
    from engine.workspace.read import read_at_revision

    loaded = session.loaded
    before = read_at_revision(session.root, revision, session.environment)
    changed, touched = changed_since(loaded, before), touched_since(loaded, before)
    part = merge([_examine(session, loaded, changed, session.tracked)])
    return _conclude(session, loaded.workspace, part, loaded.sources, changed, touched)


def lint_files(session: Session, *, many: int = MANY) -> Linted:
    """Lint the session's files; every campaign counts as new."""
    with no_collection():
        tree = hold_workspace(session.root)
        if len(tree.files) < many:
            loaded = read_share(tree, session.environment, None)
            part = merge([_examine(session, loaded, None, session.tracked)])
            return _conclude(session, loaded.workspace, part, loaded.sources)
        return _lint_many(session, tree)


def _lint_many(session: Session, tree: HeldTree) -> Linted:
    from engine.kernel.digest import digest
    from engine.lint.kept import keep_part, load_part, toolchain

    workspace = read_share(tree, session.environment, ()).workspace
    file = session.root / HIDDEN / "cache" / "lint.json"
    environments = workspace.environments if workspace is not None else ()
    said = [path.read_bytes().hex() for path in _vendor_files(session, environments)]
    today = korean_day(session.opened_at)
    law = last_turn(today).isoformat()
    counted = [] if workspace is None else _counted(session, workspace)
    key = digest([toolchain(), session.environment, law, tree.digest(), said, counted])
    part = load_part(file, key, today) if tree.whole else None
    if part is not None:
        part = replace(part, now=_judge_now(session, tree, part))
    else:
        part = _lint_shares(session, tree)
        if tree.whole:
            with suppress(OSError, UnavailableError):
                keep_part(session.hidden("cache", "lint.json"), key, part)
    policies = workspace.policies if workspace is not None else ()
    files = {*places(part), *(policy.origin.file for policy in policies)}
    return _conclude(session, workspace, part, _texts(tree, files))


def _judge_now(session: Session, tree: HeldTree, kept: Part) -> tuple[Finding, ...]:
    """Return what clock, git and reports say: campaigns that are due or past are read for it."""
    files = files_to_judge(kept, session.opened_at)
    share = {path for path in tree.list() if path.startswith("audiences/")} if files else set()
    loaded = read_share(tree, session.environment, share.union(files))
    if loaded.workspace is None:
        return ()
    return find(_context(session, loaded, loaded.workspace, None, session.tracked), ALWAYS)


def _lint_shares(session: Session, tree: HeldTree) -> Part:
    """Lint share after share; what was read of one is given up before the next is."""
    from engine.lint.beside import can_fork, share_out

    every = shares(tree.list(), max(2, min(MOST_SHARES, len(tree.files) // SHARE)))

    def lint_share(number: int) -> Part:
        loaded = read_share(tree, session.environment, every[number])
        return _examine(session, loaded, None, nothing_tracked if number else session.tracked)

    if can_fork():
        return merge(share_out(lint_share, len(every)))
    return merge([lint_share(number) for number in range(len(every))])


def _examine(
    session: Session,
    loaded: Loaded,
    changed: frozenset[str] | None,
    tracked: Callable[[str], bool],
) -> Part:
    workspace = loaded.workspace
    if workspace is None:
        return Part(read=loaded.findings)
    return examine(_context(session, loaded, workspace, changed, tracked), loaded.findings)


def _context(
    session: Session,
    loaded: Loaded,
    workspace: Workspace,
    changed: frozenset[str] | None,
    tracked: Callable[[str], bool],
) -> LintContext:
    return LintContext(
        workspace=workspace,
        campaigns=loaded.resolved,
        set_aside=loaded.set_aside,
        written=loaded.campaigns,
        audiences=loaded.audiences,
        templates=loaded.templates,
        as_of=session.opened_at,
        changed=changed,
        reported=Reports(session.root, tuple({workspace.environment, *workspace.sending})),
        over=Reports(session.root, workspace.sending),
        sizes=Sizes(session.root, workspace.environment),
        begun=OnKakao(session.root, workspace.environment),
        tracked=tracked,
        vendor=_vendor(session, workspace),
        sources=loaded.sources,
        comments=loaded.comments,
    )


def _vendor(session: Session, workspace: Workspace) -> Mapping[str, SavedFacts]:
    if not any(_vendor_files(session, workspace.environments)):
        return {}
    from engine.report.vendor import read_vendors

    return read_vendors(session.root, workspace.environments)


def _counted(session: Session, workspace: Workspace) -> list[str]:
    """Return what tells one state of the reports from another, where a rule counts their messages."""
    if not has_quota(workspace, _vendor(session, workspace)):
        return []
    from engine.report.files import report_paths

    every = sorted({workspace.environment, *workspace.sending})
    paths = [path for name in every for path in report_paths(session.root, name)]
    stats = [(path, path.stat()) for path in paths]
    return [f"{path} {status.st_size} {status.st_mtime_ns}" for path, status in stats]


def _vendor_files(session: Session, environments: Iterable[str]) -> Iterator[Path]:
    """Yield the files of `pushform doctor --save` that there are."""
    for environment in environments:
        path = session.root / "reports" / environment / "vendor.json"
        if path.is_file():
            yield path


def _conclude(
    session: Session,
    workspace: Workspace | None,
    part: Part,
    sources: SourceMap,
    changed: frozenset[str] | None = None,
    touched: frozenset[str] | None = None,
) -> Linted:
    findings = part.read
    if workspace is not None:
        context = LintContext(
            workspace=workspace,
            campaigns={},
            written={},
            audiences={},
            templates={},
            as_of=session.opened_at,
            changed=changed,
            touched=touched,
            over=Reports(session.root, workspace.sending),
            sources=sources,
            comments=part.comments,
        )
        findings = (*findings, *conclude((*part.found, *part.now), context))
        if workspace.policies:
            from engine.plan.policies import check_policies

            findings = (*findings, *check_policies(workspace.policies))
    return Linted(
        findings=in_order(findings, sources),
        sources=sources,
        environment=workspace.environment if workspace else session.environment,
    )


def _texts(tree: Tree, files: Iterable[str]) -> SourceMap:
    """Return the texts of `files`; one that cannot be read has none, and neither has a partial."""
    found = SourceMap()
    for path in files:
        if is_partial(path):
            continue
        with suppress(OSError):
            found.add(SourceFile(path, decode(tree.read(path), path)[0], read_positions))
    return found
