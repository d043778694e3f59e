"""The second process: its result, its errors, its death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.lint.beside import beside, can_fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
ROOT = Path(__file__).parents[2]


def run(code: str) -> str:
    """Run `code` in a fresh Python without threads; return what it printed."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from engine.lint.beside import beside, can_fork\nimport os\n{code}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_work_is_done_in_another_process() -> None:
    code = (
        "with beside(lambda: (os.getpid(), 'x' * 1_000_000)) as result:\n"
        "    pid, text = result()\n"
        "print(pid != os.getpid(), len(text))\n"
    )
    assert run(code) == "True 1000000\n"


def test_what_fails_there_is_done_here_and_fails_here() -> None:
    code = (
        "here = os.getpid()\n"
        "def work():\n"
        "    if os.getpid() != here: os.kill(os.getpid(), 9)\n"
        "    return 'done here'\n"
        "def wrong():\n"
        "    raise KeyError('moon')\n"
        "with beside(work) as result: print(result())\n"
        "try:\n"
        "    with beside(wrong) as result: result()\n"
        "except KeyError as error: print(error)\n"
    )
    printed = run(code)
    assert printed.startswith("done here\n'moon'\n"), printed


def test_nobody_is_left_behind_when_the_first_process_fails() -> None:
    code = (
        "import time\n"
        "try:\n"
        "    with beside(lambda: time.sleep(60)): raise ValueError('stop')\n"
        "except ValueError: pass\n"
        "try: os.waitpid(-1, 0)\n"
        "except ChildProcessError: print('alone')\n"
    )
    assert run(code) == "alone\n"


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
    kill = os.kill

    def note(pid: int, number: int) -> None:
        killed.append(number)
        kill(pid, number)

    monkeypatch.setattr(os, "kill", note)
    with pytest.raises(KeyboardInterrupt), beside(signal.pause):
        raise KeyboardInterrupt
    assert killed == [signal.SIGKILL]
