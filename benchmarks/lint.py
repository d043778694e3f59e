"""Lint of 10,000 campaigns × 3 locales with all rules, from process start to exit.

    python benchmarks/lint.py [--campaigns 10000] [--times 3] [--no-peer]

Cold (nothing kept from an earlier run), again on unchanged files, and again with one file changed;
peak memory; 1,000 and 5,000 campaigns for the growth. At 1,000 campaigns `check-jsonschema` reads the
same campaign files, in turn with ours; it checks their shape and nothing else, and 10,000 would take it
minutes.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from corpus import AS_OF, write
from measuring import PUSHFORM, ROOT, Series, machine, peer, row, run

SIZES = (0.1, 0.5, 1.0)


def lint(folder: Path) -> tuple[str, ...]:
    """Return the command that lints the workspace in `folder`."""
    return (*PUSHFORM, "lint", "-C", str(folder), "--as-of", AS_OF, "--format", "json")


def forget(folder: Path) -> None:
    """Take away what an earlier run kept, but not a state."""
    shutil.rmtree(folder / ".pushform" / "cache", ignore_errors=True)


def measure(folder: Path, times: int, other: tuple[str, ...] | None) -> dict[str, Series]:
    """Lint `folder` cold, again, and after a change, in turn with `other`."""
    found = {name: Series() for name in ("cold", "again", "changed", "other")}
    one = next((folder / "campaigns").rglob("*.yaml"))
    for number in range(times):
        forget(folder)
        found["cold"].runs.append(run(lint(folder)))
        found["again"].runs.append(run(lint(folder)))
        one.write_text(one.read_text(encoding="utf-8") + f"# {number}\n", encoding="utf-8")
        found["changed"].runs.append(run(lint(folder)))
        if other is not None:
            found["other"].runs.append(run(other))
    return found


def main() -> None:
    """Measure and print the rows."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--campaigns", type=int, default=10_000)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--no-peer", action="store_true")
    given = options.parse_args()
    program = None if given.no_peer else peer("check-jsonschema", "check-jsonschema")
    with tempfile.TemporaryDirectory() as temporary:
        growth: list[tuple[int, dict[str, Series]]] = []
        for share in SIZES:
            count = int(given.campaigns * share)
            folder = Path(temporary) / str(count)
            write(folder, count)
            other = None
            if share == SIZES[0] and program is not None:
                schema = str(ROOT / "schemas" / "campaign.schema.json")
                every = sorted(map(str, (folder / "campaigns").rglob("*.yaml")))
                other = (program, "--schemafile", schema, *every)
            found = measure(folder, given.times, other)
            growth.append((count, found))
    (few, small), (whole, large) = growth[0], growth[-1]
    cold = large["cold"]
    each = ", ".join(f"{count:,}: {1e6 * one['cold'].wall / count:.0f} µs" for count, one in growth)
    print(f"# {machine()}")
    row(f"lint, {whole:,} campaigns, cold", "≤ 2.75 s", cold.seconds(), "")
    row("lint, unchanged again", "≤ 0.5 s", large["again"].seconds(), "")
    row("lint, one file changed", "", large["changed"].seconds(), "")
    row("lint, peak of one process", "≤ 300 MB", f"{cold.peak_mb:.0f} MB", "")
    ratio = (cold.wall / whole) / (small["cold"].wall / few)
    row("lint, wall per campaign", "linear", each, f"{ratio:.2f} × that of {few:,}")
    if small["other"].runs:
        theirs, ours = small["other"], small["cold"]
        both = f"{theirs.wall / ours.wall:.0f} × ours ({ours.wall:.2f} s)"
        row(f"`check-jsonschema`, {few:,} campaign files", "(peer)", theirs.seconds(), both)


if __name__ == "__main__":
    main()
