"""From the items of `policies:` to policies; they stand in pushform.yaml or in a file of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kernel.finding import Severity
from engine.kernel.origin import Origin
from engine.model.policy import Policy, PolicyTest
from engine.workspace.notes import Notes

Raw = Mapping[str, Any]


def build_policies(raw: Sequence[Raw], at: Origin, notes: Notes) -> tuple[Policy, ...]:
    """Return the policies of the list `raw` at `at`, which has the right shape; notes equal names."""
    seen: set[str] = set()
    for index, one in enumerate(raw):
        if one["id"] in seen:
            notes.value(f"two policies are called `{one['id']}`", at / index / "id")
        seen.add(one["id"])
    return tuple(_policy(one, at / index) for index, one in enumerate(raw))


def _policy(raw: Raw, at: Origin) -> Policy:
    return Policy(
        id=raw["id"],
        rule=raw["rule"],
        message=raw["message"],
        message_ko=raw.get("message_ko"),
        severity=Severity(raw.get("severity", "error")),
        tests=tuple(
            PolicyTest(
                given=test["given"],
                passes=test["expect"] == "pass",
                origin=at / "tests" / number,
            )
            for number, test in enumerate(raw.get("tests", ()))
        ),
        origin=at,
    )
