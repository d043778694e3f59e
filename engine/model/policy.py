"""Policies: a team's own conditions on plans, and examples that show what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from engine.kernel.digest import Plain
from engine.kernel.finding import Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin


@frozen
class PolicyTest:
    """`policies[].tests[]`: with `given` (`plan`, `change`, `campaign`) the rule holds, or not."""

    given: Mapping[str, Plain]
    passes: bool
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class Policy:
    """`policies[]`: `rule` is a CEL condition that has to hold; `message` is said where it does not.

    An error blocks an apply (exit 4), a warning is shown.
    """

    id: str
    rule: str
    message: str
    message_ko: str | None = None
    severity: Severity = Severity.ERROR
    tests: tuple[PolicyTest, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)
