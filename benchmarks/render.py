"""Messages a second on one core: ours in batches, ours one by one, and plain Jinja row by row.

    python benchmarks/render.py [--recipients 100000] [--rounds 3]

Every recipient is distinct; a message has three variables and two filters. `texts` renders title and
body from values that are ready; `messages` also reads and cleans the values, adds label and opt-out,
and builds the `Message`. Plain Jinja gets a bare, unsandboxed environment, templates compiled once,
and the same two filters; the batch of a template with `{% if %}` goes through our sandbox. Time is
that of this process's CPU, and the best of `--rounds`; every row's text is compared before.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import jinja2

from engine.message.columns import Columns
from engine.message.compiled import compile_column
from engine.message.compose import Composer
from engine.message.filters import filters_of
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template, Text, Variable, VariableType
from engine.model.workspace import Sender
from tests.resolved import an_advertisement

BATCH = 1_000
TITLE = "{{ name }}님, 추석 특가"
BODY = "{{ item|josa('을/를') }} {{ points|number }}포인트로 만나 보세요."
CONDITIONAL = "{% if points %}" + BODY + "{% endif %}"
PLACE = (Channel.APP, "ko", "KR", "default")
Row = dict[str, Scalar | None]


def campaign() -> ResolvedCampaign:
    """Return an advertisement for the app with the two texts above."""
    template = Template(
        id="chuseok",
        variables={
            "name": Variable(name="name", type=VariableType.STRING, source="user.name"),
            "item": Variable(name="item", type=VariableType.STRING, source="derived.item"),
            "points": Variable(name="points", type=VariableType.INTEGER, source="user.points"),
        },
        locales={"ko": Text(title=TITLE, body=BODY)},
    )
    opt_out = {Channel.APP: {"ko": "수신거부: 앱 > 설정 > 알림"}}
    sender = Sender(name="샘플샵", contact="1588-0000", opt_out=opt_out)
    return an_advertisement(template, id="chuseok", sender=sender)


def people(number: int) -> list[Row]:
    """Return that many different recipients."""
    items = ("송편", "한우", "사과", "쌀", "곶감")
    return [
        {"user.name": f"민지{i}", "derived.item": f"{items[i % 5]} {i % 4000}호", "user.points": i}
        for i in range(number)
    ]


def in_columns(rows: list[Row]) -> Iterator[Columns]:
    """Yield the values of `rows` as batches of columns."""
    names = {"name": "user.name", "item": "derived.item", "points": "user.points"}
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        by_name: dict[str, list[object]] = {
            name: [row[key] for row in part] for name, key in names.items()
        }
        yield Columns(len(part), by_name)


def render_columns(batches: list[Columns], body: str) -> list[tuple[str, str]]:
    """Return (title, body) of every row, rendered by batches."""
    title_of, body_of = compile_column(TITLE, "ko"), compile_column(body, "ko")
    made: list[tuple[str, str]] = []
    for batch in batches:
        made.extend(zip(title_of(batch), body_of(batch), strict=True))
    return made


def render_plainly(rows: list[dict[str, Scalar | None]], body: str) -> list[tuple[str, str]]:
    """Return (title, body) of every row, each rendered by plain Jinja."""
    environment = jinja2.Environment(autoescape=False)
    environment.filters.update(filters_of("ko"))
    title_of, body_of = environment.from_string(TITLE), environment.from_string(body)
    return [(title_of.render(row), body_of.render(row)) for row in rows]


def compose_one_by_one(composer: Composer, rows: list[Row]) -> list[object]:
    """Return the composed message of every row, each made by itself."""
    return [composer.compose(*PLACE, row) for row in rows]


def compose_in_batches(composer: Composer, rows: list[Row]) -> list[object]:
    """Return the composed message of every row, a thousand at a time."""
    made: list[object] = []
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        made.extend(composer.compose_many(*PLACE, part, [None] * len(part)))
    return made


def each_batch(composer: Composer, rows: list[Row]) -> None:
    """Compose all rows in batches and let go of each, as a dispatch does."""
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        composer.compose_many(*PLACE, part, [None] * len(part))


def each_row(composer: Composer, rows: list[Row]) -> None:
    """Compose every row by itself and let go of it."""
    for row in rows:
        composer.compose(*PLACE, row)


def best(rounds: int, number: int, work: Callable[[], object]) -> float:
    """Return how many of `number` messages the fastest of `rounds` made in a second."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return number / min(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="messages rendered a second, on one core")
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    rows = people(given.recipients)
    named = [{key.partition(".")[2]: value for key, value in row.items()} for row in rows]
    batches, composer = list(in_columns(rows)), Composer(campaign())

    expected = render_plainly(named, BODY)
    assert render_columns(batches, BODY) == expected
    assert render_columns(batches, CONDITIONAL)[1:] == expected[1:]
    messages = compose_in_batches(composer, rows)
    assert messages == compose_one_by_one(composer, rows)
    assert all(isinstance(message, Message) for message in messages)
    assert len(set(expected)) == given.recipients

    table: list[tuple[str, Callable[[], object]]] = [
        ("texts: plain Jinja, row by row", lambda: render_plainly(named, BODY)),
        ("texts: batches", lambda: render_columns(batches, BODY)),
        ("texts: batches, with {% if %}", lambda: render_columns(batches, CONDITIONAL)),
        ("messages: one by one", lambda: each_row(composer, rows)),
        ("messages: batches", lambda: each_batch(composer, rows)),
    ]
    print(f"{given.recipients:,} recipients, best of {given.rounds}, messages a second of CPU")
    first = 0.0
    for name, work in table:
        rate = best(given.rounds, given.recipients, work)
        first = first or rate
        print(f"{name:<34}{rate:>12,.0f}{rate / first:>8.1f} ×")


if __name__ == "__main__":
    main()
