"""`policies:` held against a plan: what a team wants to hold besides the law. CEL, in a bounded time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import engine
from engine.kernel.digest import Plain
from engine.kernel.errors import BlockedError, ExitCode, UsageError
from engine.kernel.finding import Finding, Korean, Severity
from engine.kernel.source import SourceMap
from engine.model.plan import Change, Guard, Plan
from engine.model.policy import Policy
from engine.plan.as_json import change_plain, plan_document
from engine.plan.korean import said

SECONDS = 10.0
"""All policies of a workspace together have so long; a rule that needs more is no rule."""

_OF_A_CHANGE = re.compile(r"\b(?:change|campaign)\b")


def hold_policies(
    plan: Plan, policies: Sequence[Policy], sources: SourceMap, *, seconds: float = SECONDS
) -> Plan:
    """Return `plan` with a guard for every policy; one that does not hold makes it not applyable.

    What is wrong with the policies themselves (a test that fails) is a finding, as it is to lint.

    A rule that names `change` or `campaign` is asked of every pending change, any other once of the
    plan. What cannot be evaluated does not hold. Raises UsageError where the library is missing and
    BlockedError where it took longer than `seconds`.
    """
    if not policies:
        return plan
    wrong = check_policies(policies, seconds=seconds)
    whole = plan_document(plan, ExitCode.OK)
    pending = plan.pending
    given = [{"change": change_plain(change), "campaign": _campaign(change)} for change in pending]
    asked = [(policy, bool(_OF_A_CHANGE.search(policy.rule))) for policy in policies]
    answers = _ask(
        {"plan": whole},
        ([{}], given),
        [(policy.rule, int(each)) for policy, each in asked],
        seconds,
    )
    general = list(plan.guards)
    of: dict[str, list[Guard]] = {change.campaign: list(change.guards) for change in pending}
    for (policy, each), answer in zip(asked, answers, strict=True):
        line = sources.locate(policy.origin).line
        if not each:
            general.append(_guard(policy, answer if isinstance(answer, str) else answer[0], line))
            continue
        for number, change in enumerate(pending):
            one = answer if isinstance(answer, str) else answer[number]
            of[change.campaign].append(_guard(policy, one, line))
    changes = tuple(
        replace(change, guards=tuple(of.get(change.campaign, change.guards)))
        for change in plan.changes
    )
    every = (*general, *(guard for guards in of.values() for guard in guards))
    return replace(
        plan,
        changes=changes,
        guards=tuple(general),
        findings=(*plan.findings, *wrong),
        applyable=plan.applyable and not wrong and all(guard.passed for guard in every),
    )


def check_policies(policies: Sequence[Policy], *, seconds: float = SECONDS) -> tuple[Finding, ...]:
    """Return what is wrong with the policies themselves: rules that are not CEL, tests that fail.

    Raises UsageError where the library is missing and BlockedError where it took longer than
    `seconds`.
    """
    if not policies:
        return ()
    sets = [[test.given for test in policy.tests] for policy in policies]
    rules = [(policy.rule, number) for number, policy in enumerate(policies)]
    found: list[Finding] = []
    for policy, answer in zip(policies, _ask({}, sets, rules, seconds), strict=True):
        if isinstance(answer, str):
            found.append(_broken(policy, answer))
            continue
        for number, (test, answered) in enumerate(zip(policy.tests, answer, strict=True)):
            if answered is not test.passes:
                found.append(_failed(policy, number, answered))
    return tuple(found)


def _campaign(change: Change) -> Plain:
    return change.stored["campaign"] if change.stored is not None else {}


def _guard(policy: Policy, answer: bool | str, line: int) -> Guard:
    name = f"policy {policy.id}"
    if answer is True:
        return Guard(name=name, passed=True, message=f"holds: {policy.rule}")
    message, korean = policy.message, policy.message_ko or policy.message
    if isinstance(answer, str):
        message = f"{message} (the rule cannot be evaluated: {answer})"
        korean = f"{korean} (규칙을 판정할 수 없습니다: {said(answer)})"
    warns = policy.severity is Severity.WARNING
    return Guard(
        name=name,
        passed=warns,
        message=f"warning: {message}" if warns else message,
        hint=policy.message_ko,
        path=policy.origin.file or None,
        line=line if policy.origin.file else None,
        korean=Korean(f"경고: {korean}" if warns else korean),
    )


def _broken(policy: Policy, why: str) -> Finding:
    return Finding(
        rule="value",
        severity=Severity.ERROR,
        message=f"the rule of the policy `{policy.id}` has no meaning: {why}",
        at=policy.origin / "rule",
        hint="docs/policies.md shows what a rule may say",
        korean=Korean(
            f"정책 `{policy.id}`의 규칙을 읽을 수 없습니다: {said(why)}",
            "규칙에 쓸 수 있는 것은 docs/policies.md에 있습니다",
        ),
    )


def _failed(policy: Policy, number: int, answer: bool | str) -> Finding:
    told = answer
    if not isinstance(answer, str):
        told = f"the rule {'holds' if answer else 'does not hold'}"
    return Finding(
        rule="value",
        severity=Severity.ERROR,
        message=f"test {number + 1} of the policy `{policy.id}` expects something else: {told}",
        at=policy.tests[number].origin / "expect",
        hint="mend the rule, or what the test expects",
        korean=Korean(
            f"정책 `{policy.id}`의 {number + 1}번째 시험이 예상과 다릅니다: {said(str(told))}",
            "규칙을 고치거나 시험의 `expect`를 고치세요",
        ),
    )


def _ask(
    shared: Mapping[str, Plain],
    sets: Sequence[Sequence[Mapping[str, Plain]]],
    rules: Sequence[tuple[str, int]],
    seconds: float,
) -> list[str | list[bool | str]]:
    """Return the answers to `rules`, each of which is asked of the set with its number."""
    questions = [{"rule": rule, "set": number} for rule, number in rules]
    asked = {"shared": shared, "sets": sets, "questions": questions}
    house = str(Path(engine.__file__).parent.parent)
    path = os.pathsep.join(part for part in (house, os.environ.get("PYTHONPATH")) if part)
    try:
        done = subprocess.run(
            # -P: a folder `engine` of the workspace is not ours.
            [sys.executable, "-P", "-m", "engine.plan.policy_worker"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=True,
            timeout=seconds,
            env={**os.environ, "PYTHONPATH": path},
        )
    except subprocess.TimeoutExpired as error:
        raise BlockedError(
            f"the policies were not evaluated within {seconds:g} s",
            "a rule walks over too much: do not put `all` or `exists` inside each other",
        ) from error
    except subprocess.CalledProcessError as error:
        raise BlockedError(
            "the policies could not be evaluated: the process that does it ended",
            "a rule needs more memory than it may have: make it simpler",
        ) from error
    answers = json.loads(done.stdout)
    if answers is None:
        raise UsageError(
            "`policies:` need a library that is not installed", "pip install 'cel-python>=0.5'"
        )
    found: list[str | list[bool | str]] = answers
    return found
