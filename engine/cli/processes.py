"""Signals, and the worker processes that send beside this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from engine.app.session import CLOCK_SINCE, Session
from engine.cli.output import note
from engine.kernel.errors import ExitCode
from engine.kernel.instant import format_duration, format_instant
from engine.state.clock import AsOfClock


@contextmanager
def collect_signals() -> Iterator[list[int]]:
    """Collect SIGTERM and SIGINT instead of dying: in-flight answers are waited for."""
    received: list[int] = []

    def receive(number: int, frame: object) -> None:
        del frame
        received.append(number)

    before = {n: signal.signal(n, receive) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def signal_code(signals: Sequence[int]) -> list[ExitCode]:
    """Return the exit code of the first signal, or none."""
    if not signals:
        return []
    return [ExitCode.TERMINATED if signals[0] == signal.SIGTERM else ExitCode.INTERRUPTED]


def start_workers(
    session: Session, count: int, only: str | None, wait: timedelta | None
) -> list[subprocess.Popen[bytes]]:
    """Start processes that lease shards of the same ledger; they see the same business clock."""
    words = [sys.executable, "-m", "engine", "run" if wait is None else "dispatch"]
    words += ["-C", str(session.root), "-e", session.workspace.environment]
    words += [only] if only else []
    words += ["--wait", format_duration(wait)] if wait else []
    variables = dict(os.environ)
    if isinstance(session.clock, AsOfClock):
        words += ["--as-of", format_instant(session.clock.start)]
        variables[CLOCK_SINCE] = repr(session.clock.since)
    return [
        subprocess.Popen(words, stdout=subprocess.DEVNULL, env=variables)  # noqa: S603
        for _ in range(count)
    ]


def join_worker(process: subprocess.Popen[bytes], *, stop: bool) -> ExitCode:
    """Wait until a worker ends, told to stop or not; a code that means nothing here is a partial run."""
    if stop:
        process.terminate()
    code = process.wait()
    try:
        return ExitCode(code)
    except ValueError:
        note(f"a worker ended with code {code}; what it held is settled by the next dispatch")
        return ExitCode.PARTIAL
