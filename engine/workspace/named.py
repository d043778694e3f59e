"""Texts at the top of pushform.yaml, found without building it: also where it is wrong."""

from __future__ import annotations

from engine.workspace.decode import decode
from engine.workspace.document import parse_document
from engine.workspace.files import WORKSPACE_FILE, Tree


def named_file(tree: Tree, key: str) -> str | None:
    """Return the path that stands at `key` (`testers`, `policies`) of pushform.yaml, if one does."""
    return named_text(tree, key)


def named_text(tree: Tree, key: str) -> str | None:
    """Return the text that stands at `key` (`timezone`) of pushform.yaml, None where none does."""
    try:
        raw = tree.read(WORKSPACE_FILE)
    except OSError:
        return None
    if key.encode() not in raw:
        return None
    data = parse_document(decode(raw, WORKSPACE_FILE)[0], WORKSPACE_FILE).data
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, str) else None
