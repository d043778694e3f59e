"""How these scripts measure: whole processes, alternatives in turn, medians, and one row per number.

    python benchmarks/measuring.py

prints the machine that the other scripts name in their rows.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PUSHFORM = (sys.executable, "-m", "engine")
PEERS = Path.home() / ".cache" / "pushform-benchmarks"
"""A throw-away virtual environment for the programs we compare with; delete it at will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a process: seconds of wall and of processor (with its children), and peak KiB."""

    wall_s: float
    cpu_s: float
    peak_kib: int
    code: int


@dataclass(slots=True)
class Series:
    """All runs of one alternative."""

    runs: list[Run] = field(default_factory=list)

    @property
    def wall(self) -> float:
        return statistics.median(run.wall_s for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu_s for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The largest process of a run, in MB; a second process is about as large as the first."""
        return max(run.peak_kib for run in self.runs) / 1024

    def seconds(self) -> str:
        walls = sorted(run.wall_s for run in self.runs)
        return f"{self.wall:.2f} s ({walls[0]:.2f}-{walls[-1]:.2f}), cpu {self.cpu:.2f} s"

    def milliseconds(self) -> str:
        walls = sorted(1000 * run.wall_s for run in self.runs)
        return f"{1000 * self.wall:.0f} ms ({walls[0]:.0f}-{walls[-1]:.0f})"


def run(command: Sequence[str], *, allowed: Sequence[int] = (0,)) -> Run:
    """Run `command` to its end, its output thrown away. Raises SystemExit on any other exit code."""
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in allowed:
        raise SystemExit(f"{' '.join(command)}: exit {code}\n{said.decode(errors='replace')}")
    return Run(wall_s=wall, cpu_s=used.ru_utime + used.ru_stime, peak_kib=used.ru_maxrss, code=code)


def row(what: str, bar: str, measured: str, ratio: str = "") -> None:
    """Print one line of the table in README.md."""
    print(f"| {what} | {bar} | {measured} | {ratio} |", flush=True)


def machine() -> str:
    """Return what the numbers were measured on, and how busy it was."""
    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    load = os.getloadavg()[0]
    return (
        f"{len(os.sched_getaffinity(0))} × {names[0] if names else platform.machine()}, "
        f"CPython {platform.python_version()}, load {load:.1f}"
    )


def peer(package: str, program: str) -> str | None:
    """Return the path of `program` from `package`, installed beside the project if it is missing."""
    found = PEERS / "bin" / program
    if not found.exists():
        if not (PEERS / "bin" / "python").exists():
            venv.create(PEERS, with_pip=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", *package.split()]
        if subprocess.run(pip, check=False, capture_output=True).returncode != 0:
            return None
    return str(found) if found.exists() else None


def in_turn(
    commands: Mapping[str, Sequence[str]], times: int, *, allowed: Sequence[int] = (0,)
) -> dict[str, Series]:
    """Run every command `times` times, one after the other, so that all see the same machine."""
    found = {name: Series() for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            found[name].runs.append(run(command, allowed=allowed))
    return found


if __name__ == "__main__":
    print(machine())
    print(f"limit of open files: {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}")
