"""APNs, webhook and file from the campaign file to the books."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import time_machine

from tests.end_to_end.small import DUE, PLANNED, Shop
from tests.servers.apns import LoopbackApns, device_token
from tests.servers.hook import LoopbackHook


def test_iphones_get_it_from_apple_and_the_rest_is_accounted_for(tmp_path: Path) -> None:
    tokens = [
        {"token": device_token("ok-0"), "platform": "ios"},
        {"token": device_token("Unregistered-1"), "platform": "ios"},
        {"token": device_token("ok-2"), "platform": "android"},
        {"token": "dQw4:APA91b", "platform": "ios"},
        {"token": device_token("silent-4"), "platform": "ios"},
        {"token": device_token("ok-5"), "platform": "ios"},
    ]
    with LoopbackApns() as apple:
        shop = Shop(
            root=tmp_path,
            people=len(tokens),
            app=(
                f'{{provider: apns, topic: {apple.topic}, base_url: "{apple.base_url}", '
                f'ca_file: "{apple.ca_file}", timeout: 1}}'
            ),
            device=lambda i: tokens[i],
        )
        shop.apply()
        result = shop.dispatch()
        books = shop.device_books()
        assert result.code == 8, result.err
        assert (books["sent"], books["unknown"], books["pending"]) == (2, 1, 0)
        assert books["failed"] == {"bad_address": 2, "unregistered": 1}
        assert sorted(apple.accepted) == ["ok-0-", "ok-5-", "silent-4-"]
        title = apple.received[0].message["aps"]["alert"]["title"]
        assert title.startswith("(광고) 손님")


def test_an_endpoint_of_ones_own_gets_every_delivery_once(tmp_path: Path) -> None:
    with LoopbackHook() as hook:
        shop = Shop(
            root=tmp_path,
            people=30,
            app=(
                f'{{provider: webhook, base_url: "{hook.base_url}/push", '
                f'ca_file: "{hook.ca_file}", timeout: 1}}'
            ),
            device=lambda i: {"token": f"http410-{i}" if i == 7 else f"ok-{i}"},
        )
        shop.apply()
        assert shop.dispatch().code == 0
        books = shop.device_books()
        assert (books["sent"], books["failed"]) == (29, {"unregistered": 1})
        assert (len(hook.acted), set(hook.acted.values())) == (29, {1})


def test_production_may_hand_over_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHFORM_STATE_KEY", "0123456789abcdef0123456789abcdef")
    shop = Shop(root=tmp_path, people=3, app="{provider: file, path: handover/app.jsonl}")
    written = shop.root / "pushform.yaml"
    own = "    sandbox: true\n    channels: {app: {provider: sandbox}}\n"
    written.write_text(written.read_text("utf-8").replace("    sandbox: true\n", own), "utf-8")
    production = ("-e", "production")
    with time_machine.travel(PLANNED):
        (change,) = shop.run("plan", *production, "--format", "json").json()["changes"]
        assert shop.run("apply", "--digest", change["digest"], *production).code == 0
        assert not (tmp_path / "handover").exists()
    with time_machine.travel(DUE):
        result = shop.run("dispatch", *production)
        assert result.code == 0, result.err
        report = shop.run("report", "sale", *production, "--format", "json").json()
    lines = (tmp_path / "handover" / "app.jsonl").read_bytes().splitlines()
    handed = [orjson.loads(line) for line in lines]
    assert report["books"]["device"]["sent"] == len(handed) == 3
    assert sorted(one["address"]["value"] for one in handed) == [f"ok-{n:06d}" for n in range(3)]
    assert {one["message"]["title"] for one in handed} == {
        f"(광고) 손님{n}님, 안녕하세요" for n in range(3)
    }
