"""All files of a workspace, read and built once, with the ids that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from engine.kernel.errors import UsageError
from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin
from engine.kernel.source import SourceFile, SourceMap
from engine.model.audience import Audience, Condition, InAudience, parts
from engine.model.campaign import Campaign
from engine.model.policy import Policy
from engine.model.template import Template
from engine.model.workspace import Workspace
from engine.workspace.build_audience import build_audience
from engine.workspace.build_campaign import build_campaign
from engine.workspace.build_policies import build_policies
from engine.workspace.build_template import build_template
from engine.workspace.build_workspace import build_workspace
from engine.workspace.check import check_shape
from engine.workspace.decode import decode
from engine.workspace.document import Data, parse_document
from engine.workspace.files import FOLDERS, WORKSPACE_FILE, Tree, ids_of, stem_of
from engine.workspace.notes import Notes
from engine.workspace.partials import PartialFiles
from engine.workspace.positions import read_positions
from engine.workspace.schemas import Kind


@dataclass(slots=True)
class Shelf:
    """What was read. `ids` holds every id there is, per folder, with the file that has it."""

    tree: Tree
    sources: SourceMap = field(default_factory=SourceMap)
    findings: list[Finding] = field(default_factory=list)
    workspace: Workspace | None = None
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    audiences: dict[str, Audience] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    partial: dict[str, set[str]] = field(default_factory=dict)
    """Per folder the ids of files that lost values to a mistake: what they lack is no new one."""
    partial_files: PartialFiles = field(init=False)
    _built: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.partial_files = PartialFiles(self.tree, self.findings)

    def read_data(self, path: str, kind: Kind) -> dict[str, Data] | None:
        """Return the values of the file `path` that have the shape of `kind`, noting the rest."""
        try:
            raw = self.tree.read(path)
        except OSError as error:
            self._note("yaml-syntax", f"the file cannot be read: {error.strerror}", Origin(path))
            return None
        text, finding = decode(raw, path)
        self.sources.add(SourceFile(path, text, read_positions))
        if finding is not None:
            self.findings.append(finding)
            return None
        document = parse_document(text, path)
        self.findings.extend(document.findings)
        if document.data is None:
            return None
        checked = check_shape(kind, document.data, path)
        self.findings.extend(checked.findings)
        return checked.data

    def read_workspace(self, environment: str | None) -> None:
        """Read `pushform.yaml`. Raises UsageError for an unknown environment."""
        data = self.read_data(WORKSPACE_FILE, Kind.WORKSPACE)
        if data is None:
            return
        notes = Notes()
        workspace = build_workspace(data, environment, Origin(WORKSPACE_FILE), notes)
        named = data.get("policies")
        if workspace is not None and isinstance(named, str):
            workspace = replace(workspace, policies=self._read_policies(named, notes))
        self.workspace = workspace
        self.findings.extend(notes.findings)

    def _read_policies(self, path: str, notes: Notes) -> tuple[Policy, ...]:
        try:
            self.tree.read(path)
        except FileNotFoundError:
            hint = "write it as `pushform schema policies` describes, or the list right here"
            notes.value(f"there is no file `{path}`", Origin(WORKSPACE_FILE, ("policies",)), hint)
            return ()
        data = self.read_data(path, Kind.POLICIES) or {}
        raw: Any = data.get("policies", ())
        return build_policies(raw, Origin(path, ("policies",)), notes)

    def read(self, path: str) -> None:
        """Read and build the campaign, audience or template in the file `path`, once."""
        if path in self._built:
            return
        self._built.add(path)
        folder = path.split("/", 1)[0]
        kind = FOLDERS[folder]
        stem = stem_of(path)
        before = len(self.findings)
        data = self.read_data(path, kind)
        partial = len(self.findings) > before
        if partial:
            self.partial.setdefault(folder, set()).add(stem)
        if data is None:
            return
        at = Origin(path)
        notes = Notes(stem if kind is Kind.CAMPAIGN else None, partial=partial)
        if data.get("id", stem) != stem:
            message = f"the id is `{data['id']}`, but the file's name is `{stem}`"
            hint = f"write `id: {stem}`, or name the file `{data['id']}.yaml`"
            notes.add("id-mismatch", message, at / "id", hint)
        first = self.ids[folder][stem]
        if first != path:
            message = f"the id `{stem}` is taken by `{first}`"
            notes.add("id-duplicate", message, at / "id", "rename one of the two files")
        else:
            self._build(kind, data, stem, at, notes)
        self.findings.extend(notes.findings)

    def _build(
        self, kind: Kind, data: dict[str, Data], stem: str, at: Origin, notes: Notes
    ) -> None:
        if kind is Kind.CAMPAIGN:
            self.campaigns[stem] = self.partial_files.attach_to(
                build_campaign(data, stem, at, notes)
            )
        elif kind is Kind.TEMPLATE:
            self.templates[stem] = self.partial_files.attach(build_template(data, stem, at, notes))
        else:
            audience = build_audience(data, stem, at, notes)
            if audience is not None:
                self.audiences[stem] = audience

    def _note(self, rule: str, message: str, at: Origin) -> None:
        self.findings.append(Finding(rule=rule, severity=Severity.ERROR, message=message, at=at))


def load_shelf(
    tree: Tree,
    environment: str | None,
    only: Collection[str] | None,
    share: Collection[str] | None = None,
) -> Shelf:
    """Read the files of `tree` (with `only`: those, and what they name) as `environment` sees them.

    `share` is `only` for those who know the paths of files. Raises UsageError for an unknown
    environment or a path of `only` that leads to no file.
    """
    shelf = Shelf(tree)
    shelf.read_workspace(environment)
    testers = shelf.workspace.testers if shelf.workspace else None
    paths, shelf.ids = tree.list(), tree.ids()
    if testers in paths:
        paths = [path for path in paths if path != testers]
        shelf.ids = ids_of(paths)
    if only is not None:
        chosen: Iterable[str] = _chosen(paths, only)
    else:
        chosen = paths if share is None else (path for path in paths if path in share)
    for path in chosen:
        shelf.read(path)
    if only is not None or share is not None:
        _read_named(shelf)
    return shelf


def _chosen(paths: Sequence[str], only: Collection[str]) -> list[str]:
    chosen: dict[str, None] = {}
    for wanted in only:
        clean = PurePosixPath(wanted).as_posix()
        found = [path for path in paths if path == clean or path.startswith(f"{clean}/")]
        if clean == ".":
            found = list(paths)
        if not found and clean != WORKSPACE_FILE:
            raise UsageError(
                f"`{wanted}` is no campaign, audience or template of this workspace",
                "name files or folders below campaigns/, audiences/ or templates/",
            )
        chosen.update(dict.fromkeys(found))
    return list(chosen)


def _read_named(shelf: Shelf) -> None:
    """Read the templates and audiences that the campaigns and audiences read so far name."""
    for campaign in tuple(shelf.campaigns.values()):
        uses = (campaign.message, *(variant.message for variant in campaign.experiment.variants))
        for use in uses:
            if use is not None and isinstance(use.template, str):
                _read_id(shelf, "templates", use.template)
        for people in (campaign.audience, *campaign.exclude):
            if isinstance(people, str):
                _read_id(shelf, "audiences", people)
            elif people is not None:
                _read_inside(shelf, people)
    waiting = list(shelf.audiences)
    while waiting:
        before = set(shelf.audiences)
        _read_inside(shelf, shelf.audiences[waiting.pop()].where)
        waiting.extend(name for name in shelf.audiences if name not in before)


def _read_inside(shelf: Shelf, condition: Condition) -> None:
    for part in parts(condition):
        if isinstance(part, InAudience):
            _read_id(shelf, "audiences", part.audience)


def _read_id(shelf: Shelf, folder: str, id: str) -> None:  # noqa: A002 - the word of the format
    path = shelf.ids[folder].get(id)
    if path is not None:
        shelf.read(path)
