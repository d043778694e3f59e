"""Lint: what was read, looked at by every rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from engine.kernel.finding import Finding
from engine.lint.context import LintContext
from engine.lint.run import run_rules
from engine.lint.vendor import has_quota
from engine.model.channel import Channel
from engine.model.workspace import Workspace
from engine.report.files import begun_on_kakao, counted_messages, reported_campaigns
from engine.report.vendor import read_vendors
from engine.workspace.read import Loaded


def lint_loaded(
    loaded: Loaded,
    *,
    root: Path,
    as_of: datetime,
    changed: frozenset[str] | None,
    tracked: Callable[[str], bool],
) -> tuple[Finding, ...]:
    """Return the reader's and the rules' findings, in the order of files and lines."""
    if loaded.workspace is None:
        return loaded.findings
    context = context_of(loaded, loaded.workspace, root, as_of, changed, tracked)
    return (*loaded.findings, *run_rules(context))


def context_of(
    loaded: Loaded,
    workspace: Workspace,
    root: Path,
    as_of: datetime,
    changed: frozenset[str] | None,
    tracked: Callable[[str], bool],
    *,
    touched: frozenset[str] | None = None,
    started: frozenset[str] = frozenset(),
) -> LintContext:
    """Return what rules look at: the files, and what `reports/` tells of campaigns and vendors.

    `changed` are the campaigns that clock rules judge as new; None means all of them; no report makes
    history of `touched`. `started` are known to be begun although no report says so: reports may be
    kept on another branch.
    """
    vendor = read_vendors(root, workspace.environments)
    limited = has_quota(workspace, vendor)
    return LintContext(
        workspace=workspace,
        campaigns=loaded.resolved,
        set_aside=loaded.set_aside,
        written=loaded.campaigns,
        audiences=loaded.audiences,
        templates=loaded.templates,
        as_of=as_of,
        changed=changed,
        touched=touched,
        reported=reported_campaigns(root, workspace.environment) | started,
        over=reported_campaigns(root, *workspace.sending) | started,
        sizes=counted_messages(root, workspace.environment, Channel.KAKAO) if limited else {},
        begun=begun_on_kakao(root, workspace.environment) if limited else {},
        tracked=tracked,
        vendor=vendor,
        sources=loaded.sources,
        comments=loaded.comments,
    )
