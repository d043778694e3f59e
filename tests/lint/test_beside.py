"""Work in two processes: its results, its errors, its death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.lint.beside import can_fork, share_out

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
ROOT = Path(__file__).parents[2]


def run(code: str) -> str:
    """Run `code` in a fresh Python without threads; return what it printed."""
    done = subprocess.run(
        [
            *(sys.executable, "-c"),
            f"from engine.lint.beside import can_fork, share_out\nimport os, time\n{code}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_two_processes_do_every_piece_once_and_in_order() -> None:
    code = (
        "def work(piece):\n"
        "    time.sleep(0.02)\n"
        "    return piece, os.getpid(), 'x' * 100_000\n"
        "done = share_out(work, 20)\n"
        "print([piece for piece, _, _ in done] == list(range(20)), len({pid for _, pid, _ in done}))\n"
    )
    assert run(code) == "True 2\n"


def test_a_slow_piece_does_not_hold_up_the_others() -> None:
    code = (
        "def work(piece):\n"
        "    time.sleep(0.5 if piece == 0 else 0.01)\n"
        "    return os.getpid()\n"
        "first, *others = share_out(work, 9)\n"
        "print(first in others, len(set(others)))\n"
    )
    assert run(code) == "False 1\n"


def test_what_fails_there_is_done_here_and_fails_here() -> None:
    code = (
        "here = os.getpid()\n"
        "def work(piece):\n"
        "    if os.getpid() != here: os.kill(os.getpid(), 9)\n"
        "    time.sleep(0.02)\n"
        "    return piece\n"
        "print(share_out(work, 8))\n"
        "def wrong(piece):\n"
        "    time.sleep(0.02)\n"
        "    if piece == 5: raise KeyError('moon')\n"
        "try: share_out(wrong, 8)\n"
        "except KeyError as error: print(error)\n"
        "try: os.waitpid(-1, 0)\n"
        "except ChildProcessError: print('alone')\n"
    )
    printed = run(code).splitlines()
    assert printed[0] == "[0, 1, 2, 3, 4, 5, 6, 7]"
    assert printed[-2:] == ["'moon'", "alone"]


def test_a_process_with_threads_does_not_fork() -> None:
    code = (
        "import threading\n"
        "stop = threading.Event()\n"
        "thread = threading.Thread(target=stop.wait)\n"
        "thread.start()\n"
        "print(can_fork())\n"
        "stop.set(); thread.join()\n"
    )
    assert run(code) == "False\n"


def test_one_processor_does_the_work_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("this system does not tell its processors")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert not can_fork()


def test_an_interrupt_ends_both(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = []
    kill, here = os.kill, os.getpid()

    def note(pid: int, number: int) -> None:
        killed.append(number)
        kill(pid, number)

    def work(piece: int) -> None:
        if os.getpid() == here:
            raise KeyboardInterrupt
        signal.pause()

    monkeypatch.setattr(os, "kill", note)
    with pytest.raises(KeyboardInterrupt):
        share_out(work, 9)
    assert killed == [signal.SIGKILL]
