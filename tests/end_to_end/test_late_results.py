"""A vendor that takes text messages first and refuses some later, from the campaign file to the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.end_to_end.small import DUE, Shop
from tests.servers.solapi import API_KEY, SECRET, LoopbackSolapi

LATER = "2026-09-20T03:00:00Z"
NUMBERS = [f"0100000{n:04}" for n in range(12)]
ARRIVED, NO_SUCH_NUMBER = "4000", "3032"


@pytest.fixture
def solapi(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackSolapi]:
    monkeypatch.setenv("SOLAPI_KEY", API_KEY)
    monkeypatch.setenv("SOLAPI_SECRET", SECRET)
    with LoopbackSolapi(now=lambda: datetime.fromisoformat(DUE)).running() as server:
        yield server


def shop_for(root: Path, solapi: LoopbackSolapi, **changes: str) -> Shop:
    """Return an applied shop whose text messages go to `solapi`."""
    shop = Shop(root=root, people=len(NUMBERS), schedule=", late: 3h", **changes)  # type: ignore[arg-type]
    file = root / "pushform.yaml"
    keys = 'api_key: "${SOLAPI_KEY}", secret: "${SOLAPI_SECRET}"'
    door = f'base_url: "{solapi.base_url}", ca_file: "{solapi.ca_file}", timeout: 1'
    text = file.read_text("utf-8").replace(
        "sms: {provider: sandbox,", f"sms: {{provider: solapi, {keys}, {door},"
    )
    file.write_text(text, "utf-8")
    shop.apply()
    return shop


def test_who_is_refused_later_gets_the_alternative_in_the_same_dispatch(
    tmp_path: Path, solapi: LoopbackSolapi
) -> None:
    solapi.reports = {**dict.fromkeys(NUMBERS, ARRIVED), NUMBERS[5]: NO_SUCH_NUMBER}
    shop = shop_for(
        tmp_path,
        solapi,
        channels="  sms: {}\n  kakao: {product: brand}\n",
        extra="alternative: {sms: kakao}\nfallback_after: 1m\n",
    )

    result = shop.dispatch()

    assert result.code == 0, result.err
    assert "alternatives wait for what vendors report" in result.err
    assert len(solapi.taken) == len(NUMBERS)
    (kakao,) = shop.outbox()
    assert kakao["channel"] == "kakao"
    report = shop.report()
    assert report["status"] == "completed"
    lines = {line["channel"]: line for line in report["lines"]}  # type: ignore[attr-defined]
    assert (lines["sms"]["sent"], lines["sms"]["failed"]) == (11, {"bad_address": 1})
    assert (lines["kakao"]["targeted"], lines["kakao"]["sent"]) == (1, 1)
    assert "awaited" not in report
    hygiene = (tmp_path / ".pushform/hygiene/sandbox/sale.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:4] for line in hygiene[1:]] == [["u000005", "", "sms", "bad_address"]]


def test_report_asks_for_what_is_awaited_and_writes_the_books_again(
    tmp_path: Path, solapi: LoopbackSolapi, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_for(tmp_path, solapi, channels="  sms: {}\n")
    shop.dispatch()
    written = tmp_path / "reports/sandbox/sale/report.json"
    before = json.loads(written.read_text("utf-8"))
    assert (before["send"], before["awaited"]) == (12, 12)

    solapi.reports = {**dict.fromkeys(NUMBERS[:10], ARRIVED), NUMBERS[5]: NO_SUCH_NUMBER}
    solapi.now = lambda: datetime.fromisoformat(LATER)
    report = shop.report(LATER)

    assert (report["send"], report["awaited"], report["status"]) == (11, 2, "completed")
    assert shop.device_books(LATER)["failed"] == {"bad_address": 1}
    again = json.loads(written.read_text("utf-8"))
    assert (again["send"], again["awaited"]) == (11, 2)

    monkeypatch.delenv("SOLAPI_SECRET")
    result = shop.run("report", "sale", as_of="2026-09-20T05:00:00Z")
    assert result.code == 0, "a report needs no secret"
    assert "results of sms cannot be asked for" in result.err
