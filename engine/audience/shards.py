"""Snapshots on disk: Parquet shards of at most 20,000 targets, sorted by channel and address hash.

Every shard is written whole under a temporary name, synced and renamed, for the owner only; its
SHA-256 stands in the snapshot. The same input gives the same bytes.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from engine.audience.connection import make_private
from engine.audience.session import Session
from engine.audience.sql import Params, keyed_hash_of, literal
from engine.audience.targets import PRIMARY
from engine.audience.waves import Waves
from engine.kernel.digest import digest_bytes
from engine.kernel.instant import format_instant
from engine.model.chain import step_of
from engine.model.channel import Channel
from engine.model.facts import ShardFile, TargetCount

if TYPE_CHECKING:
    import pyarrow as pa

SHARD_ROWS = 20_000
FORMAT_VERSION = "2"
READ_AT, FORMAT = b"pushform.read_at", b"pushform.format_version"
COLUMNS = (
    "user_id", "device_id", "recipient_hash", "address_hash", "kind", "value", "p256dh", "auth",
    "channel", "role", "platform", "locale", "jurisdiction", "zone", "region", "variant",
    "held_out", "duplicate", "ad", "night", "service", "confirmed", "suppressed", "enabled",
    "minor", "read",
)  # fmt: skip


RANGE_ROWS = 200_000
"""How many rows are sorted at a time when the runs are merged."""
_RUN_GROUP = 4_096
"""Rows a row group of a run: small, so that a range of hashes touches little of every run."""


@dataclass(slots=True)
class Runs:
    """Sorted Parquet files in the private spill folder, one a part, until they are merged."""

    folder: Path
    files: list[Path] = field(default_factory=list)

    @property
    def relation(self) -> str:
        listed = ", ".join(literal(str(file)) for file in self.files)
        return f"read_parquet([{listed}])"


def hash_targets(session: Session) -> None:
    """Fill `@hashed`: `@target` with the keyed hashes of person and address.

    The second person behind an address gets a hash of address and person, hence a row of their own.
    """
    params = Params()
    recipient = keyed_hash_of("'recipient'", "user_id", session.state_key, params)
    value = "CASE WHEN duplicate THEN value || chr(0) || user_id ELSE value END"
    address = keyed_hash_of(
        "'address:' || channel || ':' || kind", value, session.state_key, params
    )
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@hashed" AS'
        f" SELECT *, {recipient} AS recipient_hash, {address} AS address_hash"
        ' FROM "@target" WHERE NOT shared',
        params.values,
    )


def add_run(session: Session, runs: Runs) -> None:
    """Hash `@target` and write it as the next run, but for rows that are still marked shared."""
    hash_targets(session)
    file = runs.folder / f"run-{len(runs.files):06d}.parquet"
    session.run(
        f'COPY (SELECT wave, {", ".join(COLUMNS)} FROM "@hashed"'
        f" ORDER BY wave, role, channel, address_hash) TO {literal(str(file))}"
        f" (FORMAT parquet, ROW_GROUP_SIZE {_RUN_GROUP})"
    )
    runs.files.append(file)


def write_shards(
    session: Session,
    runs: Runs,
    waves: Waves,
    at: datetime,
    directory: Path,
    alternative: Mapping[Channel, Channel],
) -> tuple[ShardFile, ...]:
    """Merge the runs into shards in `directory` (made, mode 0700), wave by wave, primaries first.

    Channels of different steps of a chain of alternatives are never in one shard.
    """
    make_private(directory)
    for old in directory.glob("shard-*"):
        old.unlink()
    sizes = {
        (wave, role, channel): rows
        for wave, role, channel, rows in session.rows(
            f"SELECT wave, role, channel, count(*) FROM {runs.relation} GROUP BY ALL"
        )
    }
    shards: list[ShardFile] = []
    for wave, due_at in enumerate(waves.due_at):
        steps = {key: step_of(alternative, Channel(key[2])) for key in sizes if key[0] == wave}
        for step in sorted(set(steps.values())):
            found = sorted(key for key in steps if steps[key] == step)
            batches = (batch for key in found for batch in _sorted(session, runs, key, sizes[key]))
            for table in _cut(batches):
                name = f"shard-{len(shards):06d}.parquet"
                shards.append(
                    ShardFile(
                        number=len(shards),
                        path=name,
                        rows=table.num_rows,
                        due_at=due_at,
                        digest=_write(table, at, directory / name),
                        alternative=step > 0,
                        step=step,
                    )
                )
    return tuple(shards)


def _sorted(
    session: Session, runs: Runs, key: tuple[int, str, str], rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one wave, role and channel by address hash, a range of hashes at a time.

    Hashes are uniform, so equal ranges of their first four digits hold equally many.
    """
    wave, role, channel = key
    count = -(-rows // RANGE_ROWS)
    edges = [f"{number * 65_536 // count:04x}" for number in range(count)] + ["g"]
    for low, high in pairwise(edges):
        yield from session.stream(
            f"SELECT {', '.join(COLUMNS)} FROM {runs.relation} WHERE wave = {wave}"
            f" AND role = {literal(role)} AND channel = {literal(channel)}"
            f" AND address_hash >= {literal(low)} AND address_hash < {literal(high)}"
            " ORDER BY address_hash",
            SHARD_ROWS,
        )


def count_targets(session: Session, runs: Runs) -> tuple[TargetCount, ...]:
    """Count primary targets by channel, locale, jurisdiction, variant and platform."""
    names = "channel, locale, jurisdiction, variant, platform"
    rows = session.rows(
        f"SELECT {names}, count(*) FROM {runs.relation} WHERE role = {literal(PRIMARY)}"
        " GROUP BY ALL ORDER BY ALL"
    )
    return tuple(
        TargetCount(
            channel=Channel(row[0]),
            locale=row[1],
            jurisdiction=row[2],
            variant=row[3],
            platform=row[4],
            targets=row[5],
        )
        for row in rows
    )


def _cut(stream: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Cut a stream into tables of SHARD_ROWS; only the last is smaller."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in stream:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= SHARD_ROWS:
            whole = pa.Table.from_batches(waiting)
            yield whole.slice(0, SHARD_ROWS)
            waiting = whole.slice(SHARD_ROWS).to_batches()
            rows -= SHARD_ROWS
    if rows:
        yield pa.Table.from_batches(waiting)


def _write(table: pa.Table, at: datetime, path: Path) -> str:
    """Write one shard and return its digest."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    marks = {READ_AT: format_instant(at).encode(), FORMAT: FORMAT_VERSION.encode()}
    sink = pa.BufferOutputStream()
    pq.write_table(table.combine_chunks().replace_schema_metadata(marks), sink, compression="zstd")
    data = sink.getvalue().to_pybytes()
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return digest_bytes(data)
