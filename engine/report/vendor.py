"""`reports/<environment>/vendor.json`: what vendors said of profiles, templates and numbers, in git.

`pushform doctor --save` writes it, lint reads it: lint asks nobody. It names no person and no secret, and
is the same bytes for the same answers at the same instant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.kernel.digest import Plain
from engine.kernel.errors import UnsupportedError
from engine.kernel.instant import format_instant, parse_instant
from engine.model.vendor import (
    ProfileState,
    ProfileStatus,
    SavedFacts,
    TemplateState,
    TemplateStatus,
    VendorFacts,
)

NAME = "vendor.json"


def joined(answers: Iterable[VendorFacts]) -> VendorFacts:
    """Return what the vendors of several channels said, as one."""
    profiles: dict[str, ProfileState] = {}
    templates: dict[str, TemplateState] = {}
    senders: tuple[str, ...] | None = None
    for facts in answers:
        profiles |= facts.profiles
        templates |= facts.templates
        if facts.senders is not None:
            senders = tuple(sorted({*(senders or ()), *facts.senders}))
    return VendorFacts(profiles=profiles, templates=templates, senders=senders)


def write_vendor(root: Path, environment: str, saved: SavedFacts) -> Path:
    """Write what vendors said; return the file. Raises UnavailableError where it cannot be written."""
    from engine.report.as_json import dump
    from engine.report.files import write_file

    path = root / "reports" / environment / NAME
    write_file(path, dump(vendor_document(environment, saved)))
    return path


def read_vendors(root: Path, environments: Iterable[str]) -> Mapping[str, SavedFacts]:
    """Return what was saved, by environment; those without a file, and the sandbox, are left out.

    Raises UnsupportedError (exit 12) for a file that is none of ours.
    """
    found: dict[str, SavedFacts] = {}
    for environment in environments:
        # The sandbox's reports are not in git, and lint says the same everywhere.
        if environment == "sandbox":
            continue
        path = root / "reports" / environment / NAME
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise _unreadable(environment, error) from error
        found[environment] = parse_vendor(text, environment)
    return found


def vendor_document(environment: str, saved: SavedFacts) -> Plain:
    """Return the object of the file: sorted, without what is unknown."""
    facts = saved.facts
    return {
        "kind": "vendor",
        "format_version": "1.0",
        "as_of": format_instant(saved.as_of),
        "environment": environment,
        "profiles": {
            name: {
                "status": profile.status.value,
                "daily_max": profile.daily_max,
                "sent_today": profile.sent_today,
            }
            for name, profile in sorted(facts.profiles.items())
        },
        "templates": {
            code: {"status": template.status.value, "text": template.text}
            for code, template in sorted(facts.templates.items())
        },
        "senders": None if facts.senders is None else sorted(facts.senders),
    }


def parse_vendor(text: str, environment: str) -> SavedFacts:
    """Return what `vendor_document` made `text` from. Raises UnsupportedError (exit 12)."""
    try:
        plain = json.loads(text)
        senders = plain.get("senders")
        return SavedFacts(
            as_of=parse_instant(plain["as_of"]),
            facts=VendorFacts(
                profiles={name: _profile(one) for name, one in plain["profiles"].items()},
                templates={code: _template(one) for code, one in plain["templates"].items()},
                senders=None if senders is None else tuple(map(str, senders)),
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(environment, error) from error


def _profile(plain: Any) -> ProfileState:
    return ProfileState(
        status=ProfileStatus(plain["status"]),
        daily_max=_count(plain.get("daily_max")),
        sent_today=_count(plain.get("sent_today")),
    )


def _template(plain: Any) -> TemplateState:
    text = plain.get("text")
    return TemplateState(
        status=TemplateStatus(plain["status"]), text=None if text is None else str(text)
    )


def _count(value: Any) -> int | None:
    return None if value is None else int(value)


def _unreadable(environment: str, error: Exception) -> UnsupportedError:
    return UnsupportedError(
        f"`reports/{environment}/{NAME}` cannot be read: {type(error).__name__}",
        f"write it again: `pushform doctor -e {environment} --save`",
    )
