"""The plan file that `plan --out` writes and `apply FILE` reads: which digests were approved."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

from engine.kernel.digest import Plain, digest
from engine.kernel.document import FORMAT_VERSION
from engine.kernel.errors import MismatchError, UnsupportedError, UsageError
from engine.kernel.frozen import frozen
from engine.kernel.instant import parse_instant
from engine.model.plan import ApprovedChange


@frozen
class PlanFile:
    """What a plan file says that `apply` holds it to."""

    environment: str
    digest: str
    applyable: bool
    valid_until: datetime | None
    changes: tuple[ApprovedChange, ...]
    text: Plain


def write_plan_file(path: Path, plan: Plain) -> None:
    """Write the plan document; a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(
        json.dumps(plan, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
    temporary.replace(path)


def read_plan_file(path: Path) -> PlanFile:
    """Read what `write_plan_file` wrote.

    Raises UsageError where there is no readable plan, UnsupportedError for another major format,
    MismatchError where a digest or an instant does not look like one.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"`{path}` is not a readable plan file: {error}", "make one: `pushform plan --out FILE`"
        ) from error
    if not isinstance(plain, dict) or plain.get("kind") != "plan":
        raise UsageError(f"`{path}` is not a plan file", "make one: `pushform plan --out FILE`")
    major = str(plain.get("format_version", "")).partition(".")[0]
    if major != FORMAT_VERSION.partition(".")[0]:
        raise UnsupportedError(
            f"`{path}` has format {plain.get('format_version')}, this version reads {FORMAT_VERSION}",
            "plan again with this version of pushform",
        )
    try:
        _check_whole(plain)
        return PlanFile(
            environment=_text(plain["environment"]),
            digest=_text(plain["plan_digest"]),
            applyable=plain["applyable"] is True,
            valid_until=_instant(plain["valid_until"]),
            changes=tuple(
                ApprovedChange(
                    campaign=_text(change["campaign"]),
                    action=_text(change["action"]),
                    digest=_text(change["digest"]),
                    not_after=_instant(change["not_after"]),
                    local=(change["observed"]["timing"] or {}).get("local"),
                    texts=tuple(
                        (_place(text), tuple(text["lines"])) for text in change["observed"]["texts"]
                    ),
                )
                for change in plain["changes"]
            ),
            text=plain,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MismatchError(
            f"`{path}` was damaged: {type(error).__name__} {error}", "plan again"
        ) from error


def _place(text: Plain) -> str:
    return " ".join(_text(text[key]) for key in ("channel", "locale", "jurisdiction", "variant"))


def _check_whole(plain: Plain) -> None:
    """Raise ValueError where the digests do not fit together, KeyError where a part is missing."""
    digests = [_digest(change["digest"]) for change in plain["changes"]]
    wanted = digest({"environment": plain["environment"], "changes": sorted(digests)})
    if _digest(plain["plan_digest"]) != wanted:
        raise ValueError("`plan_digest` is not the digest of its changes")
    for change in plain["changes"]:
        for part in ("people", "timing", "texts", "guards"):
            change["observed"][part]
    _text(plain["as_of"])


def _digest(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", text):
        raise ValueError(f"`{text[:80]}` is not a digest")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def _instant(value: object) -> datetime | None:
    return None if value is None else parse_instant(_text(value))
