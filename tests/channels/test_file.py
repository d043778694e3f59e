"""The file: one whole line per delivery, on the disk, for its owner only."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import orjson
import pytest

from engine.channels.file import FileProvider
from engine.channels.handing_on import delivery_id, whole_delivery
from engine.channels.registry import open_provider
from engine.kernel.errors import UnavailableError, UsageError
from engine.model.channel import Channel
from engine.model.outcome import Accepted, NotActed, Silent
from tests.channels.making import (
    StillClock,
    an_envelope,
    an_outgoing,
    no_variable,
    provider_settings,
    send_all,
    some_options,
)


def opened(folder: Path, path: str = "out/sms.jsonl") -> FileProvider:
    return FileProvider(Channel.SMS, some_options(path=path), folder)


def lines(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_a_line_holds_the_whole_delivery(tmp_path: Path) -> None:
    batch = [an_outgoing(f"+82101234567{n}", Channel.SMS) for n in range(3)]
    outcomes = send_all(opened(tmp_path), batch)
    path = tmp_path / "out" / "sms.jsonl"
    assert lines(path) == [whole_delivery(one) for one in batch]
    assert outcomes == [Accepted(provider_id=delivery_id(one)) for one in batch]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_there_stays_and_a_torn_line_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "sms.jsonl"
    path.write_bytes(b'{"id": "before"}\n{"id": "to')
    send_all(opened(tmp_path, "sms.jsonl"), [an_outgoing("+821012345678", Channel.SMS)])
    first, torn, new = path.read_bytes().splitlines()
    assert (first, torn) == (b'{"id": "before"}', b'{"id": "to')
    assert orjson.loads(new)["campaign"] == "chuseok-sale"


def test_an_absolute_path_stands_where_it_says(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "app.jsonl"
    send_all(opened(tmp_path / "shop", str(elsewhere)), [an_outgoing("+8210", Channel.SMS)])
    assert len(lines(elsewhere)) == 1


def test_a_reader_may_take_the_file_away_at_any_time(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    path = tmp_path / "out" / "sms.jsonl"
    send_all(provider, [an_outgoing("+82101", Channel.SMS)])
    path.rename(tmp_path / "taken.jsonl")
    send_all(provider, [an_outgoing("+82102", Channel.SMS)])
    assert (len(lines(path)), len(lines(tmp_path / "taken.jsonl"))) == (1, 1)


def test_workers_do_not_mix_their_lines(tmp_path: Path) -> None:
    def work(worker: int) -> None:
        provider = opened(tmp_path)
        for lot in range(10):
            name = f"+8210{worker}{lot}"
            send_all(provider, [an_outgoing(f"{name}{n}", Channel.SMS) for n in range(20)])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({line["id"] for line in lines(tmp_path / "out" / "sms.jsonl")}) == 800


def test_a_path_that_cannot_be_is_named_before_anything_is_claimed(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file, not a folder", "utf-8")
    with pytest.raises(UnavailableError) as caught:
        opened(tmp_path).free_slots()
    assert caught.value.message.startswith(
        "the file `out/sms.jsonl` of channel `sms` cannot be written: "
    )


def test_a_file_that_goes_away_was_not_written(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    assert provider.free_slots() == 1000
    (tmp_path / "out" / "sms.jsonl").unlink()
    (tmp_path / "out").rmdir()
    (tmp_path / "out").write_text("", "utf-8")
    provider.submit([an_outgoing("+8210", Channel.SMS)])
    (settled,) = provider.poll(0.0)
    assert settled.outcome == NotActed(code="FILE_CLOSED", retry_after_s=30.0, opens_breaker=True)


def test_a_disk_that_fails_leaves_it_open_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = opened(tmp_path)
    provider.free_slots()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    provider.submit([an_outgoing("+8210", Channel.SMS)])
    (settled,) = provider.poll(0.0)
    assert settled.outcome == Silent(code="FILE_BROKEN")


def test_without_a_path_there_is_nothing_to_write_to(tmp_path: Path) -> None:
    provider = FileProvider(Channel.SMS, some_options(), tmp_path)
    for action in (provider.free_slots, lambda: provider.account):
        with pytest.raises(UsageError) as caught:
            action()
        assert caught.value.message == "`pushform.yaml:channels.app.path` is missing"
    assert "message" in provider.encode(an_envelope(Channel.SMS))


def test_a_sandbox_keeps_its_own_outbox_instead(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`file` would leave this machine"):
        open_provider(
            Channel.SMS,
            provider_settings("file", path="x"),
            environment="sandbox",
            sandbox=True,
            outbox=tmp_path,
            resolve=no_variable,
            clock=StillClock(),
        )
