"""Doing pieces of work in two processes at once, whichever is free for the next."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable
from signal import SIGKILL
from typing import NoReturn, TypeVar

T = TypeVar("T")


def can_fork() -> bool:
    """Tell whether a second process would be of use, and is safe to start.

    It takes a second processor, and a process without threads: a fork copies none of them, but all
    locks that they hold. Linux tells of threads that Python does not know; macOS does not, and its
    own libraries do not bear a fork.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return False
    try:
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names are enough
    except OSError:
        return False
    return threads == 1 and len(os.sched_getaffinity(0)) > 1


def share_out(work: Callable[[int], T], number: int) -> list[T]:
    """Return `[work(0), …, work(number - 1)]`, done here and in a second process.

    At most 256 pieces; results must be picklable. What the second process fails to do, in whatever
    way, is done here, so its errors are raised here.
    """
    tickets = _pipe_of(bytes(range(number)))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_leave(work, tickets, writing)
    os.close(writing)
    ended = False
    try:
        done = _take(work, tickets)
        with os.fdopen(reading, "rb", closefd=False) as pipe:
            raw = pipe.read()
        _, status = os.waitpid(child, 0)
        ended = True
        if status == 0:
            done.update(pickle.loads(raw))  # noqa: S301 - our own process wrote it
    finally:
        os.close(tickets)
        os.close(reading)
        if not ended:
            os.kill(child, SIGKILL)
            os.waitpid(child, 0)
    return [done[piece] if piece in done else work(piece) for piece in range(number)]


def _pipe_of(tickets: bytes) -> int:
    """Return the end of a pipe from which `tickets` can be read, one by one, and then nothing."""
    reading, writing = os.pipe()
    os.write(writing, tickets)
    os.close(writing)
    return reading


def _take(work: Callable[[int], T], tickets: int) -> dict[int, T]:
    """Do piece after piece until no ticket is left; every ticket is read by one process only."""
    done: dict[int, T] = {}
    while ticket := os.read(tickets, 1):
        done[ticket[0]] = work(ticket[0])
    return done


def _work_and_leave(work: Callable[[int], object], tickets: int, writing: int) -> NoReturn:
    """Do the work of the second process. It leaves at once: nothing of the first is flushed or freed."""
    status = 1
    try:
        done = pickle.dumps(_take(work, tickets), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(done)
        status = 0
    finally:
        os._exit(status)
