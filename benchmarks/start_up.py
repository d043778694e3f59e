"""How long it takes until something happens: `--help`, and lint of one file.

    python benchmarks/start_up.py [--times 15]

Interleaved with a bare interpreter (the floor) and another linter's `--version` (a peer), because
a start of some milliseconds is mostly the machine's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from corpus import AS_OF, files
from measuring import PUSHFORM, in_turn, machine, peer, row, run


def main() -> None:
    """Measure and print the rows."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=15)
    times = options.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files(1):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            if not path.startswith("audiences/shared") or "audience: shared" not in text:
                (root / path).write_text(text, encoding="utf-8")
        commands: dict[str, tuple[str, ...]] = {
            "floor": (sys.executable, "-c", "pass"),
            "help": (*PUSHFORM, "--help"),
            "lint": (*PUSHFORM, "lint", "-C", folder, "--as-of", AS_OF),
        }
        other = peer("check-jsonschema", "check-jsonschema")
        if other is not None:
            commands["peer"] = (other, "--version")
        for command in commands.values():
            run(command)
        found = in_turn(commands, times)
    floor = found["floor"].wall
    print(f"# {machine()}; `python -c pass`: {found['floor'].milliseconds()}")
    for name, what, bar in (
        ("help", "`pushform --help`", "≤ 100 ms"),
        ("lint", "`pushform lint`, one campaign", "≤ 250 ms"),
        ("peer", "`check-jsonschema --version`", "(peer)"),
    ):
        if name in found:
            series = found[name]
            row(what, bar, series.milliseconds(), f"{series.wall / floor:.1f} × bare Python")


if __name__ == "__main__":
    main()
