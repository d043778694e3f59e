"""Every minute of a year: no advertisement starts in a closed window, none is refused in an open one.

    python benchmarks/law_year.py [--year 2026] [--step 1] [--workers 2]

All jurisdictions and regions of the tables × 12 zones × texts and push, each minute asked at the
door and answered by a second reading of the tables (tests/law/brute_force.py) that knows nothing of
the engine; and every edge a second before and after. Ends with exit code 1 at a disagreement. `--step
7` asks every seventh minute. The last rows say what one question costs.
"""

from __future__ import annotations

import argparse
import sys
import time
import timeit
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent))

from measuring import machine, row

from engine.law.door import may_send
from engine.law.shelf import ANYWHERE, jurisdictions
from engine.law.windows import window_at
from engine.model.channel import Channel
from engine.model.delivery import Allowed
from tests.law import brute_force
from tests.law.facts import NOON, some_facts
from tests.law.test_year import ZONES, facts_for

Place = tuple[str, str | None]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one zone came to: questions, how many were answered with yes, and the disagreements."""

    questions: int
    allowed: int
    wrong: tuple[str, ...]


def places() -> tuple[Place, ...]:
    """Return every country with a table, every state with one, and a stranger to both."""
    tables = sorted(jurisdictions() - {ANYWHERE, "EU"})
    countries = [(name, None) for name in tables if "-" not in name]
    return (
        *countries,
        *((name, None) for name in ("NL", "PR", "RE", "VN")),
        *(("US", name) for name in (*tables, "US-NY") if "-" in name),
    )


def clock(zone: str, year: int, step: int) -> list[tuple[datetime, date, int]]:
    """Return (instant, local day, local second of the day) of every minute of `year` in UTC."""
    there, found = ZoneInfo(zone), []
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        local = at.astimezone(there)
        found.append((at, local.date(), local.hour * 3600 + local.minute * 60 + local.second))
        at += MINUTE * step
    return found


def expected(place: Place, channel: str, day: date) -> tuple[int, int]:
    """Return the seconds of the day from and until which the tables say yes."""
    pairs = brute_force.hours_of(place[0], channel, place[1], day)
    seconds = [tuple(at.hour * 3600 + at.minute * 60 for at in pair) for pair in pairs]
    return max(opens for opens, _ in seconds), min(closes for _, closes in seconds)


def ask_zone(task: tuple[str, int, int]) -> Counted:
    """Ask every minute of the year in one zone for every place and channel."""
    zone, year, step = task
    minutes = clock(zone, year, step)
    seoul = clock("Asia/Seoul", year, step)
    questions = allowed = 0
    wrong: list[str] = []
    for place in places():
        for channel in (Channel.SMS,) if place[1] else (Channel.SMS, Channel.APP):
            facts = facts_for(*place, zone, channel)
            asked = zip(minutes, seoul, strict=True)
            hours: dict[date, tuple[int, int]] = {}
            for (now, day, second), (_, korean_day, korean_second) in asked:
                if day not in hours:
                    hours[day] = expected(place, str(channel), day)
                opens, closes = hours[day]
                yes = opens <= second < closes
                if yes and place[0] == "KR":
                    opens, closes = expected(place, str(channel), korean_day)
                    yes = opens <= korean_second < closes
                answer = isinstance(may_send(facts, now), Allowed)
                allowed += answer
                if answer is not yes:
                    wrong.append(f"{place} {channel} {zone} {now}: {answer}")
            questions += len(minutes)
            for now, yes in edges(place, zone, channel, year):
                questions += 1
                if isinstance(may_send(facts, now), Allowed) is not yes:
                    wrong.append(f"{place} {channel} {zone} {now}: edge")
    return Counted(questions, allowed, tuple(wrong[:20]))


def edges(place: Place, zone: str, channel: Channel, year: int) -> Iterator[tuple[datetime, bool]]:
    """Yield instants around every opening and closing, and whether the tables say yes then."""
    day = date(year, 1, 1)
    while day.year == year:
        for edge in set(brute_force.edges_of(day, place[0], zone, str(channel), place[1])):
            for now in (edge - SECOND, edge, edge + SECOND):
                yes = brute_force.is_open(now, place[0], zone, str(channel), place[1])
                yield now, yes
        day += timedelta(days=1)


def main() -> int:
    """Ask, print the rows, and return the exit code."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--year", type=int, default=2026)
    options.add_argument("--step", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    print(f"# {machine()}")
    start = time.perf_counter()
    tasks = [(zone, chosen.year, chosen.step) for zone in ZONES]
    with ProcessPoolExecutor(chosen.workers) as pool:
        found = list(pool.map(ask_zone, tasks))
    wrong = [text for one in found for text in one.wrong]
    questions, allowed = (
        sum(getattr(one, name) for one in found) for name in ("questions", "allowed")
    )
    row(
        f"the door, {chosen.year}: {len(places())} places × {len(ZONES)} zones, texts and push,"
        f" every {chosen.step} min and every edge ± 1 s",
        "0 disagreements with the tables",
        f"{questions:,} questions, {len(wrong)} wrong, {allowed / questions:.0%} allowed",
        f"{time.perf_counter() - start:.0f} s",
    )
    row("`may_send`, a recipient like an earlier one", "≤ 5 µs", f"{cost_us():.1f} µs")
    row("`window_at`, the first of its kind", "", f"{first_of_its_kind():.0f} µs")
    for text in wrong:
        print(text, file=sys.stderr)
    return 1 if wrong else 0


def cost_us() -> float:
    """Return the microseconds of one question at the door, the best of five runs."""
    facts = some_facts()
    return min(timeit.repeat(lambda: may_send(facts, NOON), number=100_000, repeat=5)) * 10


def first_of_its_kind() -> float:
    """Return the microseconds of a text to New York, state unknown, averaged over days not seen."""
    days = [datetime(2031, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(300)]
    start = time.perf_counter()
    for now in days:
        window_at(
            now,
            advertising=True,
            brand=False,
            jurisdiction="US",
            zone="America/New_York",
            channel=Channel.SMS,
        )
    return (time.perf_counter() - start) / len(days) * 1e6


if __name__ == "__main__":
    sys.exit(main())
