"""Exit codes: one meaning each, and which of several decides."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import __version__
from engine.kernel import errors
from engine.kernel.document import document, failure
from engine.kernel.errors import ExitCode, PushformError, UsageError, worst
from engine.kernel.finding import Finding, Severity, has_errors
from engine.kernel.origin import NOWHERE, Origin
from tests.cli_run import check

PRECEDENCE = (70, 130, 143, 2, 12, 10, 11, 9, 5, 6, 7, 4, 8, 1, 3, 0)
"""As published: the first that applies decides."""


def test_every_code_has_its_place() -> None:
    assert {int(code) for code in ExitCode} == set(PRECEDENCE)


@pytest.mark.parametrize(("first", "then"), list(itertools.pairwise(PRECEDENCE)))
def test_the_first_of_the_list_decides(first: int, then: int) -> None:
    assert worst([ExitCode(then), ExitCode(first)]) == first
    assert worst([ExitCode(first), ExitCode(then)]) == first


@settings(deadline=None)
@given(st.lists(st.sampled_from(ExitCode)))
def test_the_worst_is_one_of_them_and_no_other_precedes_it(codes: list[ExitCode]) -> None:
    found = worst(codes)

    assert found in (codes or [ExitCode.OK])
    assert all(PRECEDENCE.index(found) <= PRECEDENCE.index(code) for code in codes)


KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, PushformError) and kind is not PushformError
]


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.exit_code for kind in KINDS]

    assert len(set(codes)) == len(codes) == 9
    assert ExitCode.BUG not in codes


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_is_an_object_of_the_published_shape(kind: type[PushformError]) -> None:
    error = kind("`추석` cannot be read", "write it again")

    plain = failure(error, as_of=datetime(2026, 9, 24, 1, tzinfo=UTC), environment="sandbox")

    check(plain)
    assert (plain["message"], plain["hint"]) == ("`추석` cannot be read", "write it again")
    assert plain["exit_name"] == kind.exit_code.name.lower()
    assert str(error) == "`추석` cannot be read"


def test_absent_is_null() -> None:
    plain = failure(UsageError("off"), as_of=None, environment=None)

    check(plain)
    assert (plain["as_of"], plain["environment"], plain["hint"]) == (None, None, None)


def test_the_envelope_of_a_document() -> None:
    at = datetime(2026, 9, 24, 1, tzinfo=UTC)

    assert document("x", as_of=at, environment="e", exit_code=ExitCode.CLOCK, body={"n": 1}) == {
        "kind": "x",
        "format_version": "1.0",
        "tool_version": __version__,
        "as_of": "2026-09-24T01:00:00Z",
        "environment": "e",
        "exit_code": 6,
        "exit_name": "clock",
        "n": 1,
    }


def test_only_errors_stop_a_run() -> None:
    def finding(severity: Severity) -> Finding:
        return Finding(rule="r", severity=severity, message="m", at=NOWHERE)

    assert not has_errors([])
    assert not has_errors([finding(Severity.WARNING)])
    assert has_errors([finding(Severity.WARNING), finding(Severity.ERROR)])


def test_an_origin_names_its_file_and_path() -> None:
    origin = Origin("campaigns/추석.yaml") / "kpi" / 0 / "event"

    assert str(origin) == "campaigns/추석.yaml:kpi.0.event"
    assert str(Origin("pushform.yaml")) == "pushform.yaml"
