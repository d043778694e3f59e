"""The way in: a folder (or a revision) of YAML → a workspace, its campaigns, and all findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import Path

from engine.kernel.collection import no_collection
from engine.kernel.errors import UsageError
from engine.kernel.finding import Finding
from engine.kernel.frozen import frozen
from engine.kernel.source import SourceMap
from engine.model.audience import Audience
from engine.model.campaign import Campaign
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template
from engine.model.workspace import Workspace
from engine.workspace.files import WORKSPACE_FILE, FolderTree, Tree
from engine.workspace.held import HeldTree, hold
from engine.workspace.korean import in_korean
from engine.workspace.load import Shelf, load_shelf
from engine.workspace.notes import Notes
from engine.workspace.positions import Comment, read_comments
from engine.workspace.references import Inlined, Inliner, Names
from engine.workspace.resolve import Resolver
from engine.workspace.resolve_message import Messages


@frozen
class Loaded:
    """A workspace as it was read.

    Values with a mistake are left out of what is built, so nothing here may be planned or sent
    while `findings` holds an error. `workspace` is None where `pushform.yaml` says too little.
    `resolved` holds the campaigns that are on; `set_aside` drafts and cancelled ones, as far as
    they resolve; `inlined` the audiences with no name left in them. `comments` are the
    `# pushform:` comments, by file.
    """

    workspace: Workspace | None
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    resolved: Mapping[str, ResolvedCampaign] = field(default_factory=dict)
    set_aside: Mapping[str, ResolvedCampaign] = field(default_factory=dict)
    inlined: Mapping[str, Inlined] = field(default_factory=dict)
    sources: SourceMap = field(default_factory=SourceMap)
    findings: tuple[Finding, ...] = ()
    comments: Mapping[str, tuple[Comment, ...]] = field(default_factory=dict)


def read_workspace(
    root: Path, environment: str | None, *, only: Collection[str] | None = None
) -> Loaded:
    """Read the workspace in the folder `root`, as `environment` (None: `sandbox`) sees it.

    With `only` (POSIX paths of files or folders, relative to `root`) just those are read, and what
    they name. Raises UsageError where there is no readable `pushform.yaml`, or no such environment
    or path; broken YAML is findings.
    """
    tree = FolderTree(root)
    _check_there(tree, root)
    return _read(tree, environment, only)


def hold_workspace(root: Path) -> HeldTree:
    """Return the files of the workspace in `root` with their bytes, all read at one moment.

    Raises UsageError where there is no readable `pushform.yaml`.
    """
    tree = hold(FolderTree(root))
    _check_there(tree, root)
    return tree


def read_share(tree: Tree, environment: str | None, share: Collection[str] | None) -> Loaded:
    """Read those files of `tree` whose paths are in `share` (None: all), and what they name.

    Raises UsageError for an unknown environment.
    """
    return _read(tree, environment, None, share)


def read_at_revision(root: Path, rev: str, environment: str | None) -> Loaded:
    """Read the workspace in `root` as git has it at the revision `rev`.

    Raises UsageError for an unknown revision, and where it had no `pushform.yaml`.
    """
    from engine.workspace.revision import open_revision

    tree = open_revision(root, rev)
    try:
        tree.read(WORKSPACE_FILE)
    except FileNotFoundError:
        raise UsageError(
            f"there was no `{WORKSPACE_FILE}` at `{rev}`", "name a later revision"
        ) from None
    return _read(tree, environment, None)


def _check_there(tree: Tree, root: Path) -> None:
    try:
        tree.read(WORKSPACE_FILE)
    except OSError as error:
        reason = "there is no" if isinstance(error, FileNotFoundError) else "cannot read"
        raise UsageError(
            f"{reason} `{WORKSPACE_FILE}` in `{root}`",
            "run the command in the workspace's folder, or name it with -C; `pushform init` "
            "writes one",
        ) from error


def _read(
    tree: Tree,
    environment: str | None,
    only: Collection[str] | None,
    share: Collection[str] | None = None,
) -> Loaded:
    with no_collection():
        shelf = load_shelf(tree, environment, only, share)
        names = Names(
            audiences=frozenset(shelf.ids["audiences"]),
            templates=frozenset(shelf.ids["templates"]),
            campaigns=frozenset(shelf.ids["campaigns"]),
        )
        inliner = Inliner(shelf.audiences, names)
        notes = Notes()
        inlined = {
            audience: whole
            for audience in shelf.audiences
            if (whole := inliner.audience(audience, notes)) is not None
        }
        messages = Messages(
            shelf.templates, names.templates, frozenset(shelf.partial.get("templates", ()))
        )
        derived_known = not shelf.partial.get("audiences")
        resolver = Resolver(shelf.workspace, messages, inliner, derived_known)
        resolved, set_aside = _resolve(shelf, resolver, notes)
    return Loaded(
        workspace=shelf.workspace,
        campaigns=shelf.campaigns,
        audiences=shelf.audiences,
        templates=shelf.templates,
        resolved=resolved,
        set_aside=set_aside,
        inlined=inlined,
        sources=shelf.sources,
        findings=in_korean((*shelf.findings, *notes.findings)),
        comments={
            source.path: found for source in shelf.sources if (found := read_comments(source))
        },
    )


def _resolve(
    shelf: Shelf, resolver: Resolver, notes: Notes
) -> tuple[dict[str, ResolvedCampaign], dict[str, ResolvedCampaign]]:
    resolved: dict[str, ResolvedCampaign] = {}
    set_aside: dict[str, ResolvedCampaign] = {}
    for campaign in shelf.campaigns.values():
        own = Notes(campaign.id, partial=campaign.id in shelf.partial.get("campaigns", ()))
        found = resolver.resolve(campaign, own)
        notes.findings.extend(own.findings)
        if found is not None:
            off = campaign.draft or campaign.cancelled is not None
            (set_aside if off else resolved)[campaign.id] = found
    return resolved, set_aside
