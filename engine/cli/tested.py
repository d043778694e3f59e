"""The local log of what was tested: digests and outcomes, no people."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.app.session import HIDDEN, Session
from engine.dispatch.test_send import TestResult
from engine.kernel.errors import UnavailableError
from engine.kernel.instant import format_instant
from engine.model.resolved import ResolvedCampaign


def log_tests(
    session: Session, campaign: ResolvedCampaign, digest: str, results: Sequence[TestResult]
) -> Path:
    """Note locally what was tested: digest, channel, locale, variant and outcome, but no person.

    One JSON line per message in `.pushform/tests/<environment>/<campaign>.jsonl`.
    """
    path = session.hidden("tests", session.workspace.environment, f"{campaign.id}.jsonl")
    at = format_instant(session.clock.now())
    lines = [
        json.dumps(
            {
                "at": at,
                "digest": digest,
                "channel": result.channel,
                "locale": result.locale,
                "variant": result.variant,
                "outcome": result.outcome,
                "reason": result.reason,
            },
            sort_keys=True,
        )
        for result in results
    ]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
    except OSError as error:
        raise UnavailableError(
            f"`{path.relative_to(session.root)}` cannot be written: {error.strerror}",
            "free some space or check the rights of `.pushform`",
        ) from error
    return path


def digests_tested(root: Path, environment: str, campaign: str) -> Mapping[str, str]:
    """Return the digests whose messages reached a tester, each with the instant of the last test.

    For a plan that shows whether the words it would send were tested. Torn lines are left out.
    """
    path = root / HIDDEN / "tests" / environment / f"{campaign}.jsonl"
    found: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return found
    for line in lines:
        try:
            plain = json.loads(line)
            if plain["outcome"] == "sent":
                found[str(plain["digest"])] = str(plain["at"])
        except (ValueError, KeyError, TypeError):
            continue
    return found
