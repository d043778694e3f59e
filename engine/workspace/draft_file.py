"""A new file of a workspace: how each begins, and where it is written."""

from __future__ import annotations

from pathlib import Path

from engine.workspace.amended import Amended, blank
from engine.workspace.files import FOLDERS
from engine.workspace.fmt import write_whole
from engine.workspace.schemas import Kind


def begin_draft(kind: Kind, name: str, title: str) -> Amended:
    """Return a new file of `kind` that says what it is, its id and its title."""
    draft = blank(kind, 1)
    draft.put("kind", str(kind))
    draft.put("id", name)
    draft.put("title", title)
    return draft


def write_draft(root: Path, kind: Kind, name: str, draft: Amended) -> str:
    """Write a draft into the folder of its kind; return its path below `root`.

    Raises what `write_whole` raises.
    """
    folder = next(folder for folder, of in FOLDERS.items() if of is kind)
    path = f"{folder}/{name}.yaml"
    (root / folder).mkdir(parents=True, exist_ok=True)
    write_whole(root / path, draft.text())
    return path
