"""Opening a state: files and their modes, the key, formats, damage, and what people read then."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.kernel.errors import (
    MismatchError,
    PushformError,
    UnavailableError,
    UnsupportedError,
    UsageError,
)
from engine.state.open import (
    key_from_text,
    load_or_make_key,
    open_state,
    state_exists,
    state_path,
)
from tests.state.world import KEY, HandClock, a_deployed, apply

URL = "sqlite:///.pushform/state.db"


def make(
    root: Path, key: bytes = KEY, environment: str = "sandbox", *, create: bool = True
) -> None:
    open_state(URL, environment, key, HandClock(), create=create, root=root)[0].close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def raised_by_opening(root: Path, **how: object) -> PushformError:
    with pytest.raises(PushformError) as raised:
        make(root, **how)  # type: ignore[arg-type]
    return raised.value


def test_nobody_else_can_read_the_state(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        ledger, pace = open_state(URL, "sandbox", KEY, HandClock(), create=True, root=tmp_path)
        apply(ledger, a_deployed())
        pace.reserve("fcm", 1, 10)
    finally:
        os.umask(old)
    folder = tmp_path / ".pushform"
    assert mode(folder) == 0o700
    names = {path.name: mode(path) for path in folder.iterdir()}
    assert names == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}
    ledger.close()
    assert [path.name for path in folder.iterdir()] == ["state.db"]


def test_a_commit_is_on_the_disk_before_anything_is_sent(tmp_path: Path) -> None:
    make(tmp_path)
    from engine.state.sqlite import SqliteDatabase

    database = SqliteDatabase(state_path(URL, tmp_path), "sandbox", HandClock(), "boot")
    with database.read() as tx:
        pragmas = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_without_create_a_missing_state_is_a_lost_one(tmp_path: Path) -> None:
    error = raised_by_opening(tmp_path, create=False)
    assert error.exit_code == 5
    assert error.message == f"there is no state at `{tmp_path}/.pushform/state.db`"
    assert not (tmp_path / ".pushform").exists()
    make(tmp_path)
    error = raised_by_opening(tmp_path, create=False, environment="production")
    assert error.exit_code == 5
    assert "knows no environment `production`" in error.message


def test_another_key_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    error = raised_by_opening(tmp_path, key=b"another key of 32 bytes or so")
    assert isinstance(error, MismatchError)
    assert error.exit_code == 5
    assert "was written with another key (its id is `" in error.message
    make(tmp_path)


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    error = raised_by_opening(tmp_path, key=b"short")
    assert error.message == "the state key has 5 bytes; it needs at least 16"


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    with sqlite3.connect(state_path(URL, tmp_path)) as connection:
        connection.execute("UPDATE format SET version = 7")
    connection.close()
    error = raised_by_opening(tmp_path)
    assert isinstance(error, UnsupportedError)
    assert error.exit_code == 12
    assert "has format 7; this version reads up to 1" in error.message


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is not a state of pushform"), (b"hello" * 1000, "is not a readable database")],
)
def test_what_is_no_state_is_left_alone(tmp_path: Path, content: bytes, words: str) -> None:
    path = state_path(URL, tmp_path)
    path.parent.mkdir()
    path.write_bytes(content)
    error = raised_by_opening(tmp_path)
    assert isinstance(error, MismatchError)
    assert words in error.message
    assert path.read_bytes() == content


def test_a_damaged_campaign_is_named(tmp_path: Path) -> None:
    ledger, _ = open_state(URL, "sandbox", KEY, HandClock(), create=True, root=tmp_path)
    apply(ledger, a_deployed())
    with sqlite3.connect(state_path(URL, tmp_path)) as connection:
        connection.execute("UPDATE campaign SET stored = substr(stored, 2)")
    connection.close()
    with pytest.raises(MismatchError, match="stored campaign `chuseok-sale` is damaged"):
        ledger.deployed()
    ledger.close()


def test_a_state_that_vanishes_does_not_come_back_empty(tmp_path: Path) -> None:
    make(tmp_path)
    ledger, _ = open_state(URL, "sandbox", KEY, HandClock(), create=False, root=tmp_path)
    ledger.close()
    state_path(URL, tmp_path).unlink()
    with pytest.raises(UnavailableError, match="cannot be written"):
        ledger.identity()
    assert not state_path(URL, tmp_path).exists()


def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    make(tmp_path)
    from engine.state.sqlite import SqliteDatabase

    database = SqliteDatabase(state_path(URL, tmp_path), "sandbox", HandClock(), "boot")

    def fill() -> None:
        with database.write() as tx:
            tx.connection.exec_driver_sql("PRAGMA max_page_count=1")
            tx.connection.exec_driver_sql("CREATE TABLE big AS SELECT randomblob(1000000) AS x")

    with pytest.raises(UnavailableError, match=r"the disk under the state .* is full"):
        fill()
    database.close()


def test_a_state_that_is_busy_for_too_long_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    monkeypatch.setattr("engine.state.sqlite.BUSY_S", 0.05)
    ledger, _ = open_state(URL, "sandbox", KEY, HandClock(), create=False, root=tmp_path)
    blocker = sqlite3.connect(state_path(URL, tmp_path), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(PushformError) as raised:
        ledger.acquire("apply", "ci", 60)
    assert raised.value.exit_code == 9
    assert "is locked by another process" in raised.value.message
    assert ledger.identity().serial == 0, "reading goes on"
    blocker.execute("ROLLBACK")
    blocker.close()
    ledger.close()


_AS_NOBODY = """
import os, sys
from pathlib import Path
root, act = Path(sys.argv[1]), sys.argv[2]
from engine.kernel.errors import PushformError
from engine.state.clock import SystemClock
from engine.state.open import load_or_make_key, open_state
key, clock = b"k" * 32, SystemClock()
# Everything that is imported late must be in before root gives up reading its own folders.
open_state("sqlite:///warm/up.db", "sandbox", key, clock, create=True, root=root)[0].close()
root.chmod(int(sys.argv[3], 8))
if os.geteuid() == 0:
    os.setuid(65534)
