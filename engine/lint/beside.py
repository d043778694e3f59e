"""Doing a second piece of work at the same time, in a process of its own."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def can_fork() -> bool:
    """Tell whether a second process would be of use, and is safe to start.

    It takes a second processor, and a process without threads: a fork copies none of them, but all
    locks that they hold. Linux tells of threads that Python does not know; macOS does not, and its
    own libraries do not bear a fork.
    """
    if (
        not hasattr(os, "fork")
        or threading.active_count() > 1
        or not sys.platform.startswith("linux")
    ):
        return False
    try:
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names are enough
    except OSError:
        return False
    return threads == 1 and len(os.sched_getaffinity(0)) > 1


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Start `work` in a second process; what is yielded waits for it and returns its result.

    If the second process fails in any way, the work is done here, so its errors are raised here.
    The result must be picklable.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_leave(work, writing)
    os.close(writing)
    waiting = [child]

    def result() -> T:
        with os.fdopen(reading, "rb", closefd=False) as pipe:
            raw = pipe.read()
        _, status = os.waitpid(waiting.pop(), 0)
        if status != 0:
            return work()
        found: T = pickle.loads(raw)  # noqa: S301 - our own process wrote it
        return found

    try:
        yield result
    finally:
        os.close(reading)
        if waiting:
            os.kill(child, 9)
            os.waitpid(child, 0)


def _work_and_leave(work: Callable[[], object], writing: int) -> None:
    """Do the work of the second process. It leaves at once: nothing of the first is flushed or freed."""
    status = 1
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(work(), pickle.HIGHEST_PROTOCOL))
        status = 0
    finally:
        os._exit(status)
