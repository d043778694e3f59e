"""The states that an operator's order goes to: one environment, or every one there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.app.session import CONFIG, Session, open_session
from engine.app.state import has_state, open_ledger
from engine.cli.output import note
from engine.kernel.errors import PushformError, UsageError
from engine.model.ports import Ledger


@contextmanager
def each_state(
    directory: Path, environment: str | None
) -> Iterator[Iterator[tuple[Session, Ledger]]]:
    """Yield a session and its open ledger for `environment`, or for every one with a state.

    An environment whose state cannot be opened is named on stderr and does not stop the others.
    Raises UsageError where there is no state at all.
    """
    sessions = [s for s in _sessions(directory, environment) if _may_have_state(s)]
    if not sessions:
        where = f"in `{environment}`" if environment else "in any environment"
        raise UsageError(f"there is no state {where}: nothing was ever applied")
    yield _opened(sessions, lenient=environment is None)


def _may_have_state(session: Session) -> bool:
    """Tell whether to try: also where nobody can say, because a variable is missing."""
    try:
        return has_state(session)
    except PushformError:
        return True


def _opened(sessions: list[Session], *, lenient: bool) -> Iterator[tuple[Session, Ledger]]:
    failures: list[PushformError] = []
    for session in sessions:
        try:
            with open_ledger(session, create=False) as (ledger, _, _):
                yield session, ledger
        except PushformError as error:
            if not lenient:
                raise
            failures.append(error)
            note(
                f"{session.environment}: {error.message}"
                + (f" ({error.hint})" if error.hint else "")
            )
    if failures:  # the others were reached, but whoever stops a send must know of these
        raise failures[0]


def _sessions(directory: Path, environment: str | None) -> list[Session]:
    first = open_session(directory, environment, None)
    if first.loaded.workspace is None:
        raise UsageError(
            f"`{CONFIG}` has mistakes, so the state cannot be found",
            "`pushform lint` shows them with their lines",
        )
    if environment is not None:
        return [first]
    return [open_session(directory, name, None) for name in first.workspace.environments]