try:
    if act == "key":
        load_or_make_key(root / ".pushform" / "key")
    else:
        opened, _ = open_state("sqlite:///.pushform/state.db", "sandbox", key, clock,
                               create=act == "create", root=root)
        opened.advance_clock(clock.now())
    print("opened")
except PushformError as error:
    print(int(error.exit_code), error.message)
"""


def as_nobody(root: Path, act: str, folder_mode: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(root), act, folder_mode],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that an unprivileged process can reach (those of pytest are 0700)."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
        for folder in (Path(name), *Path(name).iterdir()):
            folder.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_unavailable(public: Path) -> None:
    assert as_nobody(public, "create", "555") == (
        f"11 the state `{public}/.pushform/state.db` cannot be created: Permission denied"
    )
    public.chmod(0o755)
    assert as_nobody(public, "key", "555") == (
        f"11 the key `{public}/.pushform/key` cannot be read or written: Permission denied"
    )


def test_a_state_that_cannot_be_written_is_unavailable(public: Path) -> None:
    make(public, b"k" * 32)
    (public / ".pushform").chmod(0o555)
    state_path(URL, public).chmod(0o444)
    assert as_nobody(public, "open", "755") == (
        f"11 the state `{public}/.pushform/state.db` cannot be written"
    )


def test_a_folder_that_cannot_be_searched_is_unavailable(public: Path) -> None:
    make(public, b"k" * 32)
    (public / ".pushform").chmod(0o600)
    assert as_nobody(public, "open", "755") == (
        f"11 the state `{public}/.pushform/state.db` cannot be looked for: Permission denied"
    )


def test_two_first_runs_make_one_state(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from engine.state.clock import SystemClock\n"
        "from engine.state.open import open_state, load_or_make_key\n"
        "root = Path(sys.argv[1]); key = load_or_make_key(root / '.pushform' / 'key')\n"
        "ledger, _ = open_state('sqlite:///.pushform/state.db', 'sandbox', key, SystemClock(),"
        " create=True, root=root)\n"
        "print(ledger.identity().lineage)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(said) == 1
    assert {path.name for path in (tmp_path / ".pushform").iterdir()} == {"key", "state.db"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret@host/db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=memory",
        "a.db",
    ],
)
def test_other_urls_are_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        state_path(url)
    assert raised.value.exit_code == 2
    assert "secret" not in raised.value.message


def test_urls_are_relative_to_the_root_or_absolute(tmp_path: Path) -> None:
    assert state_path(URL, tmp_path) == tmp_path / ".pushform/state.db"
    assert state_path("sqlite:////var/lib/state.db", tmp_path) == Path("/var/lib/state.db")
    assert not state_exists(URL, tmp_path)
    make(tmp_path)
    assert state_exists(URL, tmp_path)


# the key


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / ".pushform" / "key"
    key = load_or_make_key(path, URL, tmp_path)
    assert len(key) == 32
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    make(tmp_path, key)
    assert load_or_make_key(path, URL, tmp_path) == key
    assert load_or_make_key(tmp_path / "another") != key


def test_a_state_without_its_key_gets_no_new_one(tmp_path: Path) -> None:
    path = tmp_path / ".pushform" / "key"
    make(tmp_path, load_or_make_key(path, URL, tmp_path))
    path.unlink()
    with pytest.raises(
        MismatchError, match=r"the key `.*/key` is missing, but the state"
    ) as raised:
        load_or_make_key(path, URL, tmp_path)
    assert raised.value.exit_code == 5
    assert not path.exists()


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("열쇠", encoding="utf-8")
    with pytest.raises(MismatchError, match="is not text"):
        load_or_make_key(path)
    path.write_text("\n")
    with pytest.raises(MismatchError, match="has 0 bytes"):
        load_or_make_key(path)


def test_a_key_is_hex_or_any_long_text() -> None:
    assert key_from_text("00ff" * 8 + "\n") == b"\x00\xff" * 8
    assert key_from_text("아주 긴 비밀 열쇠") == "아주 긴 비밀 열쇠".encode()
    assert key_from_text("0123456789abcdef") == b"0123456789abcdef"
    with pytest.raises(MismatchError, match="has 15 bytes; it needs at least 16"):
        key_from_text(" 0123456789abcde ")


def test_nothing_heavy_is_imported_before_a_state_is_opened() -> None:
    program = (
        "import sys, engine.state.open, engine.state.clock\n"
        "print(*{'sqlalchemy', 'sqlite3', 'duckdb'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
