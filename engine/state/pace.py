"""The pace: an exact token bucket per account, in one row that all workers share.

The bucket is kept as the instant at which it would be full again (the generic cell rate algorithm,
ITU-T I.371, Annex A): one number, no refilling. A reservation may lie in the future; whoever got it
waits. Reservations are answered in order, and each begins no earlier than the one before it, so any
stretch of t seconds holds no more than the bucket and what flows into it meanwhile.
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from engine.kernel.frozen import frozen
from engine.state.tables import pace
from engine.state.transaction import Database, Steady, Transaction

_ROOM = 0.8
"""The bucket holds so much of the burst that is allowed. The rest pays for hand-overs that come a
little (burst × 0.2 / rate: 10 ms) later than they were promised, and so closer to the next ones."""

_GRAIN_S = 1e-6
"""Added to every reservation, so that rounding never rounds in favour of speed."""


@frozen(kw_only=False)
class Bucket:
    """One account's row: when the bucket is full again, and until when the breaker is open."""

    full_at: float
    blocked_until: float


class SqlPace:
    """The `Pace` port on a database. Its commits need not survive a power cut: readings of the
    steady clock do not survive it either."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, account: str, wanted: int, rate_per_s: float) -> tuple[int, float]:
        """Reserve up to `wanted` hand-overs; return how many, and the seconds to wait first.

        (0, wait) says that the breaker is open that long; asking for 0 only asks for that. Raises
        ValueError if the rate is not positive.
        """
        if rate_per_s <= 0:
            raise ValueError(f"a pace of {rate_per_s} per second")
        with self._database.write() as tx:
            found = _read(tx, account)
            bucket = _current(found, tx.steady, rate_per_s)
            granted, wait, after = take(bucket, tx.steady.at, wanted, rate_per_s)
            if granted:
                _write(tx, account, after, new=found is None)
        return granted, wait

    def block(self, account: str, seconds: float) -> None:
        """Open the breaker for `seconds` from now; one that is open for longer stays so."""
        with self._database.write() as tx:
            found = _read(tx, account)
            bucket = Bucket(0.0, 0.0) if found is None else found[0]
            if found is not None and not _same_boot(found, tx.steady):
                bucket = Bucket(tx.steady.at, 0.0)
            until = max(bucket.blocked_until, tx.steady.at + seconds)
            _write(tx, account, Bucket(bucket.full_at, until), new=found is None)

    def close(self) -> None:
        """Give up the connection."""
        self._database.close()


def take(bucket: Bucket, now: float, wanted: int, rate: float) -> tuple[int, float, Bucket]:
    """Return how many hand-overs are granted, in how many seconds, and the bucket after that."""
    if bucket.blocked_until > now:
        return 0, bucket.blocked_until - now, bucket
    size = capacity(rate)
    granted = min(wanted, int(size))
    if granted <= 0:
        return 0, 0.0, bucket
    start = max(now, bucket.full_at - (size - granted) / rate)
    full_at = max(bucket.full_at, start) + granted / rate + _GRAIN_S
    return granted, start - now, Bucket(full_at, bucket.blocked_until)


def capacity(rate: float) -> float:
    """Return how many hand-overs the bucket holds: at least one, at most max(1, rate / 20)."""
    return max(1.0, rate / 20 * _ROOM)


def _current(found: tuple[Bucket, Steady] | None, steady: Steady, rate: float) -> Bucket:
    """Return the bucket as it is now: full for a new account, empty after a reboot."""
    if found is None:
        return Bucket(steady.at, 0.0)
    if not _same_boot(found, steady):
        return Bucket(steady.at + capacity(rate) / rate, 0.0)
    return found[0]


def _same_boot(found: tuple[Bucket, Steady], steady: Steady) -> bool:
    written = found[1]
    return written.boot == steady.boot and written.at <= steady.at


def _read(tx: Transaction, account: str) -> tuple[Bucket, Steady] | None:
    row = tx.connection.execute(select(pace).where(pace.c.account == account)).one_or_none()
    if row is None:
        return None
    return Bucket(row.full_at, row.blocked_until), Steady(row.written, row.boot)


def _write(tx: Transaction, account: str, bucket: Bucket, *, new: bool) -> None:
    values = {
        "full_at": bucket.full_at,
        "blocked_until": bucket.blocked_until,
        "written": tx.steady.at,
        "boot": tx.steady.boot,
    }
    if new:
        tx.connection.execute(insert(pace).values(values | {"account": account}))
    else:
        tx.connection.execute(update(pace).where(pace.c.account == account).values(values))
