"""Shards read back: verified bytes → batches of `Target`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.audience.shards import COLUMNS, FORMAT, FORMAT_VERSION, READ_AT
from engine.kernel.digest import digest_bytes
from engine.kernel.errors import MismatchError, UnsupportedError
from engine.kernel.instant import parse_instant
from engine.model.channel import Channel, Platform
from engine.model.delivery import Answer, ConsentReading, Target
from engine.model.facts import ShardFile
from engine.model.message import Address

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 1_000


def read_shard(shard: ShardFile, directory: Path) -> Iterator[Sequence[Target]]:
    """Yield the targets of a shard, at most 1,000 at a time, as they were sorted.

    Raises MismatchError if the file is missing or not what the snapshot wrote.
    """
    import pyarrow.parquet as pq

    data = _verified(shard, directory)
    file = pq.ParquetFile(io.BytesIO(data))
    marks = file.schema_arrow.metadata or {}
    version = marks.get(FORMAT, b"").decode()
    if version != FORMAT_VERSION:
        raise UnsupportedError(
            f"shard `{shard.path}` has the format version `{version}`",
            "finish this campaign with the version of pushform that made its snapshot",
        )
    read_at = parse_instant(marks[READ_AT].decode())
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        yield make_targets(batch, read_at)


def make_targets(batch: pa.RecordBatch | pa.Table, read_at: datetime) -> tuple[Target, ...]:
    """Return the rows of `batch` (the columns of a shard) as targets read at `read_at`."""
    columns = [batch.column(name).to_pylist() for name in COLUMNS]
    readings: dict[tuple[str, str, str, str | None], ConsentReading] = {}
    return tuple(
        _target(dict(zip(COLUMNS, row, strict=True)), read_at, readings)
        for row in zip(*columns, strict=True)
    )


def _target(
    row: dict[str, Any],
    read_at: datetime,
    readings: dict[tuple[str, str, str, str | None], ConsentReading],
) -> Target:
    import orjson

    address = Address(
        kind=row["kind"],
        value=row["value"],
        keys={name: row[name] for name in ("p256dh", "auth") if row[name] is not None},
    )
    answers = (row["ad"], row["night"], row["service"], row["confirmed"])
    if answers not in readings:
        readings[answers] = make_reading(*answers, read_at)
    return Target(
        **{name: row[name] for name in _SAME_NAME},
        address=address,
        channel=Channel(row["channel"]),
        platform=Platform(row["platform"]),
        consent=readings[answers],
        values=orjson.loads(row["read"]),
    )


_SAME_NAME = (
    "user_id", "device_id", "recipient_hash", "address_hash", "role", "locale", "jurisdiction",
    "zone", "region", "variant", "held_out", "duplicate", "suppressed", "enabled", "minor",
)  # fmt: skip


def make_reading(
    ad: str, night: str, service: str, confirmed: str | None, read_at: datetime
) -> ConsentReading:
    """Return a consent out of the answers as the database writes them."""
    return ConsentReading(
        ad=Answer(ad),
        night=Answer(night),
        service=Answer(service),
        read_at=read_at,
        confirmed_at=confirmed,
    )


def _verified(shard: ShardFile, directory: Path) -> bytes:
    path = directory / Path(shard.path).name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MismatchError(
            f"shard `{shard.path}` of the snapshot is gone",
            "restore `.pushform/` from where the snapshot was made, or cancel the campaign",
        ) from error
    if digest_bytes(data) != shard.digest:
        raise MismatchError(
            f"shard `{shard.path}` is not the one that the snapshot wrote",
            "somebody changed it: nothing of it is sent; cancel the campaign and copy it",
        )
    return data
